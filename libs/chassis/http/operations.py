"""What people do to a running service: look at its lanes and at what is parked, resume, retry, discard. Public."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from msgspec import Meta
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from libs.chassis.etags import of_version
from libs.chassis.http.application import VERSION
from libs.chassis.http.commands import CommandBody, Commands
from libs.chassis.http.reads import Reads
from libs.chassis.http.routing import CommandAnswer, Router, encode
from libs.chassis.identity.auth import allow
from libs.chassis.input.fields import Words
from libs.chassis.lists.filters import several
from libs.chassis.lists.paging import DEFAULT, Cursor, Limit, Page
from libs.chassis.problems import Problem, missing
from libs.chassis.telemetry import masked
from libs.events.background.operations import NotRetriable, Operations, StillFailing, UnknownLane
from libs.events.database.schema import LANES
from libs.events.inbox import parking, stop
from libs.events.log.intent import Answer
from libs.events.log.unit import Decided
from libs.events.texts import Text
from libs.events.transport import feed

router = Router(prefix="/v1/operations", tags=["operations"])
READERS, OPERATORS = allow("operator", "auditor"), allow("operator")

Source = Annotated[str, Path(pattern="^[a-z]{1,60}$", description="来源服务 / The service that publishes.")]
LaneNumber = Annotated[int, Path(ge=0, lt=LANES, description="通道 / The lane.")]
ParkedId = Annotated[int, Path(ge=1, le=2**63 - 1, description="搁置编号 / Its number in the list.")]
Seq = Annotated[int, Field(ge=0, le=2**63 - 1)]
AfterId = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class StopRow(BaseModel):
    """Why a lane goes on no more."""

    kind: Literal["diverged", "lost_commits", "epidemic", "newer_schema"]
    reason: str = Field(examples=["The source lost commits: 41 is its last."])
    since: datetime
    type: str | None = Field(
        description="newer_schema：不认识的事件类型 / The type that is not known.", examples=["dispatch.PartUsed"]
    )
    type_version: int | None = Field(description="newer_schema：及其版本 / In this version.")
    resume_after: int | None = Field(description="恢复时默认从此序号之后继续 / Where it goes on unless told otherwise.")


class LaneRow(BaseModel):
    """One lane that this service hears, and how far it is applied."""

    source: str = Field(examples=["dispatch"])
    lane: int
    epoch: int
    seq: int
    stopped: StopRow | None = Field(description="停止原因；null 表示正常 / Null: it goes on.")


class PublishedLane(BaseModel):
    """One lane that this service publishes, and how far: what others have yet to apply ends there."""

    lane: int
    epoch: int
    seq: int = Field(description="最后一条的序号；0 表示还没有 / Of the last event; 0: there is none.")


class Lanes(BaseModel):
    """All lanes that the service hears, stopped ones first, those that it publishes, and which version it is."""

    items: list[LaneRow]
    published: list[PublishedLane]
    version: str = Field(examples=["0.1.0"])


class ParkedRow(BaseModel):
    """Something that could not be applied, or that waits behind it."""

    id: int
    consumer: str = Field(
        description="服务名；定时器等为 类别:服务名 / The service; of chores kind:service.", examples=["sla"]
    )
    source: str = Field(examples=["dispatch"])
    lane: int | None
    seq: int | None
    key: str = Field(examples=["01955c1e-7b00-7000-8000-000000000003"])
    event_id: str | None = Field(examples=["01955c1e-7b00-7000-8000-000000000004"])
    type: str | None = Field(examples=["dispatch.WorkPaused"])
    error: str | None = Field(
        description="null：只是排在后面等待 / Null: it only waits behind another of its key.",
        examples=["KeyError: 'level'"],
    )
    defect: str | None = Field(
        description="错误类型与代码位置 / Type of the error and place in the code.",
        examples=["KeyError at services/sla/reactions.py:41"],
    )
    attempts: int
    parked_at: datetime
    headers: dict[str, str]
    data: str = Field(examples=["{}"])


class OperationAnswer(CommandAnswer):
    """What was done to a lane or to a parked event."""

    id: str = Field(description="对象 / The lane as source.lane, or the parked event's number", examples=["dispatch.7"])  # type: ignore[assignment]  # no uuid


class Reasoned(CommandBody):
    """Why somebody does this."""

    reason: Words = Field(description="原因 / Why, in people's words; kept beside the log.")


class LaneResumption(Reasoned):
    """Let a lane go on."""

    after: Seq | None = Field(
        None, description="从来源的哪个序号之后继续（仅限来源丢失过事件的通道）/ Only where the source lost commits."
    )


def _operations(request: Request) -> Operations:
    operations: Operations = request.app.state.operations
    return operations


@router.get("/lanes", operation_id="list_lanes", dependencies=[READERS], response_model=Lanes)
async def list_lanes(reads: Reads) -> Any:
    """Every lane that this service hears, stopped ones first, each with how far it is applied; its own, how far they
    are published.
    """
    heard = await stop.lanes(reads.store.pool, reads.store.name)  # before the heads, which only grow
    heads = await feed.heads(reads.store.pool)
    published = [{"lane": lane, "epoch": head.epoch, "seq": head.seq} for lane, head in heads.items()]
    return {"items": [_lane(row) for row in heard], "published": published, "version": VERSION}


@router.get("/parked", operation_id="list_parked", dependencies=[READERS], response_model=Page[ParkedRow])
async def list_parked(
    reads: Reads,
    source: Annotated[list[Annotated[str, Field(pattern="^[a-z]{1,60}$")]], several("来源服务 / From this service")],
    key: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]], several("键 / Of this key")
    ],
    type: Annotated[
        list[Annotated[str, Field(max_length=120, pattern=r"^[a-z]+\.[A-Za-z]+$")]], several("事件类型 / Of this type")
    ],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """What is parked, oldest first, each with the error that parked it."""
    wanted = parking.Wanted(tuple(source), tuple(key), tuple(type))
    rows = await parking.listed(reads.store.pool, wanted, reads.place_as(AfterId, cursor) or 0, limit + 1)
    page = reads.paged(rows, limit, lambda row: row.id)
    return page | {"items": [_shown(row) for row in page["items"]]}


@router.get("/parked/{id}", operation_id="get_parked", dependencies=[READERS], response_model=ParkedRow)
async def get_parked(id: ParkedId, reads: Reads) -> Any:
    """One of them."""
    try:
        return _shown(await parking.one(reads.store.pool, id))
    except parking.Unknown:
        raise missing("parked event") from None


@router.post(
    "/lanes/{source}/{lane}/resume",
    operation_id="resume_lane",
    dependencies=[OPERATORS],
    response_model=OperationAnswer,
)
async def resume_lane(
    source: Source, lane: LaneNumber, body: LaneResumption, request: Request, commands: Commands
) -> Response:
    """Let a stopped lane go on. The running worker picks it up by itself within half a minute."""
    words = Text.of(f"{source}.{lane}", body.reason)
    intent = commands.intent(body, [words])
    try:
        outcome = await _operations(request).resume((source, lane), body.after, words.id, intent, _answer())
    except UnknownLane:
        raise missing("lane") from None
    return commands.respond(outcome)


@router.post(
    "/parked/{id}/retry", operation_id="retry_parked", dependencies=[OPERATORS], response_model=OperationAnswer
)
async def retry_parked(id: ParkedId, body: Reasoned, request: Request, commands: Commands) -> Response:
    """Apply again, in order, all that is parked under this event's key: all of it takes effect, or none."""
    words = Text.of(str(id), body.reason)
    intent = commands.intent(body, [words])
    answer = _answer(lambda done: {"retried": done.events[0].event.retried})
    try:
        outcome = await _operations(request).retry(id, words.id, intent, answer)
    except parking.Unknown:
        raise missing("parked event") from None
    except NotRetriable:
        raise Problem(409, "not-retriable", "It has no envelope of ours: it can only be discarded.") from None
    except StillFailing as error:
        raise Problem(409, "still-failing", f"It failed again and stays parked: {masked(error.why.defect)}.") from None
    return commands.respond(outcome)


