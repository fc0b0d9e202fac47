"""The event log, its outbox and lanes, and what consumers, timers and commands keep beside it."""

from alembic import op

from libs.events.database.schema import metadata

revision = "kernel_0001"
down_revision = None
branch_labels = ("kernel",)
depends_on = None

CLOCK = "CREATE FUNCTION {name}() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT now()'"

IN_FLIGHT = """
CREATE FUNCTION in_flight(key text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a command with the key % is in flight', key USING ERRCODE = 'AC425';
END $$
"""

# SQL, so that it is inlined: a call of plpgsql for each command costs 25 µs.
CLAIM = """
CREATE FUNCTION claim(scope text, key text) RETURNS boolean LANGUAGE sql
RETURN CASE WHEN pg_try_advisory_xact_lock(hashtextextended(scope || chr(10) || key, 0)) THEN true
            ELSE in_flight(key) END
"""

STALE = """
CREATE FUNCTION stale(stream text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stream % is not at that version', stream USING ERRCODE = 'AC409';
END $$
"""

# STABLE, as convert_to is: an immutable one would not be inlined, and cost 50 µs a row.
LANE = """
CREATE FUNCTION lane_of(key text) RETURNS smallint LANGUAGE sql STABLE PARALLEL SAFE
RETURN (crc32(convert_to(key, 'UTF8')) % 16)::smallint
"""

# The cluster that this database is in. A standby has no timeline of its own.
TIMELINE = """
CREATE FUNCTION timeline() RETURNS int LANGUAGE sql VOLATILE RETURN
CASE WHEN pg_is_in_recovery() THEN NULL
     ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int END
"""

# Whether commits may have been lost since the last sealing: the database was restored, failed over, or moved.
MOVED = """
CREATE FUNCTION has_moved(s seal) RETURNS boolean LANGUAGE sql VOLATILE RETURN
s.system_identifier <> (SELECT system_identifier FROM pg_control_system()) OR s.timeline <> timeline()
"""

# The epoch of what is sealed next, for who asks before it is.
EPOCH = """
CREATE FUNCTION current_epoch() RETURNS int LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT s.epoch + coalesce(has_moved(s), false)::int FROM seal AS s WHERE s.id = 1;
END
"""

SEAL = """
CREATE FUNCTION seal_outbox(most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    now_at seal;
    finished boolean := false;
    sealed int;
    last bigint;
BEGIN
    -- In a statement of its own: the next one must see what the sealer before this one committed.
    SELECT * INTO now_at FROM seal WHERE id = 1 FOR UPDATE;
    IF now_at.timeline IS NULL OR has_moved(now_at) THEN
        UPDATE seal SET epoch = current_epoch(), timeline = timeline(), floor = 0, bound = NULL, writers = NULL,
            system_identifier = (SELECT system_identifier FROM pg_control_system())
        WHERE id = 1 RETURNING * INTO now_at;
    END IF;
    -- Whether all who were writing when the bound was set have ended, so that the look below sees all up to it.
    IF now_at.bound IS NOT NULL THEN
        finished := NOT EXISTS (
            SELECT FROM pg_locks WHERE relation = 'outbox'::regclass AND virtualtransaction = ANY (now_at.writers)
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        );
    END IF;
    -- By a bound, in one snapshot: a list would be joined row by row when the planner takes the outbox for empty.
    -- Above the floor: below it are dead rows only, which an old snapshot anywhere in the database keeps.
    WITH batch AS (
        DELETE FROM outbox WHERE position > now_at.floor AND position <= (
            SELECT max(position) FROM (
                SELECT position FROM outbox WHERE position > now_at.floor ORDER BY position LIMIT most
            ) AS first
        )
        RETURNING position, lane
    ), heads AS (
        SELECT b.lane, coalesce(p.seq, 0) AS seq, p.epoch
        FROM (SELECT DISTINCT lane FROM batch) AS b
        LEFT JOIN LATERAL (
            SELECT seq, published.epoch FROM published WHERE lane = b.lane ORDER BY seq DESC LIMIT 1
        ) AS p ON true
    ), begun AS (
        INSERT INTO epoch (lane, epoch, first_seq)
        SELECT heads.lane, now_at.epoch, heads.seq + 1 FROM heads WHERE heads.epoch IS DISTINCT FROM now_at.epoch
    ), placed AS (
        INSERT INTO published (lane, seq, position, epoch)
        SELECT lane, seq + row_number() OVER (PARTITION BY lane ORDER BY position), position, now_at.epoch
        FROM batch JOIN heads USING (lane)
        RETURNING position
    )
    SELECT count(*), max(position) INTO sealed, last FROM placed;
    IF finished AND (sealed < most OR last >= now_at.bound) THEN
        UPDATE seal SET floor = now_at.bound, bound = NULL, writers = NULL WHERE id = 1;
    ELSIF now_at.bound IS NULL AND last - now_at.floor >= 5000 THEN
        -- Who was given a position up to this one holds this lock by now, or has ended. Databases that were copied
        -- from one have the same number for their outbox: another's writers would keep the floor down.
        UPDATE seal SET bound = last, writers = ARRAY(
            SELECT virtualtransaction FROM pg_locks
            WHERE relation = 'outbox'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        ) WHERE id = 1;
    END IF;
    RETURN sealed;
END $$;
"""

# Whoever orders an erasure, an event or a hand, deletes with the order. Its arguments: a table, and its column.
ERASE = """
CREATE FUNCTION erase_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM %I WHERE %I = $1', TG_ARGV[0], TG_ARGV[1]) USING NEW.subject_id;
    RETURN NULL;
END $$
"""
ERASE_TEXTS = """
CREATE TRIGGER erase_texts AFTER INSERT OR UPDATE ON erasure
FOR EACH ROW EXECUTE FUNCTION erase_from('text', 'subject_id')
"""

# Of a table whose rows a compacted topic shows, by their id: its argument is the topic.
NOTE_CHANGE = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed (topic, key) VALUES (TG_ARGV[0], coalesce(NEW.id, OLD.id))
    ON CONFLICT (topic, key) DO UPDATE SET change = excluded.change;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    op.execute(CLOCK.format(name="clock_now"))
    op.execute(CLOCK.format(name="clock_release"))
    for function in (IN_FLIGHT, CLAIM, STALE, LANE, TIMELINE, MOVED, EPOCH, SEAL, ERASE, ERASE_TEXTS, NOTE_CHANGE):
        op.execute(function)
    op.execute("INSERT INTO seal (id, epoch) VALUES (1, 1)")
    op.execute("INSERT INTO cursor (lane, seq, owner) SELECT lane, 0, '' FROM generate_series(0, 15) AS lane")


def downgrade() -> None:
    for name in (
        "claim",
        "in_flight",
        "stale",
        "lane_of",
        "seal_outbox",
        "current_epoch",
        "has_moved",
        "timeline",
        "clock_now",
        "clock_release",
    ):
        op.execute(f"DROP FUNCTION {name}")
    metadata.drop_all(op.get_bind())
    for name in ("erase_from", "note_change"):
        op.execute(f"DROP FUNCTION {name}")
