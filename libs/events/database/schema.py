"""The kernel's tables, the same in every service's database. The migrations make them; these are for queries."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

LANES = 16
"""Lanes of a service's published events, fixed for ever: lane = crc32(key as UTF-8) % LANES."""

metadata = sa.MetaData()

event = sa.Table(
    "event",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True, cache=1), primary_key=True),
    sa.Column("id", sa.Uuid(as_uuid=False), nullable=False, unique=True),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("schema_version", sa.SmallInteger, nullable=False),
    sa.Column("data", JSONB, nullable=False),
    sa.Column("key", sa.Text, comment="Kafka key of a published event; null: internal"),
    sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("skew_ms", sa.Integer, comment="by how much the clock that told it was ahead of ours"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text),
    sa.Column("causation_id", sa.Text),
    sa.Column("traceparent", sa.Text),
    sa.UniqueConstraint("stream", "version", name="event_stream_version_key"),
    sa.Index(
        "event_discarded",
        sa.text("(data->>'event_id')"),
        postgresql_where=sa.text("type = 'operations.EventDiscarded'"),
    ),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("added_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

published = sa.Table(
    "published",
    metadata,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
    sa.Column("epoch", sa.Integer, nullable=False),
)

seal = sa.Table(
    "seal",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False, comment="one row, the sealer's lock"),
    sa.Column("epoch", sa.Integer, nullable=False, comment="raised when commits may have been lost"),
    sa.Column("system_identifier", sa.BigInteger, comment="of the cluster in which it was sealed last"),
    sa.Column("timeline", sa.Integer, comment="of that cluster; null: nothing was sealed yet"),
    sa.Column("floor", sa.BigInteger, nullable=False, server_default="0", comment="no row will come at or below it"),
    sa.Column("bound", sa.BigInteger, comment="the next floor, when all of `writers` have ended"),
    sa.Column("writers", ARRAY(sa.Text), comment="virtual transactions that were writing when the bound was set"),
)

epoch = sa.Table(
    "epoch",
    metadata,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_seq", sa.BigInteger, nullable=False, comment="of that epoch on this lane"),
)

cursor = sa.Table(
    "cursor",
    metadata,
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False, comment="the last one that Kafka acknowledged"),
    sa.Column("owner", sa.Text, nullable=False),
)

acknowledged = sa.Table(
    "acknowledged",
    metadata,
    sa.Column("partition", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("last_offset", sa.BigInteger, nullable=False),
)

position = sa.Table(
    "position",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("event_id", sa.Uuid(as_uuid=False)),
    sa.Column("stopped", sa.Text, comment="what kind of stop it is; null: the lane goes on"),
    sa.Column("stopped_because", sa.Text, comment="the reason, for people"),
    sa.Column("stopped_at", sa.DateTime(timezone=True)),
    sa.Column("stopped_type", sa.Text, comment="newer_schema: the type that this release does not know"),
    sa.Column("stopped_version", sa.SmallInteger, comment="newer_schema: in this version"),
    sa.Column("resume_after", sa.BigInteger, comment="lost_commits: the seq that the source had left"),
)

reaction = sa.Table(
    "reaction",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("lane", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, nullable=False, comment="of the position at which it began to hear the type"),
    sa.Column("since", sa.BigInteger, nullable=False, comment="seq of that position"),
    sa.Column("began_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("reheard", sa.BigInteger, nullable=False, server_default="0", comment="its past was heard up to here"),
)

parked = sa.Table(
    "parked",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("consumer", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer),
    sa.Column("lane", sa.SmallInteger),
    sa.Column("seq", sa.BigInteger),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("event_id", sa.Text),
    sa.Column("type", sa.Text),
    sa.Column("headers", JSONB, nullable=False),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.Column("error", sa.Text, comment="null: parked only because it came behind a parked one"),
    sa.Column("defect", sa.Text, comment="type of the error and the place in our code that raised it"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="1"),
    sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("origin", sa.Text, comment="topic/partition/offset of what came without an envelope"),
    sa.Index("parked_consumer_key", "consumer", "key"),
    sa.Index("parked_consumer_event_id", "consumer", "event_id", unique=True),
    sa.UniqueConstraint("consumer", "origin"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.Text, nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

timer = sa.Table(
    "timer",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text, nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("timer_due_at", "due_at"),
)

job_progress = sa.Table(
    "job_progress",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the job's; whoever holds the row is at work on it"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer, comment="null: begun, and no step was taken yet"),
    sa.Column("reached", JSONB, comment="where the next step goes on, as the kind writes it"),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

job_part = sa.Table(
    "job_part",
    metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False, comment="items done before it"),
    sa.Column("part", sa.LargeBinary, nullable=False, comment="a step's share of the result, until the job ends"),
)

actor = sa.Table(
    "actor",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="a pseudonym, as it stands in event.actor"),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("name", sa.Text, comment="as the last token had it"),
)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("subject_id", sa.Text, primary_key=True, comment="whose words and contact are erased, for ever"),
    sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("event_id", sa.Text, comment="the order; null: repeated after a restore"),
)

viewed = sa.Table(
    "viewed",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, nullable=False, comment="whose contact was shown"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("fields", JSONB, nullable=False),
    sa.Column("route", sa.Text, nullable=False),
    sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
    sa.Index("viewed_viewed_at", sa.text("viewed_at DESC"), sa.text("id DESC")),
    sa.Index("viewed_subject_id", "subject_id", sa.text("viewed_at DESC"), sa.text("id DESC")),
)

changed = sa.Table(
    "changed",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("change", sa.Uuid(as_uuid=False), nullable=False, server_default=sa.func.gen_random_uuid()),
    comment="rows that a compacted topic has yet to show; only their keys: the row is read when it is sent",
)

copied = sa.Table(
    "copied",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("next_offset", sa.BigInteger, nullable=False),
)

text = sa.Table(
    "text",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Index("text_subject_id", "subject_id"),
)

late_evidence = sa.Table(
    "late_evidence",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the event's"),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("ticket_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Index("late_evidence_recorded_at", sa.desc("recorded_at"), sa.desc("id")),
    sa.Index("late_evidence_ticket_id", "ticket_id"),
)

evidence_ruling = sa.Table(
    "evidence_ruling",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the late event's"),
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ruled_by", sa.Text, nullable=False),
    sa.Column("reason_id", sa.Text, comment="a text: why it was refused"),
)
