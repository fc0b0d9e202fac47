"""The append as one SQL statement: idempotency rows, events, outbox, texts and view rows, all or nothing."""

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from libs.events.log.rows import Columns, Rows, Write, arguments, form, relation, width
from libs.events.log.unit import Unit
from libs.events.message import AnyRecorded

MAX_EVENT_BYTES = 256 * 1024
"""A larger message would be refused by the broker, and one refused message poisons an idempotent producer."""

LONGER = 70
"""No event goes out longer than so many times its bytes: 1e300 has 301 digits."""

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
    ("skew_ms", "int"),
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
HEAD: Columns = (("stream", "text"), ("version", "int"), ("id", "uuid"))


HURRY = "SELECT set_config('lock_timeout', '50ms', true) IS NOT NULL"
"""Of several units, for the rest of the transaction: what one has to wait for is nothing that the others wait for."""


class EventTooLarge(Exception):
    """An event is larger than MAX_EVENT_BYTES: what is large belongs beside the log, by id."""


class Shape(NamedTuple):
    """What an append writes, in the forms of its parts: appends of one shape share one statement."""

    answers: int
    events: int
    texts: int
    writes: tuple[Write, ...]
    heads: int
    several: bool


def statement(units: Sequence[Unit], rows: Rows) -> tuple[str, list[Any]]:
    """The statement that writes units and their rows, with its arguments.

    It fails as a whole: with AC409 where a stream does not have the very event that it was decided upon (which must be
    committed: it is not enough that the next number is free), with AC425 where a key is in flight, with a unique
    violation where a version or a key was taken. Texts about whoever was erased are left out. Raises EventTooLarge.
    """
    several = len(units) > 1
    parts = {
        ANSWER: [answer for unit in units for answer in _answers(unit)],
        EVENT: [_event(recorded) for unit in units for recorded in unit.events],
        TEXT: [msgspec.structs.astuple(text) for unit in units for text in unit.texts],
        HEAD: [head for unit in units for head in unit.expected_heads()],
    }
    writes, values = rows.writes(several)
    answers, events, texts, heads = (form(part, several) for part in parts.values())
    *given, last = (arguments(columns, part, several) for columns, part in parts.items())
    return _sql(Shape(answers, events, texts, writes, heads, several)), [*chain.from_iterable(given), *values, *last]


@lru_cache(maxsize=1024)
def _sql(shape: Shape) -> str:
    """The statement of a shape, its parameters in the order of the shape's parts."""
    first = 1
    parts: list[str] = []
    checks: list[str] = []

    def take(parameters: int) -> int:
        """The number of the first of the next so many parameters."""
        nonlocal first
        first += parameters
        return first - parameters

    def given(columns: Columns, form: int) -> str:
        return relation(columns, form, take(width(columns, form)))

    if shape.several:
        checks.append(HURRY)
    if shape.answers:
        source = given(ANSWER, shape.answers)
        parts.append(f"answered AS ({_insert('idempotency', ANSWER, source)})")
        checks.append(f"SELECT claim(r.scope, r.key) FROM {source}")
    if shape.events:
        parts.append(f"appended AS ({_insert('event', EVENT, given(EVENT, shape.events))} RETURNING position, key)")
        parts.append(
            "boxed AS (INSERT INTO outbox (position, lane) SELECT position, lane_of(key) FROM appended "
            "WHERE key IS NOT NULL)"
        )
    if shape.texts:
        unless = "WHERE NOT EXISTS (SELECT FROM erasure AS e WHERE e.subject_id = r.subject_id)"
        parts.append(f"kept AS ({_insert('text', TEXT, given(TEXT, shape.texts))} {unless})")
    parts.extend(f"row{number} AS ({write.statement(take(write.width))})" for number, write in enumerate(shape.writes))
    if shape.heads:
        checks.append(
            f"SELECT stale(r.stream) IS NULL FROM {given(HEAD, shape.heads)} WHERE NOT EXISTS "
            "(SELECT FROM event AS e WHERE e.stream = r.stream AND e.version = r.version AND e.id = r.id)"
        )
    # The main query runs before the inserts: a key in flight is told at once, and nobody waits for its events.
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(checks) or 'SELECT'}"


def _insert(table: str, columns: Columns, source: str) -> str:
    names = ", ".join(name for name, _ in columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {source}"


def outgoing(data: bytes) -> int:
    """How many bytes an event has when it goes out: as PostgreSQL writes jsonb, with spaces and without exponents."""
    if len(data) * LONGER < MAX_EVENT_BYTES or len(data) > MAX_EVENT_BYTES:
        return len(data)
    plain = json.loads(data, parse_float=lambda number: format(Decimal(number), "f"))
    return len(json.dumps(plain, ensure_ascii=False).encode())


def _event(recorded: AnyRecorded) -> tuple[Any, ...]:
    data = msgspec.json.encode(recorded.event)
    if (size := outgoing(data)) > MAX_EVENT_BYTES:
        raise EventTooLarge(f"{recorded.event.type_name} of {size} bytes; at most {MAX_EVENT_BYTES}")
    return (
        recorded.id,
        recorded.stream,
        recorded.version,
        recorded.event.type_name,
        recorded.event.version,
        data.decode(),
        recorded.key,
        recorded.occurred_at,
        recorded.recorded_at,
        recorded.skew_ms,
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
