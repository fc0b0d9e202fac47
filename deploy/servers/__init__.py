"""What the servers of deploy/compose.yaml are told at each start: databases, Kafka's users, rights and topics."""
