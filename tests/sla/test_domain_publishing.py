"""Publishing, told as stories: who may do what to a policy or a shared calendar, and when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from libs.events.contracts.sla.rules import CalendarPublished, PolicyPublished
from services.sla.policies.domain.draft import drafted as what_if_drafted
from services.sla.policies.domain.policy import Flawed, decode
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shared_calendar import decode_calendar
from services.sla.publishing.domain.rule import (
    Approve,
    CalendarApproved,
    CalendarDrafted,
    CalendarRetired,
    Create,
    Draft,
    OrderReassessment,
    PolicyApproved,
    PolicyDrafted,
    PolicyReassessmentOrdered,
    PolicyRetired,
    Publish,
    Retire,
)
from services.sla.publishing.domain.rules import CALENDAR, POLICY, rules_under
from tests.sla.publishing import Document, shared, written
from tests.sla.rules import CHINA, library
from tests.spec import Given

VIP, NEXT, OFFICE = written(), written(within=1), shared()
NOTHING = library()
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def policy(rules: Library = NOTHING) -> Given:
    return Given(rules_under(POLICY, rules))


def calendar(rules: Library = NOTHING) -> Given:
    return Given(rules_under(CALENDAR, rules))


def drafted(document: Document = VIP, by: str = "mia") -> PolicyDrafted:
    return PolicyDrafted(id="vip", document=document, by=by)


def published(number: int = 1, document: Document = VIP) -> PolicyPublished:
    whole = document | {"version": number}
    return PolicyPublished(id="vip", number=number, known_as=f"vip/{number}", document=whole, by="dora")


def counting_in(calendar_id: str, *in_force: str) -> Library:
    """A library with a policy in force that counts in a shared calendar, and these calendars in force."""
    one = decode(msgspec.json.encode(written("user", calendar=calendar_id)))
    return Library(policies={one.name: one}, policies_in_force=(one.name,), calendars_in_force=in_force)


APPROVED = PolicyApproved(id="vip", by="dora")


def test_a_draft_is_kept_as_it_was_written() -> None:
    new = policy()
    assert new.when(Create("vip", VIP, "mia")) == [drafted()]
    assert new.given(drafted()).status == "draft"


def test_an_id_is_given_once() -> None:
    with policy().given(drafted()).refuses("id-taken") as taken:
        taken.when(Create("vip", NEXT, "mia"))
    with policy().refuses("id-taken") as ships:
        ships.when(Create("demo", written("demo"), "mia"))


def test_the_same_draft_again_says_nothing_and_another_replaces_it() -> None:
    approved = policy().given(drafted(), APPROVED)
    assert approved.status == "approved"
    assert approved.when(Draft("vip", VIP, "mia")) == []
    assert approved.when(Draft("vip", NEXT, "mia")) == [drafted(NEXT)]
    with approved.given(drafted(NEXT)).refuses("not-approved") as replaced:
        replaced.when(Publish("vip", "dora"))


def test_two_people_stand_behind_a_rule() -> None:
    with policy().given(drafted(by="dora")).refuses("own-draft") as own:
        own.when(Approve("vip", "dora"))
    assert policy().given(drafted()).when(Approve("vip", "dora")) == [APPROVED]
    assert policy().given(drafted(), APPROVED).when(Approve("vip", "dirk")) == []


def test_who_takes_over_a_draft_is_its_author() -> None:
    taken_over = policy().given(drafted(by="mia"))
    assert taken_over.when(Draft("vip", VIP, "dora")) == [drafted(by="dora")]


def test_versions_count_from_one_whatever_the_document_says() -> None:
    first = policy().given(drafted(VIP | {"version": 7}), APPROVED)
    assert first.when(Publish("vip", "dora")) == [published(1)]
    second = first.given(published(1), drafted(NEXT), APPROVED)
    assert second.when(Publish("vip", "dora")) == [published(2, NEXT)]
    assert second.given(published(2, NEXT)).status == "published"


def test_what_ships_goes_on_with_its_next_version() -> None:
    document = written("demo")
    ships = policy().given(PolicyDrafted(id="demo", document=document, by="mia"), PolicyApproved(id="demo", by="dora"))
    (event,) = ships.when(Publish("demo", "dora"))
    assert event == PolicyPublished(
        id="demo", number=2, known_as="demo/2", document=document | {"version": 2}, by="dora"
    )
    assert policy().when(Retire("demo", "dora")) == [PolicyRetired(id="demo", number=1, by="dora")]


def test_nothing_is_published_twice() -> None:
    with policy().given(drafted(), APPROVED, published()).refuses("no-draft") as done:
        done.when(Publish("vip", "dora"))
        done.when(Approve("vip", "dora"))


def test_a_retired_rule_comes_back_with_a_new_version() -> None:
    retired = policy().given(drafted(), APPROVED, published(), PolicyRetired(id="vip", number=1, by="dora"))
    assert retired.status == "retired"
    assert retired.when(Retire("vip", "dora")) == []
    back = retired.given(drafted(NEXT), APPROVED)
    assert back.when(Publish("vip", "dora")) == [published(2, NEXT)]
    assert back.given(published(2, NEXT)).status == "published"


@pytest.mark.parametrize("command", [Draft("vip", VIP, "mia"), Approve("vip", "mia"), Publish("vip", "mia")])
def test_there_has_to_be_one(command: Any) -> None:
    with policy().refuses("unknown-rule") as nothing:
        nothing.when(command)


def test_only_what_was_published_is_retired_or_a_reason_to_work_tickets_out_again() -> None:
    with policy().given(drafted()).refuses("not-published") as draft:
        draft.when(Retire("vip", "dora"))
    with policy().given(drafted()).refuses("not-published") as draft:
        draft.when(OrderReassessment("vip", "o1", "dora"))
    live = policy().given(drafted(), APPROVED, published())
    assert live.when(OrderReassessment("vip", "o1", "dora", "fix", ["t1"])) == [
        PolicyReassessmentOrdered(id="vip", order_id="o1", by="dora", metric="fix", ticket_ids=["t1"])
    ]
    assert live.given(PolicyReassessmentOrdered(id="vip", order_id="o1", by="dora")).status == "published"


def test_a_document_that_cannot_work_is_no_draft() -> None:
    with pytest.raises(Flawed) as flawed:
        policy().when(Create("vip", written(targets=[]), "mia"))
    assert flawed.value.flaws == [("targets", "it needs at least one target")]
    with pytest.raises(Flawed) as stray:
        policy().given(drafted()).when(Draft("vip", written("other"), "mia"))
    assert stray.value.flaws == [("id", "it is the draft of vip")]


HOURLY: Document = {"timezone": "Asia/Shanghai", "weekly_hours": {"mon": [["09:00", "10:00"]]}}


@pytest.mark.parametrize("duration", [{"amount": 5201, "unit": "hours"}, {"amount": 5201, "unit": "business_days"}])
def test_a_target_that_its_calendar_does_not_hold_is_no_draft(duration: Document) -> None:
    document = written(calendar=HOURLY)
    document["targets"][1] |= {"by_level": {"2": duration}}
    with pytest.raises(Flawed) as flawed:
        policy().when(Create("vip", document, "mia"))
    assert [place for place, _ in flawed.value.flaws] == ["targets[1].by_level.2"]
    document["targets"][1]["by_level"]["2"]["amount"] = 5200
    assert policy().when(Create("vip", document, "mia")) == [drafted(document)]


def test_a_shared_calendar_holds_the_targets_of_the_policies_that_count_in_it() -> None:
    short = decode_calendar(msgspec.json.encode(shared(**HOURLY)))
    long = decode(msgspec.json.encode(written(within=5201, calendar="cn-office")))
    rules = Library({long.name: long}, {"cn-office/1": short}, (long.name,), ("cn-office/1",))
    approved = [drafted(written(within=5201, calendar="cn-office")), APPROVED]
    with pytest.raises(Flawed):
        policy(rules).given(*approved).when(Publish("vip", "dora"))
    story = [
        CalendarDrafted(id="cn-office", document=shared(**HOURLY), by="mia"),
        CalendarApproved(id="cn-office", by="dora"),
    ]
    with calendar(rules).given(*story).refuses("calendar-too-short") as too_short:
        too_short.when(Publish("cn-office", "dora"))


def test_a_policy_is_published_when_the_calendars_that_it_counts_in_are() -> None:
    story = [drafted(written(calendar="cn-office")), APPROVED]
    with policy(library()).given(*story).refuses("calendar-not-published") as early:
        early.when(Publish("vip", "dora"))
    ready = policy(
        Library(
            calendars={"cn-office/3": decode_calendar(msgspec.json.encode(OFFICE))}, calendars_in_force=("cn-office/3",)
        )
    ).given(*story)
    assert [type(event) for event in ready.when(Publish("vip", "dora"))] == [PolicyPublished]


def test_a_calendar_is_retired_when_no_policy_in_force_counts_in_it() -> None:
    story = [
        CalendarDrafted(id="cn-office", document=OFFICE, by="mia"),
        CalendarApproved(id="cn-office", by="dora"),
        CalendarPublished(
            id="cn-office", number=1, known_as="cn-office/1", document=OFFICE | {"version": 1}, by="dora"
        ),
    ]
    with calendar(counting_in("cn-office", "cn-office/1")).given(*story).refuses("calendar-in-use") as used:
        used.when(Retire("cn-office", "dora"))
    free = calendar(counting_in("other", "other/1")).given(*story)
    assert free.when(Retire("cn-office", "dora")) == [CalendarRetired(id="cn-office", number=1, by="dora")]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"weekly_hours": {}}, "weekly_hours"),
        ({"weekly_hours": {"mon": [["09:00", "09:00"]]}}, "weekly_hours.mon"),
        ({"zone_from": {"event": "intake.TicketOpened", "field": "moon"}}, "zone_from.field"),
        ({"zone_from": {"event": "nobody.Says", "field": "timezone"}}, "zone_from.event"),
        ({"timezone": "Mars/Base"}, "document"),
        ({"title": None}, "title"),
        ({"id": "Ä"}, "id"),
    ],
)
def test_a_calendar_that_no_clock_can_count_in_is_refused_with_the_place(changes: Document, place: str) -> None:
    with pytest.raises(Flawed) as flawed:
        decode_calendar(msgspec.json.encode(shared(**changes)))
    assert [where for where, _ in flawed.value.flaws] == [place]


FOR_GOOD = CHINA | {"holidays": [["2027-05-01T00:00:00+08:00", "9999-12-31T00:00:00+08:00"]]}
DAY_BY_DAY = CHINA | {"holidays": [(date(2030, 1, 1) + timedelta(days=n)).isoformat() for n in range(10 * 366)]}
OPENED_ONCE = CHINA | {"extra_working": [{"date": "2200-01-01", "hours": [["09:00", "10:00"]]}], **FOR_GOOD}


@pytest.mark.parametrize("hours", [FOR_GOOD, DAY_BY_DAY, OPENED_ONCE])
def test_a_rule_by_which_a_clock_would_not_end_in_time_passes_no_gate(hours: Document) -> None:
    own = written(calendar=hours)
    with pytest.raises(Flawed) as flawed:
        policy().when(Create("vip", own, "mia"))
    assert {place for place, _ in flawed.value.flaws} >= {"targets[1].within"}
    with pytest.raises(Flawed):
        policy().given(drafted(own)).when(Approve("vip", "dora"))
    with pytest.raises(Flawed):
        policy().given(drafted(own), APPROVED).when(Publish("vip", "dora"))
    with pytest.raises(Flawed):
        calendar().when(Create("cn-office", shared(**hours), "mia"))
    with pytest.raises(Flawed):
        what_if_drafted(library(), own, {}, alone=True, at=NOW)


def test_the_longest_pausing_counts_when_a_gate_asks_whether_a_target_ends() -> None:
    pausing = {"pause": ["dispatch.WorkPaused"], "resume": ["dispatch.WorkResumed"]}
    some = written(calendar=HOURLY)
    some["targets"][1] |= pausing | {"within": {"amount": 5000, "unit": "hours"}}
    assert policy().when(Create("vip", some, "mia")) == [drafted(some)]
    some["targets"][1] |= {"pause_at_most": {"amount": 5000, "unit": "hours"}}
    with pytest.raises(Flawed) as flawed:
        policy().when(Create("vip", some, "mia"))
    assert [place for place, _ in flawed.value.flaws] == ["targets[1].within"]


def test_ordinary_holidays_and_a_long_closure_pass() -> None:
    closed = CHINA | {"holidays": [["2027-05-01T00:00:00+08:00", "2028-05-01T00:00:00+08:00"], "2029-05-01"]}
    assert policy().when(Create("vip", written(calendar=closed), "mia")) == [drafted(written(calendar=closed))]
