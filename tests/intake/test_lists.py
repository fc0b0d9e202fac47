"""The register as a list: filters, spans, sort, and its counts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.caller import Caller
from tests.intake.test_accounts import customer, installed, signed
from tests.intake.test_api import opened, problem

LIST, COUNTS = "/v1/tickets", "/v1/tickets/counts"
NOW = datetime.now(UTC).replace(microsecond=0)


async def listed(caller: Caller, **query: Any) -> list[str]:
    answer = await caller.get(LIST, **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def three(caller: Caller) -> list[str]:
    """Tickets of three days and two regions, the oldest first."""
    days = [(NOW - timedelta(days=day), region) for day, region in ((2, "华东"), (1, "华北"), (0, "华东"))]
    made = [await opened(caller, occurred_at=at.isoformat(), region=region) for at, region in days]
    return [ticket["id"] for ticket in made]


async def test_by_id_by_region_and_by_when_they_were_opened(caller: Caller) -> None:
    first, second, third = await three(caller)
    assert await listed(caller, sort="opened_at") == [first, second, third]
    assert await listed(caller, id=[first, third], sort="opened_at") == [first, third]
    assert await listed(caller, region="华东") == [third, first]
    assert await listed(caller, region=["华东", "华北"], sort="opened_at") == [first, second, third]
    from_second = {"opened_from": (NOW - timedelta(days=1)).isoformat()}
    assert await listed(caller, **from_second) == [third, second]
    assert await listed(caller, **from_second, opened_to=NOW.isoformat()) == [second]
    assert await listed(caller, opened_to=(NOW - timedelta(days=1)).isoformat()) == [first]


async def test_a_page_goes_on_in_its_sort(caller: Caller) -> None:
    first, second, third = await three(caller)
    page = (await caller.get(LIST, sort="opened_at", limit=2)).json()
    assert [item["id"] for item in page["items"]] == [first, second]
    assert await listed(caller, sort="opened_at", cursor=page["next_cursor"]) == [third]
    assert (await caller.get(LIST, cursor=page["next_cursor"])).json()["code"] == "invalid-cursor"


async def test_a_span_that_ends_before_it_begins_is_no_span(caller: Caller) -> None:
    span = {"opened_from": NOW.isoformat(), "opened_to": NOW.isoformat()}
    for path, more in ((LIST, {}), (COUNTS, {"group_by": "status"})):
        answer = await caller.get(path, **span, **more)
        assert (answer.status_code, answer.json()["code"]) == (422, "empty-range")
        assert answer.json()["errors"][0]["field"] == "query.opened_to"


async def test_counts_are_of_the_same_filters(caller: Caller) -> None:
    await three(caller)
    await opened(caller)
    regions = (await caller.get(COUNTS, group_by="region")).json()
    expected = [{"value": "华东", "count": 2}, {"value": "华北", "count": 1}, {"value": None, "count": 1}]
    assert sorted(regions["items"], key=str) == sorted(expected, key=str)
    assert (regions["total"], regions["complete"]) == (4, True)
    east = (await caller.get(COUNTS, group_by="status", region="华东")).json()
    assert east == {"total": 2, "complete": True, "items": [{"value": "open", "count": 2}]}
    assert (await caller.get(COUNTS, group_by="status", status="closed")).json()["items"] == []
    assert (await caller.get(COUNTS, group_by="status", page=2)).status_code == 422


@pytest.mark.requirement("R180")
async def test_by_customer_by_asset_and_by_contract_in_list_counts_and_sheet(caller: Caller) -> None:
    mine, other = await customer(caller), await customer(caller)
    contract = await signed(caller, mine)
    covered, bare = await installed(caller, mine, contracts=[contract]), await installed(caller, mine, serial="SN-2")
    forms = [{"asset_id": covered}, {"contract": "ＨＴ-2026-0113"}, {"asset_id": bare}, {}]
    tickets = [await _of(caller, mine, **form) for form in forms]
    await _of(caller, other, contract="HT-2026-0113")
    for asked, found in (
        ({"customer_id": mine}, tickets),
        ({"asset_id": covered}, tickets[:1]),
        ({"asset_id": [covered, bare]}, [tickets[0], tickets[2]]),
        ({"contract_id": contract}, tickets[:2]),
        ({"contract_id": [contract, mine], "asset_id": bare}, []),
    ):
        assert await listed(caller, **asked, sort="opened_at") == found
        assert (await caller.get(COUNTS, **asked, group_by="status")).json()["total"] == len(found)
        caller.as_person("director", "manager")
        rows = (await caller.get("/v1/tickets/export", **asked)).text.splitlines()
        assert len(rows) == len(found) + 1
        caller.as_person("anna", "agent")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("region", "东", (422, "malformed")), ("contract_id", str(UUID(int=1)), (414, "target-too-long"))],
)
async def test_a_filter_of_too_many_values_is_refused(
    caller: Caller, name: str, value: str, said: tuple[int, str]
) -> None:
    assert problem(await caller.get(LIST, **{name: [value] * 201})) == said


async def _of(caller: Caller, customer_id: str, **fields: Any) -> str:
    form = {"channel": "phone", "kind": "repair", "summary": "空调不制冷", "customer_id": customer_id, **fields}
    answer = await caller.post(LIST, form)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def test_counting_stops_and_says_so(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    await three(caller)
    for most, total, complete in ((2, 2, False), (3, 3, False), (4, 3, True)):
        monkeypatch.setattr("libs.chassis.http.reads.MOST_COUNTED", most)
        counted = (await caller.get(COUNTS, group_by="status")).json()
        assert (counted["total"], counted["complete"]) == (total, complete), most
