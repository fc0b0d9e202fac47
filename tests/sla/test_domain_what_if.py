"""Replays: what may be asked for, how one ends, and what a comparison says."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.background.job import Complete
from services.sla.policies.domain.draft import Document, drafted, under
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import Flawed
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import DEMO, LIBRARY
from services.sla.replays.domain.comparison import Comparison, Filter
from services.sla.replays.domain.findings import CHANGES_AT_MOST, GROUPS_AT_MOST, Change, Findings, Result
from services.sla.replays.domain.summary import Group, Summary
from services.sla.replays.domain.what_if import ReplayCompleted, ReplayRequested, RequestReplay, replays
from tests.sla.test_domain_laws import END, SETTINGS, heard, rules, tickets
from tests.sla.ticket import T, Ticket, fact, on
from tests.spec import MONDAY, Given

DEMO_DOCUMENT: Document = msgspec.json.decode(msgspec.json.encode(DEMO))
EVERY_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NOW = on("mon 00:00")


def demo(**changes: Any) -> Document:
    return DEMO_DOCUMENT | changes


def response_within(hours: float, **changes: Any) -> Document:
    target = DEMO_DOCUMENT["targets"][0] | {"by_level": {}, "within": {"amount": hours, "unit": "hours"}}
    return demo(version=2, targets=[target, *DEMO_DOCUMENT["targets"][1:]], **changes)


REQUEST = RequestReplay(
    id="r",
    policy=response_within(2),
    calendars={},
    alone=False,
    opened_from=on("mon 00:00"),
    opened_to=on("tue 00:00"),
    filter=Filter(),
)


def compared(
    policy: Document | str, *stories: Sequence[Fact], until: str = "mon+2 00:00", filter: Filter | None = None
) -> Result:
    comparison = Comparison(under(LIBRARY, drafted(LIBRARY, policy, {}, False, at=NOW)), filter or Filter(), on(until))
    for number, facts in enumerate(stories):
        ticket = Ticket()
        ticket.hear(*facts)
        ticket.release(on(until))
        comparison.add(f"ticket-{number}", ticket.state.facts, ticket.state.judged)
    return comparison.found.result()


def answered(opened: str, classified: str, **attributes: Any) -> list[Fact]:
    return [fact("opened", opened, None, kind="repair", **attributes), fact("classified", classified, None, level=3)]


def whole(result: Result, metric: str = "response") -> Group:
    (group,) = [group for group in result.groups if (group.metric, group.by) == (metric, "all")]
    return group


def test_a_draft_takes_the_place_of_its_policy_and_is_kept_by_value() -> None:
    (requested,) = Given(replays).when(REQUEST)
    assert isinstance(requested, ReplayRequested)
    assert (requested.draft.policies, requested.draft.calendars) == (("demo/2",), ())
    assert (requested.draft.policy, requested.as_of) == (response_within(2), MONDAY)


def test_a_policy_with_another_id_stands_beside_those_in_force_unless_alone() -> None:
    assert drafted(LIBRARY, demo(id="vip"), {}, alone=False, at=NOW).policies == ("demo/1", "vip/1")
    assert drafted(LIBRARY, demo(id="vip"), {}, alone=True, at=NOW).policies == ("vip/1",)


def test_a_published_version_can_be_tried_by_its_name() -> None:
    draft = drafted(LIBRARY, "demo/1", {}, alone=True, at=NOW)
    assert (draft.policies, draft.policy) == (("demo/1",), None)


def test_a_drafted_calendar_takes_the_place_of_the_shared_one() -> None:
    hours = {"timezone": "Asia/Shanghai", "weekly_hours": EVERY_DAY}
    shared = demo(calendars={"office": "cn-office"})
    with Given(replays).refuses("unknown-rules") as nothing:
        nothing.when(replace(REQUEST, policy=shared))
    draft = drafted(LIBRARY, shared, {"cn-office": hours}, alone=False, at=NOW)
    assert draft.calendars == ("cn-office/draft",)
    book = under(LIBRARY, draft).rulebook(draft.policies, draft.calendars)
    assert {one.calendar_name for one in book.candidates("fix", [])} == {"cn-office/draft"}


def test_a_library_with_a_draft_shares_nothing_that_live_clocks_count_in() -> None:
    draft = drafted(
        LIBRARY,
        demo(calendars={"office": {"timezone": "UTC", "weekly_hours": EVERY_DAY}}),
        {},
        False,
        at=on("mon 00:00"),
    )
    before = dict(LIBRARY.policies), LIBRARY.policies_in_force
    compared(draft.policy or "", answered("mon 09:00", "mon 10:00"))
    assert (dict(LIBRARY.policies), LIBRARY.policies_in_force) == before
    (live,) = {one.calendar for one in LIBRARY.rulebook(("demo/1",), ()).candidates("fix", [])}
    assert live.hours.timezone == "Europe/Stockholm"


@pytest.mark.parametrize(
    ("policy", "calendars", "place"),
    [
        (demo(targets=[]), {}, "policy.targets"),
        (demo(colour="red"), {}, "policy.document"),
        (demo(calendars={"office": {"timezone": "Mars/Base", "weekly_hours": EVERY_DAY}}), {}, "policy.calendars"),
        (None, {"cn-office": {"timezone": "UTC", "weekly_hours": {}}}, "calendars.cn-office.weekly_hours"),
        (None, {"cn-office": {"timezone": "Mars/Base", "weekly_hours": EVERY_DAY}}, "calendars.cn-office"),
        (None, {"cn-office": {"timezone": 7}}, "calendars.cn-office.timezone"),
    ],
)
def test_a_document_that_cannot_work_is_told_with_its_place(
    policy: Document | None, calendars: dict[str, Document], place: str
) -> None:
    with pytest.raises(Flawed) as refusal:
        Given(replays).when(replace(REQUEST, policy=policy, calendars=calendars))
    assert refusal.value.flaws[0][0].startswith(place)


@pytest.mark.parametrize(
    "changes",
    [{"policy": "demo/9"}, {"policy": demo(calendars={"office": "cn-office"})}],
)
def test_what_is_not_published_cannot_be_tried(changes: dict[str, Any]) -> None:
    with Given(replays).refuses("unknown-rules") as nothing:
        nothing.when(replace(REQUEST, **changes))
    with pytest.raises(Exception, match="No policy is in force"):
        drafted(
            Library(), None, {"cn-office": {"timezone": "UTC", "weekly_hours": EVERY_DAY}}, False, at=on("mon 00:00")
        )


def test_a_replay_ends_with_its_comparison() -> None:
    completed = ReplayCompleted(id="r", result=Result(tickets=0, groups=(), left_out=0, changed=0, changes=()))
    requested = Given(replays).given(*Given(replays).when(REQUEST))
    assert requested.when(Complete(completed)) == [completed]
    assert requested.given(completed).status == "completed"


def test_a_comparison_tells_what_was_and_what_would_be() -> None:
    result = compared(
        response_within(2),
        answered("mon 09:00", "mon 10:00"),
        answered("mon 09:00", "mon 12:00"),
        answered("mon 09:00", "mon 15:00"),
        [fact("opened", "mon 09:00"), fact("cancelled", "mon 09:30")],
        [fact("opened", "mon 09:00")],
    )
    group = whole(result)
    assert group.was == Summary(
        clocks=5, met_in_time=2, met_late=1, open=1, cancelled=1, breached=2, p50=10800, p90=21600, p99=21600, max=21600
    )
    assert group.would_be == msgspec.structs.replace(group.was, met_in_time=1, met_late=2, breached=3)
    assert (group.newly_breached, group.no_longer_breached, result.tickets) == (1, 0, 5)
    (change,) = result.changes
    assert (change.ticket_id, change.metric, result.changed) == ("ticket-1", "response", 1)
    assert change.was is not None
    assert change.would_be is not None
    assert (change.was.due_at, change.would_be.due_at) == (on("mon 13:00"), on("mon 11:00"))
    assert (change.was.policy, change.would_be.policy) == ("demo/1", "demo/2")


def test_a_laxer_draft_takes_breaches_away() -> None:
    group = whole(compared(response_within(9), answered("mon 09:00", "mon 15:00")))
    assert (group.was.breached, group.would_be.breached, group.no_longer_breached) == (1, 0, 1)


def test_groups_are_by_what_clocks_and_tickets_are() -> None:
    result = compared(
        response_within(2), answered("mon 09:00", "mon 12:00", region="350100"), answered("mon 09:00", "mon 12:00")
    )
    found = {(group.by, group.value): group for group in result.groups if group.metric == "response"}
    assert found["region", "350100"].newly_breached == found["region", None].newly_breached == 1
    assert (found["policy", "demo/1"].was.clocks, found["policy", "demo/1"].would_be.clocks) == (2, 0)
    assert (found["policy", "demo/2"].was.clocks, found["policy", "demo/2"].newly_breached) == (0, 2)
    assert found["level", "3"].would_be.met_late == found["kind", "repair"].would_be.met_late == 2


def test_a_filter_leaves_out_metrics_and_tickets() -> None:
    stories = answered("mon 09:00", "mon 12:00", region="350100"), answered("mon 09:00", "mon 12:00", region="110000")
    result = compared(
        response_within(2), *stories, filter=Filter(metrics=("response",), traits={"region": ("350100",)})
    )
    assert (result.tickets, whole(result).newly_breached) == (1, 1)
    assert {group.metric for group in result.groups} == {"response"}


def test_a_clock_that_only_one_side_knows_is_compared_with_none() -> None:
    target = response_within(2)["targets"][0] | {"metric": "first_word", "within": {"amount": 1, "unit": "minutes"}}
    result = compared(demo(version=2, targets=[target]), answered("mon 09:00", "mon 15:00"))
    assert (whole(result, "first_word").was.clocks, whole(result, "first_word").newly_breached) == (0, 1)
    assert (whole(result).would_be.clocks, whole(result).no_longer_breached) == (0, 1)
    assert {(change.metric, change.was is None) for change in result.changes} >= {
        ("first_word", True),
        ("response", False),
    }


def test_a_result_stays_small_whatever_there_is_to_tell() -> None:
    stories = [answered("mon 09:00", "mon 12:00", region=f"区域{n:0>20}") for n in range(150)]
    result = compared(response_within(2), *stories)
    assert (result.changed, len(result.changes)) == (150, CHANGES_AT_MOST)
    assert (len(result.groups), result.left_out) == (GROUPS_AT_MOST, 3 * (1 + 1 + 2 + 1 + 1 + 150) - GROUPS_AT_MOST)
    assert len(msgspec.json.encode(ReplayCompleted(id=T, result=result))) < 128 * 1024


@SETTINGS
@given(tickets(), rules)
def test_the_rules_in_force_change_nothing(facts: list[Fact], rules: Library) -> None:
    ticket = heard(facts, rules)
    ticket.release(END)
    draft = drafted(rules, rules.policies_in_force[0], {}, False, at=NOW)
    comparison = Comparison(under(rules, draft), Filter(), END)
    comparison.add(T, facts, ticket.state.judged)
    result = comparison.found.result()
    assert result.changed == 0
    for group in result.groups:
        for how in ("met_in_time", "met_late", "open", "breached", "max"):
            assert getattr(group.was, how) == getattr(group.would_be, how), (group, how)


@SETTINGS
@given(tickets())
def test_a_shorter_target_never_takes_a_breach_away(facts: list[Fact]) -> None:
    ticket = heard(facts)
    ticket.release(END)
    comparison = Comparison(under(LIBRARY, drafted(LIBRARY, response_within(0.25), {}, False, at=NOW)), Filter(), END)
    comparison.add(T, facts, ticket.state.judged)
    assert all(group.no_longer_breached == 0 for group in comparison.found.result().groups)


def test_a_breach_that_a_timer_was_about_to_tell_counts_as_told() -> None:
    ticket = heard([fact("opened", "mon 09:00")])
    for until, breached in (("mon 12:59", 0), ("mon 13:00", 1)):
        comparison = Comparison(under(LIBRARY, drafted(LIBRARY, "demo/1", {}, False, at=NOW)), Filter(), on(until))
        comparison.add(T, ticket.state.facts, ticket.state.judged)
        group = whole(comparison.found.result())
        assert (group.was.breached, group.would_be.breached) == (breached, breached)


@SETTINGS
@given(st.lists(tickets(), max_size=5), st.lists(st.integers(0, 5), max_size=4))
def test_however_tickets_are_split_into_parts_the_result_is_the_same(
    stories: list[list[Fact]], cuts: list[int]
) -> None:
    library = under(LIBRARY, drafted(LIBRARY, response_within(0.25), {}, False, at=NOW))
    heard_of = [(f"ticket-{number}", facts, heard(facts)) for number, facts in enumerate(stories)]
    for _, _, ticket in heard_of:
        ticket.release(END)
    together, parted = Comparison(library, Filter(), END), Findings()
    for begin, end in pairwise(sorted({0, len(stories), *(min(cut, len(stories)) for cut in cuts)})):
        alone = Comparison(library, Filter(), END)
        for id, facts, ticket in heard_of[begin:end]:
            for comparison in (together, alone):
                comparison.add(id, facts, ticket.state.judged)
        parted.add_part(alone.found.part())
    assert parted.result() == together.found.result()


def test_of_parts_the_first_hundred_changes_are_kept_too() -> None:
    change = Change(ticket_id=T, metric="fix", was=None, would_be=None)
    found, kept = Findings(), Findings(changed=60, changes=[change] * 60).part()
    found.add_part(kept)
    found.add_part(kept)
    assert (found.result().changed, len(found.result().changes)) == (120, CHANGES_AT_MOST)
