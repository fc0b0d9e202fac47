"""HTTP of imports: what every service's have in common. A service adds its kinds and who keeps them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from libs.chassis.field_sentences import chinese
from libs.chassis.http.commands import CommandBody, CommandRunner, new_id
from libs.chassis.http.reads import Reads
from libs.chassis.http.routers.jobs import JobItem
from libs.chassis.identity.auth import Roles
from libs.chassis.lists.csv_cell import safe
from libs.chassis.problems import FieldError, Problem, busy, documented, invalid, malformed, missing
from libs.chassis.sentences import SHARED, Refusals
from libs.events.background.job import AnyJobDecider, Job
from libs.events.database.connections import Pool, transact
from libs.events.view import View
from libs.imports import template
from libs.imports.columns import Columns, Flawed, placed
from libs.imports.job import ImportCompleted, ImportRequested
from libs.imports.outcome import Outcome, ResultLines
from libs.imports.reading import head
from libs.imports.sheet import MOST_BYTES, Unreadable

KEEP = "INSERT INTO import_file (id, content) VALUES ($1, $2)"
OUTCOMES = """
SELECT number, outcomes FROM import_outcome WHERE import_id = $1 AND number > $2 ORDER BY number LIMIT 10
"""
FIRST = -1
WRONG = "SELECT outcomes FROM import_outcome WHERE import_id = $1 AND wrong ORDER BY number LIMIT 50"
WAITING = """
SELECT count(*) FILTER (WHERE requested_by = $1) AS own, count(*) AS everybodys FROM {jobs} WHERE status = 'requested'
"""
MOST_OF_ONE, MOST_OF_ALL = 5, 50
"""Imports that wait or are at work: each keeps its file until it is done."""
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('imports are counted', 0))"
"""In the service's own database: of two who ask at once, the second counts the first."""
PATIENCE_SECONDS = 10.0
AGAIN_SECONDS = 60
SHOWN = 200
"""Rows that are wrong, of one answer; the file of the result has all."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMMA_FILE = "text/csv; charset=utf-8"

Language = Annotated[Literal["zh-CN", "en"], Query(description="语言 / In which language", examples=["zh-CN"])]
Extension = Literal["csv", "xlsx"]

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"CSV 或 XLSX 文件 / The file, CSV or XLSX, of at most {MOST_BYTES // 1024**2} MiB",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
TOO_MANY = documented(429)
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件 / The file", "content": {"text/csv": {"schema": {"type": "string"}}}}
}
TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "模板 / The template",
        "content": {"text/csv": {"schema": {"type": "string"}}, WORKBOOK: {"schema": {"type": "string"}}},
    }
}


class ImportItem(JobItem):
    """导入 / One import."""

    kind: str = Field(description="导入内容 / What is imported", examples=["customers"])
    dry_run: bool = Field(description="试导 / Only tried: nothing is put on file")


class ImportDetails(ImportItem):
    """导入详情 / One import, and how many rows were sound."""

    created: int | None = Field(description="已建档或无误 / Rows put on file, or sound ones of a dry run; null before")
    wrong: int | None = Field(description="有误 / Rows that are wrong; null before it is completed")


class ImportFlaw(BaseModel):
    """问题 / What is wrong with one cell."""

    row: int = Field(ge=1, description="行 / Row, as a spreadsheet numbers it")
    column: str = Field(description="列 / Column; empty: the row as a whole", examples=["电话"])
    detail: str = Field(description="问题 / What is wrong", examples=["电话号码长度不正确"])


class ImportFlaws(BaseModel):
    """有误的行 / The first rows that are wrong, so far."""

    items: list[ImportFlaw]


def shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An import's own fields."""
    return {"kind": row["kind"], "dry_run": row["dry_run"]}


def details(job: Job[ImportRequested, ImportCompleted]) -> Mapping[str, Any]:
    """What came of one."""
    done = job.completed
    return {"created": done.created if done else None, "wrong": done.wrong if done else None}


