"""The department's hotlines: kept by managers, read by all, bounded, with a history; customers read their region's."""

from typing import Any

import pytest

from libs.chassis.identity.auth import LinkClaims
from libs.events.kept_list import Keep, Remove
from services.intake.hotlines.domain import MOST, Hotline, HotlineKept, HotlineRemoved, for_region, hotlines
from tests.caller import Caller
from tests.intake.test_api import opened, problem
from tests.spec import Given

spec = Given(hotlines)
PATH = "/v1/hotlines"
FORM = {"number": "400-889-9428", "region": "华东", "hours": "7×24", "answered_by": "技术支持一组"}


def of(id: str, number: str = "400-889-9428", region: str | None = None) -> Hotline:
    return Hotline(id=id, number=number, region=region, hours="7×24", answered_by="客服中心")


def test_a_hotline_is_kept_once_changed_and_removed() -> None:
    assert spec.when(Keep(of("a"))) == [HotlineKept(hotline=of("a"))]
    one = spec.given(HotlineKept(hotline=of("a")))
    assert one.when(Keep(of("a"), known=True)) == []
    assert one.when(Keep(of("a", "800-828-5488"), known=True)) == [HotlineKept(hotline=of("a", "800-828-5488"))]
    removed = HotlineRemoved(hotline_id="a", number="400-889-9428")
    assert one.when(Remove("a")) == [removed]
    assert one.given(removed).when(Remove("a")) == []


def test_a_number_stands_once_for_a_region_however_it_is_written() -> None:
    kept = spec.given(HotlineKept(hotline=of("a", region="华东")))
    assert kept.when(Keep(of("b", region="华北"))) != []
    with kept.refuses("hotline-taken"):
        kept.when(Keep(of("b", "4008899428", "华东")))
    with kept.refuses("unknown-hotline"):
        kept.when(Keep(of("b"), known=True))
    full = spec.given(*(HotlineKept(hotline=of(str(number), f"400{number:04}")) for number in range(MOST)))
    with full.refuses("too-many-hotlines"):
        full.when(Keep(of("one more", "95500")))


@pytest.mark.requirement("R125")
def test_a_region_has_its_own_number_else_the_one_for_all() -> None:
    everywhere, east = of("a"), of("b", "0591-1234", "华东")
    assert for_region((everywhere, east), "华东") == east
    assert for_region((everywhere, east), "华北") == for_region((everywhere,), None) == everywhere
    assert for_region((east,), None) is None


@pytest.mark.requirement("R128", "R197", "R259")
async def test_a_manager_keeps_what_everybody_reads_and_the_history_says_who(caller: Caller) -> None:
    assert problem(await caller.post(PATH, FORM)) == (403, "forbidden")
    caller.as_person("director", "manager")
    caller.tokens.name = "李敏"
    answer = await caller.post(PATH, FORM)
    assert answer.status_code == 200, answer.text
    id = answer.json()["hotline_id"]
    assert problem(await caller.post(PATH, FORM)) == (409, "hotline-taken")
    assert (await caller.post(f"{PATH}/{id}", FORM | {"hours": "8:30–17:30"})).status_code == 200
    caller.as_person("anna", "agent")
    (one,) = (await caller.get(PATH)).json()["items"]
    assert one == {"id": id, **FORM, "hours": "8:30–17:30"}
    caller.as_person("director", "manager")
    assert (await caller.post(f"{PATH}/{id}/removal")).status_code == 200
    assert (await caller.get(PATH)).json()["items"] == []
    history = (await caller.get("/v1/hotline-changes")).json()["items"]
    said = [(one["change"], one["number"], one["hours"], one["actor_name"]) for one in history]
    assert said == [
        ("removed", FORM["number"], None, "李敏"),
        ("kept", FORM["number"], "8:30–17:30", "李敏"),
        ("kept", FORM["number"], "7×24", "李敏"),
    ]


@pytest.mark.parametrize("wrong", [{"number": "call us"}, {"number": "4"}, {"hours": " "}, {"answered_by": None}])
async def test_what_cannot_be_kept_is_refused(caller: Caller, wrong: dict[str, Any]) -> None:
    caller.as_person("director", "manager")
    assert problem(await caller.post(PATH, FORM | wrong)) == (422, "malformed")
    assert (await caller.get(PATH)).json() == {"items": [], "version": 0}


async def test_a_customer_reads_the_number_of_their_region(caller: Caller) -> None:
    ticket = (await opened(caller, region="华东"))["id"]
    caller.as_person("director", "manager")
    for number, region in (("95500", None), ("0591-1234", "华东")):
        await caller.post(PATH, FORM | {"number": number, "region": region})
    caller.as_role("customer")
    caller.tokens.link = LinkClaims(ticket, "progress")
    told = (await caller.get(f"/v1/tickets/{ticket}/progress")).json()
    assert told["hotline"] == {"number": "0591-1234", "hours": "7×24"}
