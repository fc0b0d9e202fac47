"""A service of a few lines, for the tests of the chassis: jobs that are opened and then counted on."""

import asyncio
import os
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, assert_never

import msgspec
import sqlalchemy as sa
import structlog
from prometheus_client import Counter
from pydantic import Field

from libs.chassis.http import (
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
    new_id,
)
from libs.chassis.lists.filters import several
from libs.chassis.running.event_process import run
from libs.chassis.running.service import Service
from libs.events import AnyRecorded, Catalogue, Decider, Event, Refused, event
from libs.events.contracts.intake.tickets import TicketOpened
from libs.events.filters import fits
from libs.events.log.store import Store
from libs.events.texts import Text
from libs.events.view import View


@event("triage.JobOpened")
class JobOpened(Event, frozen=True):
    note_id: str


@event("triage.JobCounted")
class JobCounted(Event, frozen=True):
    by: int
    filler: str = ""


@dataclass(frozen=True)
class OpenJob:
    note_id: str


@dataclass(frozen=True)
class CountJob:
    by: int
    filler: str = ""


@dataclass(frozen=True)
class Job:
    open: bool = False
    total: int = 0


def decide(command: OpenJob | CountJob, state: Job, at: datetime) -> list[JobOpened | JobCounted]:
    match command:
        case OpenJob(note_id):
            return [] if state.open else [JobOpened(note_id=note_id)]
        case CountJob(by, filler):
            if not state.open:
                raise Refused("job-not-open", "Open the job first.")
            if by == 13:
                raise Refused("unlucky", "Nobody counts by thirteen.")
            return [JobCounted(by=by, filler=filler)]
        case _:
            assert_never(command)


def evolve(state: Job, event: JobOpened | JobCounted) -> Job:
    match event:
        case JobOpened():
            return replace(state, open=True)
        case JobCounted(by=by):
            return replace(state, total=state.total + by)
        case _:
            assert_never(event)


job: Decider[OpenJob | CountJob, Job, JobOpened | JobCounted] = Decider(
    "job", Catalogue(JobOpened, JobCounted), Job(), decide, evolve, lambda state: "open" if state.open else "none"
)

metadata = sa.MetaData()
jobs = sa.Table(
    "workshop_jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
)
MAKE_TABLE = "CREATE TABLE workshop_jobs (id text PRIMARY KEY, total int NOT NULL, opened_at timestamptz NOT NULL)"


class JobRow(msgspec.Struct):
    id: str
    total: int
    opened_at: datetime


def apply(before: JobRow | None, recorded: AnyRecorded) -> JobRow | None:
    if before is None:
        return JobRow(recorded.stream.removeprefix("job-"), 0, recorded.occurred_at)
    by = recorded.event.by if isinstance(recorded.event, JobCounted) else 0
    return JobRow(before.id, before.total + by, before.opened_at)


view = View.of(job, jobs, JobRow, apply)

router = Router(prefix="/v1/jobs", tags=["jobs"])
fired: list[str] = []


class NewJob(CommandBody):
    """A job with a note in people's words."""

    note: Annotated[str, Field(max_length=4000)]
    size: float = 1.0
    count: Annotated[int, Field(ge=0, le=100)] = 0
    kind: Literal["small", "large"] = "small"
    tags: Annotated[dict[str, Any], Field(default_factory=dict)]
    marks: Annotated[list[str], Field(default_factory=list)]


class Count(CommandBody):
    """Count on by so much."""

    by: Annotated[int, Field(ge=1, le=1000)]
    filler: str = ""


@router.post("", status_code=201, dependencies=[allow("agent")])
async def open_job(body: NewJob, commands: Commands) -> Response:
    """Open a job."""
    id, note = new_id(), Text.of("somebody", body.note)
    extra = {"job_id": id, "size": body.size}
    return await commands.run(job.create(id, OpenJob(note.id)), body, texts=[note], creates=True, extra=extra)


@router.post("/{id}/count", dependencies=[allow("agent", "manager")])
async def count_job(id: UUID, body: Count, commands: Commands) -> Response:
    """Count on."""
    return await commands.run(
        job.on(str(id), CountJob(body.by, body.filler)), body, extra=lambda decided: {"total": decided[0].state.total}
    )


@router.get("", dependencies=[allow("agent", "auditor")], response_model=Page[dict[str, Any]])
async def list_jobs(
    reads: Reads,
    total: Annotated[list[int], several("Of this total")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """Jobs, newest first."""
    query = sa.select(jobs).where(*fits(jobs, {"total": total}))
    return await reads.page(query, jobs, limit, cursor)


@router.get("/{id}", dependencies=[allow("agent")], response_model=dict[str, Any], responses=TAGGED)
async def one_job(id: UUID, reads: Reads, min_version: MinVersion = None, as_of: AsOf = None) -> Any:
    """One job."""
    await reads.wait(job.stream(str(id)), min_version)
    state, version = await reads.state(job, str(id), as_of, "job")
    return reads.answer({"id": str(id), "total": state.total}, version=version)


@router.get("/broken/now", dependencies=[allow("agent")], response_model=dict[str, Any])
async def broken() -> Any:
    """A defect that knows too much."""
    raise RuntimeError("call 13900000001 at /srv/secret: SELECT * FROM event")


def react(heard: AnyRecorded) -> Any:
    yield job.on(heard.event.ticket_id, OpenJob("none"))


def fall_due(timer_id: str, stream_id: str, due_at: datetime) -> Any:
    raise RuntimeError("a defect in a timer")


SWEPT = Counter("workshop_floor_swept", "How often the floor was swept.")


async def sweep_floor(store: Store) -> None:
    """For ever, unless the environment wants a defect."""
    if os.environ.get("WORKSHOP_FLOOR") == "rotten":
        raise RuntimeError("a defect in background work")
    await store.pool.fetchval("SELECT 1")
    structlog.get_logger().info("floor is swept")
    SWEPT.inc()
    await asyncio.Event().wait()


def service(**changes: Any) -> Service:
    """The workshop, under a name that has a database."""
    parts: dict[str, Any] = {
        "streams": [job],
        "views": [view],
        "hears": Catalogue(TicketOpened),
        "reactions": {TicketOpened: react},
        "routes": [router],
        "fall_due": fall_due,
        "background": [sweep_floor],
        "about": "A workshop.",
    }
    return Service("triage", **(parts | changes))


if __name__ == "__main__":
    run(service())