@dataclass(frozen=True, kw_only=True)
class Imports:
    """A service's imports: its columns by kind, who keeps each, its jobs."""

    decider: AnyJobDecider
    view: View[Any]
    requested: Callable[..., ImportRequested]
    columns: Mapping[str, Columns]
    roles: Mapping[str, frozenset[str]]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One request of a process at a time waits in the database: the one that counts needs a second connection."""

    async def request(self, kind: str, dry_run: bool, commands: CommandRunner) -> Response:
        """Keep the file, and ask that its rows be put on file. Raises a 403 problem, 422 about the file, or 429."""
        Roles(self.roles[kind]).check(commands.principal)
        if (kept := await commands.again()) is not None:
            return kept
        id, content = new_id(), commands.request.raw
        await asyncio.to_thread(check, content, self.columns[kind])
        work = self.decider.create(id, self.requested(id=id, kind=kind, dry_run=dry_run))
        async with self._alone(commands.store.pool):
            if (kept := await commands.again()) is not None:
                return kept
            await self._room(commands)
            await commands.store.pool.execute(KEEP, id, content)
            return await commands.run(work, CommandBody(occurred_at=None), creates=True, status=202)

    @asynccontextmanager
    async def _alone(self, pool: Pool) -> AsyncIterator[None]:
        """Nobody else counts until this import is on file. Raises a 503 problem where the others take too long."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.turn.acquire()
        except TimeoutError:
            raise busy("busy", "Too many at once: try again.") from None
        try:
            async with transact(pool) as connection:
                await connection.execute(TURN)
                yield
        finally:
            self.turn.release()

    async def _room(self, commands: CommandRunner) -> None:
        """Raises a 429 problem while too many imports wait, the caller's or everybody's."""
        waiting = WAITING.format(jobs=self.view.table.name)
        found = await commands.store.pool.fetchrow(waiting, commands.principal.actor_id)
        assert found is not None
        code = "imports-waiting" if found["own"] >= MOST_OF_ONE else "imports-full"
        if code == "imports-waiting" or found["everybodys"] >= MOST_OF_ALL:
            sentence = SHARED.sentences[code].english
            raise Problem(429, code, sentence, headers={"Retry-After": str(AGAIN_SECONDS)})

    async def result(self, id: str, language: str, reads: Reads) -> Response:
        """The outcomes of all rows so far, as a file."""
        lines = ResultLines(await self._columns_of(id, reads), language != "en", _said(language, reads))
        named = {"content-disposition": f'attachment; filename="import-{id}.csv"'}
        return StreamingResponse(_result(id, lines, reads), 200, named, COMMA_FILE)

    async def flaws(self, id: str, language: str, reads: Reads) -> dict[str, Any]:
        """The first rows that are wrong."""
        titles = {
            column.name: column.english if language == "en" else column.chinese
            for column in await self._columns_of(id, reads)
        }
        said = _said(language, reads)
        found = [each for row in await reads.store.pool.fetch(WRONG, id) for each in _outcomes(row)]
        items = [
            {"row": outcome.row, "column": titles.get(wrong.column, ""), "detail": safe(said(wrong.detail))}
            for outcome in found
            for wrong in outcome.errors
        ]
        return {"items": items[:SHOWN]}

    def template(self, kind: str, extension: Extension, language: str) -> Response:
        """A file to fill in."""
        columns, is_chinese = self.columns[kind], language != "en"
        if extension == "csv":
            return _file(template.comma_file(columns, is_chinese), f"{kind}.csv", COMMA_FILE)
        return _file(template.workbook(columns, kind, is_chinese), f"{kind}.xlsx", WORKBOOK)

    async def _columns_of(self, id: str, reads: Reads) -> Columns:
        job, _ = await reads.state(self.decider, id, what="import")
        if job.request is None:
            raise missing("import")
        return self.columns[job.request.kind]


def check(content: bytes, columns: Columns) -> None:
    """Raises a 422 problem for a file that is not worth a job: no table, or not with these columns."""
    try:
        placed(columns, head(content).header)
    except Unreadable as error:
        raise invalid("body", SHARED.sentences[error.code].english, error.code) from None
    except Flawed as flawed:
        raise malformed([FieldError(f"body.{place}", detail) for place, detail in flawed.errors], "columns") from None


async def _result(id: str, lines: ResultLines, reads: Reads) -> AsyncIterator[bytes]:
    """The file, some parts of the rows at a time: no more than that is ever held."""
    yield lines.head()
    rows = await reads.store.pool.fetch(OUTCOMES, id, FIRST)
    while rows:
        yield await asyncio.to_thread(lines.of, [each for row in rows for each in _outcomes(row)])
        rows = await reads.store.pool.fetch(OUTCOMES, id, rows[-1]["number"])


def _outcomes(row: Any) -> list[Outcome]:
    return msgspec.json.decode(row["outcomes"], type=list[Outcome])


def _said(language: str, reads: Reads) -> Callable[[str], str]:
    """Sentences in a language: of fields, or of what a command was refused for. Most rows are wrong in the same way."""
    if language == "en":
        return str
    refusals: Refusals = reads.request.app.state.refusals
    told = {sentence.english: sentence.chinese for sentence in refusals.sentences.values()}

    @cache
    def said(english: str) -> str:
        return chinese(english, refusals.fields) or told.get(english, english)

    return said


def _file(content: bytes, name: str, media_type: str) -> Response:
    return Response(content, 200, {"content-disposition": f'attachment; filename="{name}"'}, media_type)
