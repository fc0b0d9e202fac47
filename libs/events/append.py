"""The append as one SQL statement: idempotency rows, events, outbox, texts and view rows, all or nothing."""

from collections.abc import Sequence
from typing import Any

import msgspec

from libs.events.message import AnyRecorded
from libs.events.rows import Columns, Rows, relation
from libs.events.unit import Unit

MAX_EVENT_BYTES = 256 * 1024
"""A larger message would be refused by the broker, and one refused message poisons an idempotent producer."""

EVENT: Columns = (
    ("id", "uuid"),
    ("stream", "text"),
    ("version", "int"),
    ("type", "text"),
    ("schema_version", "smallint"),
    ("data", "jsonb"),
    ("key", "text"),
    ("occurred_at", "timestamptz"),
    ("recorded_at", "timestamptz"),
    ("actor", "text"),
    ("correlation_id", "text"),
    ("causation_id", "text"),
    ("traceparent", "text"),
)
ANSWER: Columns = (
    ("scope", "text"),
    ("key", "text"),
    ("request_hash", "text"),
    ("status", "smallint"),
    ("body", "text"),
    ("etag", "text"),
)
TEXT: Columns = (("id", "text"), ("subject_id", "text"), ("body", "text"), ("media_type", "text"))
HEAD: Columns = (("stream", "text"), ("version", "int"))


class EventTooLarge(Exception):
    """An event is larger than MAX_EVENT_BYTES: what is large belongs beside the log, by id."""


def statement(unit: Unit, rows: Rows) -> tuple[str, list[Any]] | None:
    """The statement that writes a unit and its rows, with its arguments; None when there is nothing to write.

    It fails as a whole: with AC409 where a stream is not at the version that it was loaded with (which must be
    committed: it is not enough that the next number is free), with AC425 where a key is in flight, with a unique
    violation where a version or a key was taken. Raises EventTooLarge.
    """
    parts: list[str] = []
    arguments: list[Any] = []

    checks: list[str] = []

    def given(columns: Columns, values: Sequence[Sequence[Any]]) -> str:
        source, more = relation(columns, values, len(arguments) + 1)
        arguments.extend(more)
        return source

    def insert(table: str, columns: Columns, source: str, rest: str = "") -> str:
        names = ", ".join(name for name, _ in columns)
        return f"INSERT INTO {table} ({names}) SELECT {names} FROM {source} {rest}"

    if answers := _answers(unit):
        source = given(ANSWER, answers)
        parts.append(f"answered AS ({insert('idempotency', ANSWER, source)})")
        checks.append(f"SELECT claim(r.scope, r.key) FROM {source}")
    if unit.events:
        source = given(EVENT, [_event(recorded) for recorded in unit.events])
        parts.append(f"appended AS ({insert('event', EVENT, source, 'RETURNING position, key')})")
        parts.append(
            "boxed AS (INSERT INTO outbox (position, lane) SELECT position, lane_of(key) FROM appended "
            "WHERE key IS NOT NULL)"
        )
    if texts := [msgspec.structs.astuple(text) for intent in unit.intents for text in intent.texts]:
        parts.append(f"kept AS ({insert('text', TEXT, given(TEXT, texts))})")
    writes, more = rows.writes(len(arguments) + 1)
    arguments.extend(more)
    parts.extend(f"row{number} AS ({write})" for number, write in enumerate(writes))
    if heads := [(stream, version) for stream, version in unit.heads() if version > 0]:
        checks.append(
            f"SELECT stale(r.stream) IS NULL FROM {given(HEAD, heads)} "
            "WHERE NOT EXISTS (SELECT FROM event AS e WHERE e.stream = r.stream AND e.version = r.version)"
        )
    if not parts:
        return None
    # The main query runs before the inserts: a key in flight is told at once, and nobody waits for its events.
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(checks) or 'SELECT'}", arguments


def _event(recorded: AnyRecorded) -> tuple[Any, ...]:
    data = msgspec.json.encode(recorded.event)
    if len(data) > MAX_EVENT_BYTES:
        raise EventTooLarge(f"{recorded.event.type_name} of {len(data)} bytes; at most {MAX_EVENT_BYTES}")
    return (
        recorded.id,
        recorded.stream,
        recorded.version,
        recorded.event.type_name,
        recorded.event.version,
        data,
        recorded.key,
        recorded.occurred_at,
        recorded.recorded_at,
        recorded.actor,
        recorded.correlation_id,
        recorded.causation_id,
        recorded.traceparent,
    )


def _answers(unit: Unit) -> list[tuple[Any, ...]]:
    return [
        (asked.scope, asked.key, asked.request_hash, answer.status, answer.body, answer.etag)
        for intent, answer in unit.answers
        if (asked := intent.idempotency) is not None
    ]
