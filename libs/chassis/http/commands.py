"""Commands of one request: idempotency key, expected version, one transaction, one answer."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from fastapi import Depends, Query
from msgspec.structs import replace
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from libs.chassis.etags import of_version
from libs.chassis.http.reads import store_of, wait
from libs.chassis.http.routing import Admitted, encode
from libs.chassis.input.binding import Made
from libs.chassis.input.form import Form
from libs.chassis.input.instant import Instant
from libs.chassis.lists.target import resource, selection
from libs.chassis.preconditions import expected_versions, min_version
from libs.chassis.problems import missing
from libs.chassis.telemetry import REPLAYED
from libs.chassis.tracing import trace
from libs.events import Addressed, Refused
from libs.events.log.actors import Actor
from libs.events.log.intent import Answer, Idempotency, Intent
from libs.events.log.store import Outcome
from libs.events.log.unit import SKEW, Decided, FutureInstant, StaleVersion, Work
from libs.events.texts import Text

DryRun = Annotated[bool, Query(description="试算，不记录 / Only answer what would be answered: nothing is recorded.")]

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class CommandBody(Form):
    """What every command's body may carry. Subclass it."""

    occurred_at: Instant | None = Field(
        None, description="When it happened, if not now; up to five minutes ahead counts as now."
    )


def new_id() -> str:
    """An id for a new aggregate: uuid7, so that ids sort by age."""
    return str(uuid7())


Extra = Mapping[str, Any] | Callable[[Sequence[Decided]], Mapping[str, Any]]
"""More fields of an answer, perhaps worked out from what the commands came to, in the order of the story."""


