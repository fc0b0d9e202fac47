#!/bin/sh
# The server, and beside it, once, the place for its backups: an archive of another cluster's is never written to.
(
  until pg_isready -q -h /run/postgresql; do sleep 1; done
  until pgbackrest --stanza=aftercare stanza-create; do sleep 30; done
) &
exec docker-entrypoint.sh "$@"
