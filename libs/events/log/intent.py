"""Who wants something recorded, when it happened and why; and the answer that a repeated command gets again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from libs.events.texts import Text

LEAST_HOURS = 24
"""Keys are kept for so long at least, whatever is set."""


class Idempotency(msgspec.Struct, frozen=True, kw_only=True):
    """The client's key of a command within `scope` (principal, method, route, ids), and a hash of what was asked."""

    scope: str
    key: str
    request_hash: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a command was answered, kept for its key: never personal data. `body` is JSON."""

    status: int
    body: str
    etag: str | None = None
    replayed: bool = False


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of a story.

    `actor` is a pseudonym (`actors.Actor.id`), `service:<name>` of a reaction or `timer:<name>` of a timer.
    `occurred_at` is aware (None: now, by the database's clock); what lies ahead by no more than a clock may be wrong is
    taken as now. `late` says whether what comes of it is late evidence, as a reaction knows from what it heard; None:
    how long ago it happened tells. `expected` are the versions of which the first stream must have one (If-Match).
    `now` is the database's clock where the caller has just read it: a story that begins with a fresh aggregate then
    needs no question of its own. `rows` are rows beside the log, such as a contact, by table, written together with
    `texts` in the transaction of the events.
    """

    actor: str = "system"
    occurred_at: datetime | None = None
    late: bool | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
    idempotency: Idempotency | None = None
    expected: Collection[int] | None = None
    now: datetime | None = None
    texts: Sequence[Text] = ()
    rows: Sequence[tuple[sa.Table, dict[str, Any]]] = ()