class CommandRunner:
    """Runs one request's command: idempotency, expected version, one transaction, one answer."""

    __slots__ = ("_asked", "principal", "request", "store")

    def __init__(self, request: Admitted) -> None:
        self.request = request
        self.principal = request.principal
        self.store = store_of(request)
        self._asked: Idempotency | None = None

    async def run(
        self,
        work: Work,
        body: CommandBody,
        *,
        texts: Sequence[Text] = (),
        rows: Sequence[tuple[sa.Table, dict[str, Any]]] = (),
        creates: bool = False,
        status: int | None = None,
        extra: Extra | None = None,
        now: datetime | None = None,
        dry_run: bool = False,
    ) -> Response:
        """Decide and commit `work`, one command or a function that begins a story, in one transaction.

        `texts` and `rows` are written beside the log in the same transaction.

        Answers 200, 201 if it `creates`, or else `status`, such as 202 where work only begins: {id, version, status,
        **extra} with ETag, where id, version and status are those of the first stream. Raises problems: 404 when that
        stream is empty and the command does not create it, 409 for a broken rule, 412 for a stale If-Match, 413 for an
        event over its limit, 422 for an occurred_at in the future or a reused Idempotency-Key.

        In a `dry_run` nothing is committed and no answer is kept: it is what the command would be answered, untagged.
        """
        intent = self.intent(body, texts, rows, now)
        if self.request.scope["query_string"] and (version := min_version(self.request.query_params)) is not None:
            await wait(self.store, _first(work).stream, version, self.request.turn)
        answer = partial(_answer, creates=creates, status=status, extra=extra)
        try:
            if dry_run:
                return _respond(replace(answer(await self.store.foresee(work, intent)), etag=None), self.request)
            outcome = await self.store.run(work, intent, answer)
        except (Refused, StaleVersion):
            if not creates and not await self.store.read(_first(work).stream):
                raise missing() from None
            raise
        return self.respond(outcome)

    def actor_of(self, subject: str) -> str:
        """The pseudonym of somebody else, by the `sub` of their tokens."""
        found: str = self.request.app.state.tokens.actor_id(subject)
        return found

    def question(self, body: CommandBody) -> dict[str, Any]:
        """What a question needs to know before something is begun by this command, to see whether it will be.

        `scope` and `key` of what it may have been answered before, `earliest`: the moment before which `check` refuses
        it; never, for what nobody has begun, with an If-Match that no new stream fits.
        """
        asked, expected = self._idempotency(), expected_versions(self.request.headers)
        earliest = None if body.occurred_at is None else body.occurred_at - SKEW
        return {
            "scope": asked.scope,
            "key": asked.key,
            "earliest": earliest if expected is None or 0 in expected else NEVER,
        }

    async def again(self) -> Response | None:
        """The answer that this command got before, if it did. Raises KeyReused when that was another one."""
        kept = await self.store.kept(self._idempotency())
        return None if kept is None else _respond(kept, self.request)

    def check(self, body: CommandBody, now: datetime) -> None:
        """Raises FutureInstant or StaleVersion where a command that begins something will be refused for it."""
        if body.occurred_at is not None and body.occurred_at > now + SKEW:
            raise FutureInstant(now)
        expected = expected_versions(self.request.headers)
        if expected is not None and 0 not in expected:
            raise StaleVersion("new", expected, 0)

    def respond(self, outcome: Outcome) -> Response:
        """The answer of what was carried out, now or before."""
        if outcome.decided:
            self.store.actors.written(self._actor())
        return _respond(outcome.answer, self.request)

    def _actor(self) -> Actor:
        caller = self.principal
        return Actor(caller.actor_id, caller.issuer, caller.subject, caller.name)

    def intent(
        self,
        body: CommandBody,
        texts: Sequence[Text] = (),
        rows: Sequence[tuple[sa.Table, dict[str, Any]]] = (),
        now: datetime | None = None,
    ) -> Intent:
        """The circumstances of this request's command."""
        current = trace()
        return Intent(
            actor=self.principal.actor_id,
            occurred_at=body.occurred_at,
            correlation_id=current.trace_id,
            traceparent=current.traceparent,
            idempotency=self._idempotency(),
            expected=expected_versions(self.request.headers),
            texts=texts,
            rows=[*self.store.actors.rows(self._actor()), *rows],
            now=now,
        )

    def _idempotency(self) -> Idempotency:
        if self._asked is None:
            where = selection(self.request) if self.request.scope["route"].takes_file else resource(self.request)
            whose = f"{self.principal.issuer}\n{self.principal.subject}\n{where}"
            self._asked = Idempotency(
                scope=hashlib.sha256(whose.encode()).hexdigest(),
                key=self.request.headers["idempotency-key"],
                request_hash=hashlib.sha256(where.encode() + b"\n" + self.request.raw).hexdigest(),
            )
        return self._asked


class _Made(msgspec.Struct):
    """What an answer says of what was made."""

    id: str


def _first(work: Work) -> Addressed:
    return work if isinstance(work, Addressed) else next(work())


def _answer(decided: Sequence[Decided], creates: bool, status: int | None, extra: Extra | None) -> Answer:
    first = decided[0]
    if not creates and first.version == len(first.events):
        raise missing()
    more = extra(decided) if callable(extra) else extra or {}
    body = {"id": first.id, "version": first.version, "status": first.status, **more}
    return Answer(
        status=status or (201 if creates else 200), body=encode(body).decode(), etag=of_version(first.version)
    )


def _respond(answer: Answer | None, request: Request) -> Response:
    assert answer is not None  # the store answers whatever `_answer` made
    headers = {"etag": answer.etag} if answer.etag else {}
    if answer.status in (201, 202) and request.scope["route"].has_items:
        headers["location"] = f"{request.scope['path']}/{msgspec.json.decode(answer.body, type=_Made).id}"
    if answer.replayed:
        REPLAYED.inc()
        headers["idempotency-replayed"] = "true"
    return Response(answer.body, answer.status, headers, "application/json")


Commands = Annotated[CommandRunner, Depends(Made(CommandRunner))]
"""The annotation of a route's parameter that runs commands."""
