"""The register as a sheet: row by row, with what the caller may see, and no cell that a spreadsheet carries out."""

import csv
import io
from datetime import UTC, datetime

import pytest

from services.intake.tickets.api import export
from services.intake.tickets.api.export import cell, written
from tests.caller import Caller
from tests.intake.test_api import CONTACT, opened, problem

EXPORT = "/v1/tickets/export"


async def exported(caller: Caller, **query: object) -> list[dict[str, str]]:
    answer = await caller.get(EXPORT, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.text[1:], newline="")))


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t=", " =", "\r", "\n", "＝", "＠"])
def test_no_cell_begins_like_a_formula(beginning: str) -> None:
    assert cell(f"{beginning}1+1") == f"'{beginning}1+1"


def test_cells_are_words() -> None:
    at = datetime(2026, 11, 22, 1, tzinfo=UTC)
    row = [None, 2, True, at, [{"typed": "+86 138"}, {"typed": "010"}], '他说"好"，\n再见']
    assert written([row]) == ',2,True,2026-11-22T01:00:00+00:00,\'+86 138; 010,"他说""好""，\n再见"\r\n'


async def test_a_manager_exports_what_the_list_shows_with_its_filters_and_order(caller: Caller) -> None:
    first = await opened(caller, region="华东", summary="=HYPERLINK(1)")
    second, _ = await opened(caller, region="华东"), await opened(caller, region="华北")
    caller.as_person("director", "manager")
    rows = await exported(caller, region="华东", sort="opened_at")
    assert [row["受理号 / Number"] for row in rows] == [first["number"], second["number"]]
    assert [row["内容 / Matter"] for row in rows] == ["'=HYPERLINK(1)", "空调不制冷"]
    assert (rows[0]["姓名 / Name"], rows[0]["电话 / Phones"]) == (CONTACT["name"], "13800000000")
    assert await exported(caller, region="西北") == []
    assert problem(await caller.get(EXPORT, q="1")) == (422, "malformed")


async def test_a_sheet_of_several_pages_has_every_row_once(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 2)
    made = [(await opened(caller))["number"] for _ in range(5)]
    caller.as_person("director", "manager")
    assert [row["受理号 / Number"] for row in await exported(caller)] == made[::-1]


async def test_an_auditor_exports_without_contacts_and_an_agent_does_not_export(caller: Caller) -> None:
    await opened(caller)
    assert problem(await caller.get(EXPORT)) == (403, "forbidden")
    caller.as_person("audrey", "auditor")
    (row,) = await exported(caller)
    assert "姓名 / Name" not in row


async def test_each_contact_in_a_sheet_is_recorded_as_looked_at(caller: Caller) -> None:
    customer_id = (await opened(caller))["customer_id"]
    caller.as_person("director", "manager")
    await exported(caller)
    pool = caller.inbox.store.pool
    looks = await pool.fetch("SELECT subject_id FROM viewed WHERE route = $1", export.ROUTE)
    assert [look["subject_id"] for look in looks] == [customer_id]
