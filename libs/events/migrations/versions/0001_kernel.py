"""The event log, its outbox and lanes, and what consumers, timers and commands keep beside it."""

from alembic import op

from libs.events.schema import metadata

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

SEAL = """
CREATE FUNCTION seal_outbox(most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    current_epoch int;
    sealed int;
BEGIN
    -- In a statement of its own: the next one must see what the sealer before this one committed.
    SELECT epoch INTO current_epoch FROM seal WHERE id = 1 FOR UPDATE;
    -- By a bound, in one snapshot: a list would be joined row by row when the planner takes the outbox for empty.
    WITH batch AS (
        DELETE FROM outbox WHERE position <= (
            SELECT max(position) FROM (SELECT position FROM outbox ORDER BY position LIMIT most) AS first
        )
        RETURNING position, lane
    ), heads AS (
        SELECT lane, coalesce((SELECT max(p.seq) FROM published AS p WHERE p.lane = b.lane), 0) AS seq
        FROM (SELECT DISTINCT lane FROM batch) AS b
    )
    INSERT INTO published (lane, seq, position, epoch)
    SELECT lane, seq + row_number() OVER (PARTITION BY lane ORDER BY position), position, current_epoch
    FROM batch JOIN heads USING (lane);
    GET DIAGNOSTICS sealed = ROW_COUNT;
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
    for function in (IN_FLIGHT, CLAIM, STALE, LANE, SEAL, ERASE, ERASE_TEXTS, NOTE_CHANGE):
        op.execute(function)
    op.execute("INSERT INTO seal (id, epoch) VALUES (1, 1)")
    op.execute("INSERT INTO cursor (lane, seq, owner) SELECT lane, 0, '' FROM generate_series(0, 15) AS lane")


def downgrade() -> None:
    for name in ("claim", "in_flight", "stale", "lane_of", "seal_outbox", "clock_now", "clock_release"):
        op.execute(f"DROP FUNCTION {name}")
    metadata.drop_all(op.get_bind())
    for name in ("erase_from", "note_change"):
        op.execute(f"DROP FUNCTION {name}")
