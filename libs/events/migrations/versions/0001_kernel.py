"""The event log, its outbox and lanes, and what consumers, timers and commands keep beside it."""

from alembic import op

from libs.events.schema import metadata

revision = "kernel_0001"
down_revision = None
branch_labels = ("kernel",)
depends_on = None

CLOCK = "CREATE FUNCTION {name}() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT now()'"

APPEND = """
CREATE FUNCTION append(heads jsonb, events jsonb, answers jsonb, texts jsonb, timers text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Before anything is written: whoever changes a clock waits for the one that fires it, never the other way.
    PERFORM FROM timer WHERE id = ANY(timers) ORDER BY id FOR UPDATE;
    IF answers IS NOT NULL THEN
        IF NOT (
            SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended(a.scope || chr(10) || a.key, 0)))
            FROM jsonb_to_recordset(answers) AS a (scope text, key text)
        ) THEN
            RAISE EXCEPTION 'a command with this key is in flight' USING ERRCODE = 'AC425';
        END IF;
        INSERT INTO idempotency (scope, key, request_hash, status, body, etag)
        SELECT a.scope, a.key, a.request_hash, a.status, a.body, a.etag
        FROM jsonb_to_recordset(answers)
            AS a (scope text, key text, request_hash text, status smallint, body text, etag text);
    END IF;
    -- A version is decided upon only what is committed: it is not enough that the next number is free.
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(heads) AS h (stream text, version int)
        WHERE h.version > 0
        AND NOT EXISTS (SELECT FROM event AS e WHERE e.stream = h.stream AND e.version = h.version)
    ) THEN
        RAISE EXCEPTION 'the stream is not at that version' USING ERRCODE = 'AC409';
    END IF;
    WITH appended AS (
        INSERT INTO event (
            id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, actor,
            correlation_id, causation_id, traceparent
        )
        SELECT * FROM jsonb_to_recordset(events) AS e (
            id uuid, stream text, version int, type text, schema_version smallint, data jsonb, key text,
            occurred_at timestamptz, recorded_at timestamptz, actor text,
            correlation_id text, causation_id text, traceparent text
        )
        RETURNING position, key
    )
    INSERT INTO outbox (position, lane)
    SELECT position, (crc32(convert_to(key, 'UTF8')) % 16)::smallint FROM appended WHERE key IS NOT NULL;
    IF texts IS NOT NULL THEN
        INSERT INTO public.text (id, subject_id, body, media_type)
        SELECT t.id, t.subject_id, t.body, t.media_type
        FROM jsonb_to_recordset(texts)
            AS t (id pg_catalog.text, subject_id pg_catalog.text, body pg_catalog.text, media_type pg_catalog.text);
    END IF;
END $$;
"""

SEAL = """
CREATE FUNCTION seal_outbox(most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    current_epoch int;
    sealed int;
BEGIN
    -- In a statement of its own: the next one must see what the sealer before this one committed.
    SELECT epoch INTO current_epoch FROM seal WHERE id = 1 FOR UPDATE;
    WITH batch AS (
        DELETE FROM outbox WHERE position IN (SELECT position FROM outbox ORDER BY position LIMIT most)
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


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    op.execute(CLOCK.format(name="clock_now"))
    op.execute(CLOCK.format(name="clock_release"))
    op.execute(APPEND)
    op.execute(SEAL)
    op.execute("INSERT INTO seal (id, epoch) VALUES (1, 1)")
    op.execute("INSERT INTO cursor (lane, seq, owner) SELECT lane, 0, '' FROM generate_series(0, 15) AS lane")


def downgrade() -> None:
    for name in ("append", "seal_outbox", "clock_now", "clock_release"):
        op.execute(f"DROP FUNCTION {name}")
    metadata.drop_all(op.get_bind())
