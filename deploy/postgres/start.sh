#!/bin/sh
# The first server, and beside it, once, the place for its backups: an archive of another cluster's is never written to.
# Or, where PRIMARY names the first, one that follows it: its files are copied once, whole or not at all.
set -eu
if [ -z "${PRIMARY:-}" ]; then
  (
    until pg_isready -q -h /run/postgresql; do sleep 1; done
    until pgbackrest --stanza=aftercare stanza-create; do sleep 30; done
  ) &
elif [ ! -s "$PGDATA/PG_VERSION" ]; then
  aftercare-copy "$PRIMARY" --write-recovery-conf --slot=replica
fi
exec docker-entrypoint.sh "$@"
