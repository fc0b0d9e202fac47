"""What an api/ module needs: a router whose routes declare roles, commands in, views out.

    router = Router(prefix="/v1/cases", tags=["cases"])

    class Classification(CommandBody):                       # unknown fields are refused, `occurred_at` is optional
        level: Annotated[int, Field(ge=1, le=4)]

    @router.post("/{ticket_id}/classification", dependencies=[allow("triage", "manager")])
    async def classify(ticket_id: UUID, body: Classification, commands: Commands) -> Response:
        '''Say how bad the fault is.'''                      # the docstring is the operation's description
        return await commands.run(case.on(str(ticket_id), ClassifyFault(level=body.level)), body)

    @router.post("", status_code=201, dependencies=[allow("agent")])
    async def open(body: NewTicket, commands: Commands) -> Response:
        id, words = new_id(), Text.of(subject_id, body.summary)
        work = ticket.create(id, OpenTicket(...))            # or `lambda: story(id, ...)`: a story may begin again
        return await commands.run(work, body, texts=[words], creates=True,
                                  extra=lambda decided: {"ticket_id": id, "number": decided[0].state.number})

    @router.get("", dependencies=[allow("triage", "service", "auditor")], response_model=Page[CaseRow])
    async def list_cases(
        reads: Reads, level: Annotated[list[Level], several("…")], limit: Limit = DEFAULT, cursor: Cursor = None
    ) -> Any:                                                # filters.several: `level=1&level=2` is either
        query = fitting(cases, {"level": level})
        return await reads.page(query, cases, limit, cursor)      # newest first by (opened_at, primary key)

    @router.get("/{ticket_id}", dependencies=[allow("triage")], response_model=CaseRow, responses=TAGGED)
    async def one(ticket_id: UUID, reads: Reads, min_version: MinVersion = None) -> Any:
        await reads.wait(case.stream(str(ticket_id)), min_version)
        row = await reads.one(by_id(cases, ticket_id), "case")    # dict; else 404
        return reads.answer(row, version=row["version"])         # with ETag; or just `return row`

Commands on one aggregate need no form and no handler: `libs/chassis/http/routers/steps.py`.

A route may return a Response, or anything msgspec encodes (dict, list, Struct, dataclass): the answer is its JSON.
Instants that come in are `Instant` (aware, RFC 3339, years 1970 to 2100, turned to UTC), strings need a max_length,
integers a bound. `raise Problem(409, "code", "A sentence.")`, `missing("case")` or `invalid("body.level", "…")` say no.
"""

from uuid import UUID

from starlette.responses import Response

from libs.chassis.http.commands import CommandBody, Commands, new_id
from libs.chassis.http.reads import AsOf, MinVersion, Reads
from libs.chassis.http.routing import CommandAnswer, Router
from libs.chassis.identity.auth import ANYONE, Principal, allow
from libs.chassis.input.instant import Instant
from libs.chassis.lists.counts import Counts
from libs.chassis.lists.paging import DEFAULT, Cursor, Limit, Page
from libs.chassis.preconditions import TAGGED
from libs.chassis.problems import FieldError, Problem, invalid, missing

__all__ = [
    "ANYONE",
    "DEFAULT",
    "TAGGED",
    "UUID",
    "AsOf",
    "CommandAnswer",
    "CommandBody",
    "Commands",
    "Counts",
    "Cursor",
    "FieldError",
    "Instant",
    "Limit",
    "MinVersion",
    "Page",
    "Principal",
    "Problem",
    "Reads",
    "Response",
    "Router",
    "allow",
    "invalid",
    "missing",
    "new_id",
]  # fmt: skip
