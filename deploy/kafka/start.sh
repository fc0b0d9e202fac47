#!/bin/sh
# Format the volume once, with the administrator as its first user, and become the broker.
set -eu
config=/etc/aftercare/kafka/server.properties
export LOG_DIR=/tmp/logs
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$config" \
  --add-scram "SCRAM-SHA-512=[name=admin,password=$(cat /run/secrets/admin)]"
exec /opt/kafka/bin/kafka-server-start.sh "$config"
