"""HTTP of the export: the tickets of a list as a sheet, row after row, however many there are."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends
from starlette.responses import StreamingResponse

from libs.chassis.http import Reads, Router, allow
from libs.chassis.http.contacts import look_at_all, seen_by
from libs.chassis.lists.csv_cell import safe
from libs.chassis.lists.filters import sorting
from libs.chassis.lists.paging import MOST
from services.intake.customers.api.forms import SEES
from services.intake.customers.view import contact
from services.intake.tickets.api.filters import TicketFilters, asked
from services.intake.tickets.api.register import with_owners
from services.intake.tickets.view.queue import DUE
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
EXPORTERS = allow("manager", "auditor")
ROUTE = "GET /v1/tickets/export"

COLUMNS: Mapping[str, str] = {
    "number": "受理号 / Number",
    "opened_at": "受理时间 / Opened",
    "status": "状态 / Status",
    "kind": "服务类别 / Type of job",
    "urgency": "紧急程度 / Urgency",
    "channel": "渠道 / Channel",
    "region": "区域 / Region",
    "contract": "合同编号 / Contract",
    "level": "故障级别 / Fault level",
    "due_at": "最近时限 / Next deadline",
    "breached": "是否超时 / Breached",
    "verdict": "保修结论 / Warranty",
    "owner_name": "负责人 / Owner",
    "summary": "内容 / Matter",
}
CONTACT: Mapping[str, str] = {"name": "姓名 / Name", "phones": "电话 / Phones", "address": "地址 / Address"}


class Sheet(StreamingResponse):
    """Rows as they are read, parted by commas; it begins so that Excel takes it for UTF-8."""

    media_type = "text/csv"


_EXAMPLE = "\ufeff受理号 / Number,受理时间 / Opened\r\nWX20261122-0001,2026-11-22T01:00:00+00:00\r\n"
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "工单清单 / The sheet",
        "content": {"text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE}},
    }
}


@router.get(
    "/export",
    operation_id="get_ticket_sheet",
    dependencies=[EXPORTERS],
    response_class=Sheet,
    response_model=None,
    responses=DOCUMENTED,
)
async def get_ticket_sheet(
    reads: Reads,
    filters: Annotated[TicketFilters, Depends()],
    sort: Annotated[Literal["opened_at", "-opened_at", "due_at", "-due_at"], sorting("排序 / Order")] = "-opened_at",
) -> Any:
    """导出工单 / All tickets that fit the filters, as CSV for spreadsheets. No cell begins like a formula.

    Of a customer it has what the caller's roles show, and each that is shown is recorded as a look.
    """
    first = await page(reads, filters, sort, None)
    named = {"content-disposition": 'attachment; filename="tickets.csv"'}
    return Sheet(sheet(reads, filters, sort, first), headers=named)


async def page(reads: Reads, filters: TicketFilters, sort: str, cursor: str | None) -> dict[str, Any]:
    """The rows from the cursor on, as they are read now."""
    query, sift = await asked(reads, filters)
    return await reads.page(query, tickets, MOST, cursor, sort, {"due_at": DUE}, sift)


async def sheet(reads: Reads, filters: TicketFilters, sort: str, part: dict[str, Any]) -> AsyncIterator[str]:
    """The sheet, a page of rows at a time: no more than that is ever held."""
    fields = seen_by(reads.principal, SEES)
    yield "\ufeff" + written([[*COLUMNS.values(), *(CONTACT[field] for field in fields)]])
    while True:
        yield written(await rows_of(reads, part["items"], fields))
        if part["next_cursor"] is None:
            return
        part = await page(reads, filters, sort, part["next_cursor"])


async def rows_of(reads: Reads, rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> list[list[Any]]:
    """One page of the sheet, with names and words that belong to its tickets."""
    owned = await with_owners(reads, rows)
    texts = await reads.texts(rows, "summary_id")
    customers = list(dict.fromkeys(row["customer_id"] for row in rows))
    known = await look_at_all(reads, contact, customers, fields, ROUTE)
    return [
        [(row | {"summary": texts.get(row["summary_id"])})[column] for column in COLUMNS]
        + [known.get(row["customer_id"], {}).get(field) for field in fields]
        for row in owned
    ]


def written(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a spreadsheet reads them."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return lines.getvalue()


def cell(value: Any) -> str:
    """A value as words; what would be taken for a formula has an apostrophe before it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        value = "; ".join(phone["typed"] for phone in value)
    return safe("" if value is None else str(value))