@router.post(
    "/parked/{id}/discard", operation_id="discard_parked", dependencies=[OPERATORS], response_model=OperationAnswer
)
async def discard_parked(id: ParkedId, body: Reasoned, request: Request, commands: Commands) -> Response:
    """Give one parked event up: it has no effect here. What waits behind it goes on when one of it is retried."""
    words = Text.of(str(id), body.reason)
    intent = commands.intent(body, [words])
    try:
        outcome = await _operations(request).discard(id, words.id, intent, _answer())
    except parking.Unknown:
        raise missing("parked event") from None
    return commands.respond(outcome)


def _answer(more: Callable[[Decided], dict[str, Any]] = lambda done: {}) -> Callable[[Decided], Answer]:
    def answer(done: Decided) -> Answer:
        body = {"id": done.id, "version": done.version, "status": done.status, **more(done)}
        return Answer(status=200, body=encode(body).decode(), etag=of_version(done.version))

    return answer


def _lane(row: stop.HeardLane) -> dict[str, Any]:
    stopped = row.stopped and {
        "kind": row.stopped,
        "reason": masked(row.stopped_because),
        "since": row.stopped_at,
        "type": row.stopped_type,
        "type_version": row.stopped_version,
        "resume_after": row.resume_after,
    }
    return {"source": row.source, "lane": row.lane, "epoch": row.epoch, "seq": row.seq, "stopped": stopped}


def _shown(row: parking.Parked) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in row.__struct_fields__},
        "error": masked(row.error),
        "data": masked(row.data),
    }
