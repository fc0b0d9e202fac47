"""Peer: after-sales service by hand: one FastAPI process, one database, one transaction a command.

It leaves the facts that the five services leave: customer, ticket and warranty, deadlines in working time, triage, work
order with every step of its visit, callback, a history of who did what when, and answers by idempotency key, with the
indices that lists by the same filters need. Roles, the order of steps, replayed answers, erasure and whatever fires by
itself are left out, which makes it cheaper.
"""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel
from uuid_utils import uuid7

from bench.peer_http import principal, tokens
from libs.chassis.identity.auth import Principal

TABLES = """
CREATE TABLE customer (id uuid PRIMARY KEY, name text NOT NULL, phones jsonb NOT NULL, address text NOT NULL);
CREATE TABLE ticket (
    id uuid PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, customer_id uuid NOT NULL REFERENCES customer,
    channel text NOT NULL, kind text NOT NULL, summary text NOT NULL, urgency text NOT NULL, covered boolean NOT NULL,
    status text NOT NULL, opened_at timestamptz NOT NULL, version int NOT NULL
);
CREATE INDEX ON ticket (opened_at, id);
CREATE INDEX ON ticket (status, opened_at, id);
CREATE INDEX ON ticket (customer_id, opened_at, id);
CREATE INDEX ON ticket (urgency, opened_at, id);
CREATE INDEX ON ticket (channel, opened_at, id);
CREATE INDEX ON ticket (kind, opened_at, id);
CREATE TABLE clock (
    ticket_id uuid REFERENCES ticket, metric text, deadline timestamptz NOT NULL, paused_at timestamptz,
    met_at timestamptz, PRIMARY KEY (ticket_id, metric)
);
CREATE INDEX ON clock (deadline) WHERE met_at IS NULL AND paused_at IS NULL;
CREATE TABLE triage_case (
    ticket_id uuid PRIMARY KEY REFERENCES ticket, level int, maintenance_type text, job_type text, payable boolean,
    skills jsonb
);
CREATE TABLE engineer (id uuid PRIMARY KEY, name text NOT NULL, skills jsonb NOT NULL, region text, subject text);
CREATE TABLE work_order (
    id uuid PRIMARY KEY, ticket_id uuid NOT NULL REFERENCES ticket, visit int NOT NULL, status text NOT NULL,
    engineer_id uuid REFERENCES engineer, result text, signed_by text, signature text
);
CREATE INDEX ON work_order (ticket_id);
CREATE TABLE callback (
    id uuid PRIMARY KEY, ticket_id uuid NOT NULL REFERENCES ticket, work_order_id uuid NOT NULL REFERENCES work_order,
    status text NOT NULL, score int, comment text
);
CREATE INDEX ON callback (ticket_id);
CREATE TABLE history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, about uuid NOT NULL, actor text NOT NULL, what text NOT NULL,
    at timestamptz NOT NULL, data jsonb NOT NULL
);
CREATE TABLE answer (key text PRIMARY KEY, actor text NOT NULL, digest bytea NOT NULL, body jsonb NOT NULL);
CREATE INDEX ON history (about, id);
"""

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(9), time(18)
TARGETS = {
    "low": {"response": 240, "on_site": 1440, "fix": 4320},
    "normal": {"response": 120, "on_site": 960, "fix": 2880},
    "high": {"response": 60, "on_site": 480, "fix": 1440},
    "critical": {"response": 30, "on_site": 240, "fix": 720},
}
"""Minutes of working time by urgency and metric."""
URGENCY = {1: "critical", 2: "high", 3: "normal", 4: "low"}


def deadline(begin: datetime, minutes: float) -> datetime:
    """So many minutes of working time later: Monday to Friday from nine to six."""
    at, left = begin.astimezone(ZONE), timedelta(minutes=minutes)
    while True:
        opens, closes = (datetime.combine(at.date(), edge, ZONE) for edge in (OPENS, CLOSES))
        at = max(at, opens)
        if at.weekday() < 5 and at < closes:
            if closes - at >= left:
                return at + left
            left -= closes - at
        at = opens + timedelta(days=1)


