"""Intake over HTTP: customers, tickets, their register and their story."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.events import AboutTicket
from libs.events.contracts.triage.cases import RemoteSupportStarted, RemoteSupportSucceeded, TriageStarted
from tests.caller import Caller
from tests.intake.story import DISPATCH, SURVEY, TRIAGE

CONTACT = {"name": "王芳", "phones": ["13800000000"], "address": "北京市朝阳区建国路1号"}
FORM = {"channel": "phone", "kind": "repair", "customer": CONTACT, "summary": "空调不制冷", "requirements": "周末上门"}


async def opened(caller: Caller, **fields: Any) -> dict[str, Any]:
    response = await caller.post("/v1/tickets", FORM | fields)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def about(ticket_id: str, *events: Any) -> list[AboutTicket]:
    return [type(event)(**{**_fields(event), "ticket_id": ticket_id}) for event in events]


def _fields(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]


@pytest.mark.requirement("R129")
async def test_a_customer_is_registered(caller: Caller) -> None:
    response = await caller.post("/v1/customers", CONTACT)
    answer = response.json()
    assert response.status_code == 201
    assert answer == {"id": answer["id"], "version": 1, "status": "registered"}
    assert response.headers["etag"] == '"1"'


@pytest.mark.requirement("R002", "R005", "R051", "R052")
async def test_a_ticket_is_opened_for_a_new_customer(caller: Caller) -> None:
    answer = await opened(caller)
    assert re.fullmatch(r"WX[0-9]{8}-[0-9]{4,}", answer["number"])
    assert (answer["status"], answer["version"]) == ("open", 2)
    assert answer["warranty"] == {"verdict": "unknown", "reasons": ["no_contract"]}
    ticket = (await caller.get(f"/v1/tickets/{answer['id']}")).json()
    phone = {"typed": "13800000000", "e164": "+8613800000000", "extension": None}
    assert ticket["customer"] == {"id": answer["customer_id"], **CONTACT, "phones": [phone]}
    assert (ticket["summary"], ticket["requirements"], ticket["urgency"]) == ("空调不制冷", "周末上门", "normal")


async def test_where_the_work_is_to_be_done_is_told_and_shown(caller: Caller) -> None:
    site = {"region": "华东 二区", "contract": "HT-2026-0113", "timezone": "Asia/Urumqi"}
    id = (await opened(caller, **site))["id"]
    story = (await caller.get(f"/v1/tickets/{id}/history")).json()["items"]
    for told in (
        (await caller.get(f"/v1/tickets/{id}")).json(),
        (await caller.get("/v1/tickets")).json()["items"][0],
        story[0]["fields"],
    ):
        assert {name: told[name] for name in site} == site


async def test_where_the_work_is_to_be_done_may_be_left_open(caller: Caller) -> None:
    id = (await opened(caller, region=None))["id"]
    ticket = (await caller.get(f"/v1/tickets/{id}")).json()
    assert (ticket["region"], ticket["contract"], ticket["timezone"]) == (None, None, None)


async def test_a_region_has_one_spelling(caller: Caller) -> None:
    id = (await opened(caller, region=" 华东　二区", contract="ＨＴ－１"))["id"]
    ticket = (await caller.get(f"/v1/tickets/{id}")).json()
    assert (ticket["region"], ticket["contract"]) == ("华东 二区", "HT-1")


async def test_a_phone_is_kept_as_it_was_typed_and_compared_by_its_number(caller: Caller) -> None:
    id = (await opened(caller, customer=CONTACT | {"phones": ["１３８ 0000 0000", "010-65123456 转 8001"]}))["id"]
    assert (await caller.get(f"/v1/tickets/{id}")).json()["customer"]["phones"] == [
        {"typed": "１３８ 0000 0000", "e164": "+8613800000000", "extension": None},
        {"typed": "010-65123456 转 8001", "e164": "+861065123456", "extension": "8001"},
    ]


async def test_an_unknown_time_zone_is_named(caller: Caller) -> None:
    response = await caller.post("/v1/tickets", FORM | {"timezone": "Asia/Beijing"})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "body.timezone", "detail": "This is not an IANA time zone, such as Asia/Shanghai."}
    ]


@pytest.mark.requirement("R052")
async def test_a_ticket_is_opened_for_a_registered_customer(caller: Caller) -> None:
    customer = (await caller.post("/v1/customers", CONTACT)).json()["id"]
    form = {"channel": "web", "kind": "training", "customer_id": customer, "summary": "培训", "urgency": "low"}
    response = await caller.post("/v1/tickets", form)
    assert (response.status_code, response.json()["customer_id"]) == (201, customer)


async def test_numbers_differ_and_the_same_key_gives_the_same_ticket(caller: Caller) -> None:
    key = uuid4().hex
    first, again = await caller.post("/v1/tickets", FORM, key), await caller.post("/v1/tickets", FORM, key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (await opened(caller))["number"] != first.json()["number"]
    assert len((await caller.get("/v1/tickets")).json()["items"]) == 2


@pytest.mark.requirement("R005")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer_id": str(uuid4())}, "body"),
        ({"customer": None}, "body.customer"),
        ({"customer": CONTACT | {"phones": []}}, "body.customer.phones"),
        ({"customer": CONTACT | {"phones": ["call me"]}}, "body.customer.phones.0"),
        ({"customer": {"name": "王芳"}}, "body.customer.phones"),
        ({"channel": "pigeon"}, "body.channel"),
        ({"kind": "cooking"}, "body.kind"),
        ({"summary": "  "}, "body.summary"),
        ({"summary": "\u200b"}, "body.summary"),
        ({"urgency": None}, "body.urgency"),
        ({"region": ""}, "body.region"),
        ({"region": "华\u200b东"}, "body.region"),
        ({"region": "x" * 61}, "body.region"),
        ({"contract": "HT\n1"}, "body.contract"),
        ({"timezone": "localtime"}, "body.timezone"),
        ({"timezone": "../../etc/passwd"}, "body.timezone"),
        ({"timezone": "asia/shanghai"}, "body.timezone"),
        ({"timezone": "Factory"}, "body.timezone"),
        ({"colour": "red"}, "body.colour"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "body.occurred_at"),
    ],
)
async def test_a_half_filled_form_is_refused_and_nothing_is_stored(
    caller: Caller, change: dict[str, Any], field: str
) -> None:
    response = await caller.post("/v1/tickets", FORM | change)
    assert response.status_code == 422
    assert field in [error["field"] for error in response.json()["errors"]]
    for table in ("event", "text", "contact", "ticket"):
        assert await caller.inbox.store.pool.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_neither_customer_nor_id_is_refused(caller: Caller) -> None:
    response = await caller.post("/v1/tickets", {k: v for k, v in FORM.items() if k != "customer"})
    assert response.status_code == 422
    assert "customer_id" in response.json()["errors"][0]["detail"]


async def test_an_unknown_customer_is_named(caller: Caller) -> None:
    form = {"channel": "web", "kind": "repair", "customer_id": str(uuid4()), "summary": "x"}
    response = await caller.post("/v1/tickets", form)
    assert problem(response) == (422, "unknown-customer")
    assert [error["field"] for error in response.json()["errors"]] == ["body.customer_id"]


async def test_no_personal_data_stands_in_the_log(caller: Caller) -> None:
    ticket = await opened(caller)
    await caller.post(f"/v1/tickets/{ticket['id']}/cancellation", {"reason": "客户已自行解决"})
    log = await caller.inbox.store.pool.fetchval("SELECT string_agg(data::text, ' ') FROM event")
    kept = await caller.inbox.store.pool.fetchval("SELECT string_agg(body, ' ') FROM idempotency")
    story = (await caller.get(f"/v1/tickets/{ticket['id']}/history")).text
    for words in ("王芳", "13800000000", "建国路", "空调", "周末", "自行解决"):
        assert words not in log + kept + story


@pytest.mark.requirement("R050", "R052", "R053")
async def test_the_register_filters_and_pages_newest_first(caller: Caller) -> None:
    first = await opened(caller, channel="fax", urgency="high")
    second = await opened(caller, kind="inspection", occurred_at=datetime.now(UTC).isoformat())
    everything = (await caller.get("/v1/tickets")).json()
    assert [item["id"] for item in everything["items"]] == [second["id"], first["id"]]
    page = (await caller.get("/v1/tickets", limit=1)).json()
    assert [item["id"] for item in page["items"]] == [second["id"]]
    rest = (await caller.get("/v1/tickets", limit=1, cursor=page["next_cursor"])).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([first["id"]], None)
    for wanted in (
        {"channel": "fax"},
        {"urgency": "high"},
        {"kind": "repair"},
        {"number": first["number"]},
        {"customer_id": first["customer_id"]},
    ):
        items = (await caller.get("/v1/tickets", **wanted)).json()["items"]
        assert [item["id"] for item in items] == [first["id"]], wanted
    assert (await caller.get("/v1/tickets", status="closed")).json() == {"items": [], "next_cursor": None}
    assert (await caller.get("/v1/tickets", status="lost")).status_code == 422


async def test_a_ticket_is_shown_as_it_was_known_then(caller: Caller) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    id = (await opened(caller))["id"]
    known = (await caller.inbox.store.pool.fetchval("SELECT max(recorded_at) FROM event")).isoformat()
    await caller.post(f"/v1/tickets/{id}/cancellation")
    now, then = await caller.get(f"/v1/tickets/{id}"), await caller.get(f"/v1/tickets/{id}", as_of=known)
    assert (now.json()["status"], now.headers["etag"][:3]) == ("cancelled", '"4-')
    assert (then.json()["status"], then.headers["etag"][:3]) == ("open", '"2-')
    assert then.json()["summary"] == "空调不制冷"
    assert problem(await caller.get(f"/v1/tickets/{id}", as_of=before.isoformat())) == (404, "not-found")


@pytest.mark.requirement("R047", "R068", "R069")
async def test_the_whole_journey_is_told_and_the_ticket_is_closed(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    assert problem(await caller.post(f"/v1/tickets/{id}/closure")) == (409, "ticket-not-done")
    await caller.hears(*about(id, *TRIAGE))
    await caller.hears(*about(id, *DISPATCH))
    assert (await caller.get(f"/v1/tickets/{id}")).json()["status"] == "accepted"
    assert problem(await caller.post(f"/v1/tickets/{id}/closure", {})) == (409, "callback-required")
    assert problem(await caller.post(f"/v1/tickets/{id}/cancellation", {})) == (409, "ticket-accepted")
    await caller.hears(*about(id, *SURVEY))
    closed = await caller.post(f"/v1/tickets/{id}/closure")
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    story = (await caller.get(f"/v1/tickets/{id}/history")).json()
    assert story["next_cursor"] is None
    changes = [item["fields"] for item in story["items"] if item["type"] == "intake.TicketStatusChanged"]
    assert changes[-1] == {"status": "closed", "because_of": "intake.TicketClosed"}
    assert {change["because_of"] for change in changes[:-1]} < {item["id"] for item in story["items"]}
    assert "rework" in {change["status"] for change in changes}
    types = [item["type"] for item in story["items"] if item["fields"] not in changes]
    own = ["intake.TicketOpened", "intake.WarrantyAssessed", "intake.TicketClosed"]
    assert sorted(types) == sorted([*own, *(event.type_name for event in [*TRIAGE, *DISPATCH, *SURVEY])])
    assert [type for type in types if type.startswith("intake.")] == own
    assert {item["source"] for item in story["items"]} == {"intake", "triage", "dispatch", "survey"}


async def test_a_story_is_paged_earliest_first(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    await caller.hears(*about(id, *TRIAGE))
    everything = (await caller.get(f"/v1/tickets/{id}/history")).json()["items"]
    assert [item["occurred_at"] for item in everything] == sorted(item["occurred_at"] for item in everything)
    paged: list[Any] = []
    cursor: dict[str, str] = {}
    while len(paged) < 10:
        page = (await caller.get(f"/v1/tickets/{id}/history", limit=2, **cursor)).json()
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert paged == everything


@pytest.mark.requirement("R060")
async def test_a_ticket_helped_from_afar_is_closed(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    await caller.hears(TriageStarted(ticket_id=id, customer_id=id), RemoteSupportStarted(ticket_id=id))
    assert (await caller.get(f"/v1/tickets/{id}", min_version=4)).json()["status"] == "in_triage"
    await caller.hears(RemoteSupportSucceeded(ticket_id=id))
    assert (await caller.get(f"/v1/tickets/{id}")).json()["status"] == "repaired"
    assert (await caller.post(f"/v1/tickets/{id}/closure", {})).json()["status"] == "closed"


async def test_a_cancelled_ticket_stays_cancelled(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    cancelled = await caller.post(f"/v1/tickets/{id}/cancellation", {"reason": "客户已自行解决"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert problem(await caller.post(f"/v1/tickets/{id}/cancellation")) == (409, "ticket-cancelled")
    assert problem(await caller.post(f"/v1/tickets/{id}/closure")) == (409, "ticket-cancelled")
    await caller.hears(*about(id, *TRIAGE))
    assert (await caller.get(f"/v1/tickets/{id}")).json()["status"] == "cancelled"


async def test_what_is_heard_of_a_ticket_nobody_opened_breaks_nothing(caller: Caller) -> None:
    id = str(uuid4())
    await caller.hears(*about(id, *TRIAGE))
    assert problem(await caller.get(f"/v1/tickets/{id}")) == (404, "not-found")


@pytest.mark.parametrize("path", ["", "/history"])
async def test_an_unknown_ticket_is_not_found_and_a_malformed_id_is_said_so(caller: Caller, path: str) -> None:
    assert problem(await caller.get(f"/v1/tickets/{uuid4()}{path}")) == (404, "not-found")
    assert (await caller.get(f"/v1/tickets/WX1{path}")).status_code == 422


@pytest.mark.parametrize("path", ["cancellation", "closure"])
async def test_an_unknown_ticket_takes_no_command(caller: Caller, path: str) -> None:
    assert problem(await caller.post(f"/v1/tickets/{uuid4()}/{path}", {})) == (404, "not-found")


async def test_a_stale_version_changes_nothing(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    stale = await caller.post(f"/v1/tickets/{id}/cancellation", {}, **{"If-Match": '"1"'})
    assert problem(stale) == (412, "stale-version")
    fresh = await caller.post(f"/v1/tickets/{id}/cancellation", {}, **{"If-Match": '"2"'})
    assert fresh.status_code == 200


@pytest.mark.requirement("R227")
async def test_only_the_desk_registers_but_all_staff_read(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    caller.as_role("engineer")
    for path, body in (
        ("", FORM),
        (f"/{id}/cancellation", {}),
        (f"/{id}/duplicate", {"of": id}),
        (f"/{id}/closure", {}),
    ):
        assert problem(await caller.post(f"/v1/tickets{path}", body)) == (403, "forbidden")
    assert problem(await caller.post("/v1/customers", CONTACT)) == (403, "forbidden")
    assert (await caller.get(f"/v1/tickets/{id}")).status_code == 200


async def test_a_manager_decides_once_about_all_that_a_late_report_said(caller: Caller) -> None:
    id = (await opened(caller, occurred_at=(datetime.now(UTC) - timedelta(days=9)).isoformat()))["id"]
    other = (await opened(caller, occurred_at=(datetime.now(UTC) - timedelta(days=9)).isoformat()))["id"]
    caller.as_person("director", "manager")
    pending = (await caller.get("/v1/evidence", status="pending", ticket_id=id)).json()["items"]
    assert {late["type"] for late in pending} == {"intake.TicketOpened", "intake.WarrantyAssessed"}
    before = {"occurred_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
    assert problem(await caller.post(f"/v1/evidence/{pending[0]['id']}/acceptance", before)) == (409, "before-evidence")
    assert (await caller.post(f"/v1/evidence/{pending[0]['id']}/acceptance")).status_code == 200
    assert problem(await caller.post(f"/v1/evidence/{pending[1]['id']}/acceptance")) == (409, "evidence-accepted")
    left = (await caller.get("/v1/evidence", status="pending")).json()["items"]
    assert {late["ticket_id"] for late in left} == {other}


async def test_the_story_shows_by_how_much_a_clock_was_ahead(caller: Caller) -> None:
    ahead = (await opened(caller, occurred_at=(datetime.now(UTC) + timedelta(minutes=4)).isoformat()))["id"]
    now = (await opened(caller))["id"]
    skews = [(await caller.get(f"/v1/tickets/{id}/history")).json()["items"][0]["skew_ms"] for id in (ahead, now)]
    assert 200_000 < skews[0] <= 240_000
    assert skews[1] is None


async def test_a_follower_hears_of_tickets_and_of_no_customers(caller: Caller) -> None:
    ticket = await opened(caller)
    await caller.post(f"/v1/tickets/{ticket['id']}/cancellation", {"reason": "x"})
    told = await caller.follows("/v1/tickets/stream")
    assert {event["type"] for event in told} >= {"intake.TicketOpened", "intake.TicketCancelled"}
    assert {event["subject"] for event in told} == {ticket["id"]}
    assert "王芳" not in str(told)
