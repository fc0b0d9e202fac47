"""Who waits for a lock, as questions of one number.

The servers are shared, and databases that were copied from one have the same numbers for their tables: who asks
`pg_locks` without the database is told of other tests' locks.
"""

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
"""Sessions of this database that wait for a lock of any kind."""
WAITING_FOR = """
SELECT count(*) FROM pg_locks JOIN pg_database AS own ON own.oid = database
WHERE NOT granted AND own.datname = current_database() AND relation = $1::text::regclass
"""
"""Those that wait for a lock of this table."""
WAITING_BEHIND = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))"
"""Those that wait for what the session of this process number holds."""