def working_minutes(begin: datetime, end: datetime) -> float:
    """How much working time lies between two instants."""
    day, until, total = begin.astimezone(ZONE).date(), end.astimezone(ZONE), timedelta()
    while day <= until.date():
        if day.weekday() < 5:
            opens, closes = (datetime.combine(day, edge, ZONE) for edge in (OPENS, CLOSES))
            total += max(min(closes, end) - max(opens, begin), timedelta())
        day += timedelta(days=1)
    return total.total_seconds() / 60


class NewCustomer(BaseModel):
    name: str
    phones: list[str]
    address: str


class NewTicket(BaseModel):
    channel: Literal["web", "phone", "email", "fax", "letter", "chat", "walk_in"]
    kind: str
    customer: NewCustomer
    summary: str
    urgency: Literal["low", "normal", "high", "critical"] = "normal"


class Classification(BaseModel):
    level: Literal[1, 2, 3, 4]
    maintenance_type: str


class Authorisation(BaseModel):
    job_type: str
    payable: bool
    skills: list[str]


class NewEngineer(BaseModel):
    name: str
    skills: list[str]
    region: str


class Binding(BaseModel):
    subject: str


class Assignment(BaseModel):
    engineer_id: str


class Step(BaseModel):
    """What any step of a visit may say."""

    reason: str | None = None
    result: str | None = None
    signed_by: str | None = None
    signature: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None


class Attempt(BaseModel):
    outcome: Literal["reached", "no_answer"]
    score: int | None = None
    comment: str | None = None


class Done(BaseModel):
    id: str
    version: int


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A pool, its tables, and the issuer's keys."""
    async with httpx.AsyncClient() as http, asyncpg.create_pool(os.environ["PEER_DATABASE_URL"]) as pool:
        await pool.execute(TABLES)
        app.state.pool, app.state.tokens = pool, tokens(http)
        yield


class Command:
    """A transaction, who asked for it and when; what it does is noted in the history."""

    def __init__(self, connection: Any, actor: str, key: str, digest: bytes) -> None:
        self.connection, self.actor, self.key, self.digest = connection, actor, key, digest
        self.at = datetime.now(UTC)

    async def do(self, sql: str, *arguments: Any) -> None:
        await self.connection.execute(sql, *arguments)

    async def value(self, sql: str, *arguments: Any) -> Any:
        return await self.connection.fetchval(sql, *arguments)

    async def note(self, about: str, what: str, data: Mapping[str, Any]) -> None:
        await self.do(
            "INSERT INTO history (about, actor, what, at, data) VALUES ($1, $2, $3, $4, $5)",
            about, self.actor, what, self.at, json.dumps(data, ensure_ascii=False),
        )  # fmt: skip

    async def answer(self, id: str, version: int) -> "Done":
        """The answer, kept for the key."""
        done = Done(id=id, version=version)
        await self.do(
            "INSERT INTO answer VALUES ($1, $2, $3, $4)", self.key, self.actor, self.digest, done.model_dump_json()
        )
        return done

    async def move(self, ticket_id: str, status: str | None = None) -> int:
        """The ticket's next version, in its next status."""
        version: int | None = await self.value(
            "UPDATE ticket SET version = version + 1, status = coalesce($2, status) WHERE id = $1 RETURNING version",
            ticket_id, status,
        )  # fmt: skip
        if version is None:
            raise HTTPException(404)
        return version

    async def meet(self, ticket_id: str, metric: str) -> None:
        await self.do(
            "UPDATE clock SET met_at = $3 WHERE ticket_id = $1 AND metric = $2 AND met_at IS NULL",
            ticket_id, metric, self.at,
        )  # fmt: skip


async def command(
    request: Request,
    who: Annotated[Principal, Depends(principal)],
    idempotency_key: Annotated[str, Header()],
) -> AsyncIterator[Command]:
    """One transaction, committed when the handler has returned; a key that was used is refused."""
    try:
        async with request.app.state.pool.acquire() as connection, connection.transaction():
            digest = sha256(await request.body()).digest()
            yield Command(connection, who.actor_id, idempotency_key, digest)
    except asyncpg.UniqueViolationError as error:
        raise HTTPException(409) from error


