"""`make compose-check`: the compose file as it stands, on a real Docker engine of this run's own, under faults."""
