#!/bin/sh
# Format the volume once, with the administrator as its first user, and become the broker NODE (1@kafka) of QUORUM.
set -eu
: "${NODE:=1@kafka}" "${QUORUM:=1@kafka:9093}" "${COPIES:=1}" "${MIN_INSYNC:=1}"
config=/tmp/server.properties
host=${NODE#*@}
export LOG_DIR=/tmp/logs
{
  cat /etc/aftercare/kafka/server.properties
  echo "node.id=${NODE%@*}"
  echo "controller.quorum.voters=$QUORUM"
  echo "advertised.listeners=CLIENT://$host:9092,BROKER://$host:9094"
  echo "default.replication.factor=$COPIES"
  echo "min.insync.replicas=$MIN_INSYNC"
  for topic in offsets.topic transaction.state.log share.coordinator.state.topic; do
    echo "$topic.replication.factor=$COPIES"
  done
  echo "transaction.state.log.min.isr=$MIN_INSYNC"
  echo "share.coordinator.state.topic.min.isr=$MIN_INSYNC"
} > "$config"
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$config" \
  --add-scram "SCRAM-SHA-512=[name=admin,password=$(cat /run/secrets/admin)]"
exec /opt/kafka/bin/kafka-server-start.sh "$config"
