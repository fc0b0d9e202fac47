#!/bin/bash
# What postgres:18 does before it becomes the server, as far as we use it: the cluster, its administrator and a database.
set -euo pipefail
[ "$(id -u)" != 0 ] || exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -D "$PGDATA" -U postgres --pwfile=<(cat "${POSTGRES_PASSWORD_FILE:-/dev/stdin}" <<< "${POSTGRES_PASSWORD:-}") \
    --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
fi
[ "${1#-}" = "$1" ] || set -- postgres "$@"
exec "$@"
