#!/bin/sh
# Copy the files of the server $1 to where ours are, in place of what is there; the rest is for pg_basebackup.
set -eu
server=$1
shift
rm -rf "$PGDATA.new"
mkdir -p "${PGDATA%/*}"
PGPASSFILE=/run/secrets/pgpass pg_basebackup --pgdata="$PGDATA.new" --checkpoint=fast --wal-method=stream "$@" \
  --dbname="host=$server user=replica application_name=replica sslmode=verify-full sslrootcert=/run/public/ca.pem"
# What the other was once restored to is nothing for a copy of it to end at.
sed -i '/^recovery_target/d' "$PGDATA.new/postgresql.auto.conf"
rm -rf "$PGDATA"
mv "$PGDATA.new" "$PGDATA"
