#!/bin/bash
# What postgres:18 does before it becomes the server, as far as compose.yaml goes: the cluster, and its administrator.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -D "$PGDATA" -U postgres --pwfile="$POSTGRES_PASSWORD_FILE" --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
fi
exec "$@"
