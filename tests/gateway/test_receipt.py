"""《客户回执》 over sockets: of a ticket that an answer closed, and of no other."""

from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest

from services.gateway.documents.tickets import SettledTicket, receipt
from services.intake.tickets.api.history import StoryItem
from services.intake.tickets.api.notes import NoteItem
from tests.gateway.answers import TICKET, TICKET_ID
from tests.gateway.test_documents import OF_TICKET, printing, words

RECEIPT = f"/documents/customer-receipt/{TICKET_ID}.pdf"
STORY = f"{OF_TICKET}/history?limit=200"
CLOSED = TICKET | {"status": "closed"}
EVENT: dict[str, Any] = {
    "id": "0198c0de-0000-7000-8000-00000000000c",
    "type": "intake.TicketClosed",
    "source": "intake",
    "occurred_at": "2026-11-27T08:10:00Z",
    "recorded_at": "2026-11-27T08:10:01Z",
    "type_version": 1,
    "fields": {"answer_id": "0198c0de-0000-7000-8000-00000000000d"},
    "actor": "0198c0de-0000-7000-8000-00000000000e",
    "actor_name": "李敏",
    "people": {},
    "skew_ms": None,
}
OPENED = EVENT | {"type": "intake.TicketOpened", "fields": {"number": "WX20261127-0042"}}
WITHOUT_ANSWER = EVENT | {"fields": {"answer_id": None}}
REOPENED = EVENT | {"type": "intake.TicketReopened", "fields": {"reason_id": TICKET_ID}}


def story(*events: dict[str, Any], next_cursor: str | None = None) -> dict[str, Any]:
    return {"items": list(events), "next_cursor": next_cursor}


NOTES = f"{OF_TICKET}/notes"
NOTE: dict[str, Any] = {
    "id": EVENT["id"],
    "text": "滤网每季度清洗一次",
    "audience": "customer",
    "occurred_at": EVENT["occurred_at"],
    "actor": EVENT["actor"],
    "actor_name": "李敏",
}
TOLD = {NOTES: {"items": [NOTE | {"id": TICKET_ID, "text": "业主周三以后在家", "audience": "internal"}, NOTE]}}
SETTLED = {OF_TICKET: CLOSED, STORY: story(OPENED, EVENT)} | TOLD


def test_the_event_and_the_note_are_of_intakes_document() -> None:
    StoryItem.model_validate(EVENT)
    NoteItem.model_validate(NOTE)


@pytest.mark.requirement("R059")
def test_a_receipt_has_the_answer_who_gave_it_and_when() -> None:
    form = receipt(SettledTicket(CLOSED, EVENT, "每季度清洗"), "/", ZoneInfo("UTC"))
    assert (form.answered_by, form.answered_at, form.answer) == ("李敏", "2026-11-27 16:10", "每季度清洗")
    elsewhere = receipt(SettledTicket(CLOSED | {"timezone": None}, EVENT, None), "/", ZoneInfo("UTC"))
    assert (elsewhere.received, elsewhere.answered_at) == ("2026-11-27 07:55", "2026-11-27 08:10")


def test_a_receipt_of_an_erased_customer_says_nothing_but_that() -> None:
    gone = CLOSED | {"customer": None, "summary": None, "requirements": None}
    form = receipt(SettledTicket(gone, EVENT, None), "/", ZoneInfo("UTC"))
    said = (form.customer, form.phones, form.site, form.summary, form.requirements, form.answer)
    assert set(said) == {"已清除"}


@pytest.mark.requirement("R059")
async def test_a_ticket_that_an_answer_closed_has_its_receipt() -> None:
    async with printing(SETTLED) as (anna, _):
        answer = await anna.get(RECEIPT)
    assert "业主周三以后在家" not in words(answer)
    for said in (
        "滤网每季度清洗一次",
        "WX20261127-0042",
        "空调不制冷",
        "王芳",
        "李敏",
        "2026-11-2716:10",
        "不需要进行维护",
    ):
        assert said in words(answer)
    assert unquote(answer.headers["content-disposition"]).endswith("客户回执 WX20261127-0042.pdf")


async def test_an_answer_is_found_on_the_second_page_of_a_long_story() -> None:
    pages = {STORY: story(OPENED, next_cursor="a+b="), f"{STORY}&cursor=a%2Bb%3D": story(EVENT)}
    async with printing({OF_TICKET: CLOSED} | pages | TOLD) as (anna, _):
        assert "李敏" in words(await anna.get(RECEIPT))


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({}, 409, "form-not-ready"),
        ({OF_TICKET: CLOSED, STORY: story(OPENED, WITHOUT_ANSWER)}, 409, "form-not-ready"),
        ({OF_TICKET: CLOSED, STORY: story(OPENED, EVENT, REOPENED, WITHOUT_ANSWER)} | TOLD, 409, "form-not-ready"),
        ({OF_TICKET: 404}, 404, "not-found"),
        ({OF_TICKET: CLOSED, STORY: 500}, 503, "service-unreachable"),
    ],
)
async def test_a_ticket_that_no_answer_closed_has_none(changed: dict[str, Any], status: int, code: str) -> None:
    async with printing(changed) as (anna, _):
        answer = await anna.get(RECEIPT)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