Transaction = Annotated[Command, Depends(command, scope="function")]

app = FastAPI(lifespan=lifespan)


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    return {}


@app.post("/v1/tickets", status_code=201)
async def open_ticket(body: NewTicket, command: Transaction) -> Done:
    """Customer, ticket with its warranty, case and three deadlines."""
    id, customer = str(uuid7()), body.customer
    customer_id = str(uuid7())
    await command.do(
        "INSERT INTO customer VALUES ($1, $2, $3, $4)",
        customer_id, customer.name, json.dumps(customer.phones), customer.address,
    )  # fmt: skip
    await command.do(
        "INSERT INTO ticket (id, customer_id, channel, kind, summary, urgency, covered, status, opened_at, version) "
        "VALUES ($1, $2, $3, $4, $5, $6, false, 'open', $7, 1)",
        id, customer_id, body.channel, body.kind, body.summary, body.urgency, command.at,
    )  # fmt: skip
    await command.do("INSERT INTO triage_case (ticket_id) VALUES ($1)", id)
    targets = TARGETS[body.urgency]
    await command.do(
        "INSERT INTO clock (ticket_id, metric, deadline) SELECT $1, * FROM unnest($2::text[], $3::timestamptz[])",
        id, list(targets), [deadline(command.at, minutes) for minutes in targets.values()],
    )  # fmt: skip
    await command.note(id, "opened", body.model_dump(exclude={"customer", "summary"}))
    return await command.answer(id, 1)


@app.post("/v1/cases/{id}/classification")
async def classify(id: str, body: Classification, command: Transaction) -> Done:
    """A level has other targets: the deadlines that are not met are reckoned anew."""
    version = await command.move(id, "in_triage")
    await command.do(
        "UPDATE triage_case SET level = $2, maintenance_type = $3 WHERE ticket_id = $1",
        id, body.level, body.maintenance_type,
    )  # fmt: skip
    opened_at = await command.value("SELECT opened_at FROM ticket WHERE id = $1", id)
    targets = TARGETS[URGENCY[body.level]]
    await command.do(
        "UPDATE clock SET deadline = new.deadline FROM unnest($2::text[], $3::timestamptz[]) AS new (metric, deadline) "
        "WHERE clock.ticket_id = $1 AND clock.metric = new.metric AND met_at IS NULL",
        id, list(targets), [deadline(opened_at, minutes) for minutes in targets.values()],
    )  # fmt: skip
    await command.meet(id, "response")
    await command.note(id, "classified", body.model_dump())
    return await command.answer(id, version)


@app.post("/v1/cases/{id}/authorisation")
async def authorise(id: str, body: Authorisation, command: Transaction) -> Done:
    """Work is authorised, and a work order of the first visit made."""
    version = await command.move(id, "authorised")
    await command.do(
        "UPDATE triage_case SET job_type = $2, payable = $3, skills = $4 WHERE ticket_id = $1",
        id, body.job_type, body.payable, json.dumps(body.skills),
    )  # fmt: skip
    await command.do(
        "INSERT INTO work_order (id, ticket_id, visit, status) VALUES ($1, $2, 1, 'created')", str(uuid7()), id
    )
    await command.note(id, "authorised", body.model_dump())
    return await command.answer(id, version)


@app.post("/v1/engineers", status_code=201)
async def add_engineer(body: NewEngineer, command: Transaction) -> Done:
    id = str(uuid7())
    await command.do(
        "INSERT INTO engineer VALUES ($1, $2, $3, $4)", id, body.name, json.dumps(body.skills), body.region
    )
    await command.note(id, "engineer added", {"region": body.region})
    return await command.answer(id, 1)


@app.post("/v1/engineers/{id}/binding")
async def bind(id: str, body: Binding, command: Transaction) -> Done:
    await command.do("UPDATE engineer SET subject = $2 WHERE id = $1", id, body.subject)
    await command.note(id, "engineer bound", {})
    return await command.answer(id, 2)


@app.get("/v1/work-orders")
async def work_orders(ticket_id: str, request: Request, _: Annotated[Principal, Depends(principal)]) -> dict[str, Any]:
    rows = await request.app.state.pool.fetch(
        "SELECT id::text, visit, status FROM work_order WHERE ticket_id = $1", ticket_id
    )
    return {"items": [dict(row) for row in rows]}


@app.post("/v1/work-orders/{id}/assignment")
async def assign(id: str, body: Assignment, command: Transaction) -> Done:
    ticket_id = await command.value(
        "UPDATE work_order SET engineer_id = $2, status = 'assigned' WHERE id = $1 RETURNING ticket_id",
        id, body.engineer_id,
    )  # fmt: skip
    version = await command.move(ticket_id, "assigned")
    await command.note(ticket_id, "assigned", body.model_dump())
    return await command.answer(id, version)


@app.post("/v1/work-orders/{id}/{step}")
async def take_step(
    id: str,
    step: Literal["departure", "arrival", "pause", "resumption", "completion", "acceptance"],
    body: Step,
    command: Transaction,
) -> Done:
    """A step of the visit, and what it does to the deadlines."""
    ticket_id = await command.value(
        "UPDATE work_order SET status = $2, result = coalesce($3, result), signed_by = coalesce($4, signed_by), "
        "signature = coalesce($5, signature) WHERE id = $1 RETURNING ticket_id",
        id, step, body.result, body.signed_by, body.signature,
    )  # fmt: skip
    version = await command.move(ticket_id, step)
    match step:
        case "arrival":
            await command.meet(ticket_id, "on_site")
        case "pause":
            await command.do(
                "UPDATE clock SET paused_at = $2 WHERE ticket_id = $1 AND metric = 'fix'", ticket_id, command.at
            )
        case "resumption":
            await _resume(ticket_id, command)
        case "completion":
            await command.meet(ticket_id, "fix")
        case "acceptance":
            await command.do(
                "INSERT INTO callback (id, ticket_id, work_order_id, status) VALUES ($1, $2, $3, 'due')",
                str(uuid7()), ticket_id, id,
            )  # fmt: skip
        case "departure":
            pass
    about = body.model_dump(exclude_none=True, exclude={"result", "signed_by", "signature"})
    await command.note(ticket_id, step, about)
    return await command.answer(id, version)


async def _resume(ticket_id: str, command: Command) -> None:
    """The deadline moves on by the working time of the pause."""
    row = await command.connection.fetchrow(
        "SELECT paused_at, deadline FROM clock WHERE ticket_id = $1 AND metric = 'fix' FOR UPDATE", ticket_id
    )
    moved = deadline(row["deadline"], working_minutes(row["paused_at"], command.at))
    await command.do(
        "UPDATE clock SET paused_at = NULL, deadline = $2 WHERE ticket_id = $1 AND metric = 'fix'", ticket_id, moved
    )


@app.get("/v1/callbacks")
async def callbacks(ticket_id: str, request: Request, _: Annotated[Principal, Depends(principal)]) -> dict[str, Any]:
    rows = await request.app.state.pool.fetch("SELECT id::text, status FROM callback WHERE ticket_id = $1", ticket_id)
    return {"items": [dict(row) for row in rows]}


@app.post("/v1/callbacks/{id}/attempts")
async def attempt(id: str, body: Attempt, command: Transaction) -> Done:
    ticket_id = await command.value(
        "UPDATE callback SET status = $2, score = $3, comment = $4 WHERE id = $1 RETURNING ticket_id",
        id, body.outcome, body.score, body.comment,
    )  # fmt: skip
    version = await command.move(ticket_id)
    await command.note(ticket_id, "called back", body.model_dump(exclude={"comment"}))
    return await command.answer(id, version)


@app.post("/v1/tickets/{id}/closure")
async def close(id: str, command: Transaction) -> Done:
    version = await command.move(id, "closed")
    await command.note(id, "closed", {})
    return await command.answer(id, version)


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PEER_PORT"]), access_log=False, log_level="warning")
