"""Policies as data: the one that ships works, and one that cannot work is refused with every place and reason."""

from importlib.resources import files
from typing import Any

import msgspec
import pytest

from services.sla.domain.opening_hours import WEEKDAYS
from services.sla.domain.policy import Flawed, SiteHours, decode
from services.sla.domain.shipped import DEMO, LIBRARY

SHIPPED = files("services.sla").joinpath("policies", "demo.json").read_bytes()
FOUR_HOURS = {"amount": 4, "unit": "hours"}
EVER = dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),))


def written(**changes: Any) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(SHIPPED) | changes)


def with_target(**changes: Any) -> bytes:
    targets = msgspec.json.decode(SHIPPED)["targets"]
    return written(targets=[targets[0] | changes, *targets[1:]])


def with_calendar(**changes: Any) -> bytes:
    return written(calendars={"office": {"timezone": "Asia/Shanghai", "weekly_hours": EVER} | changes})


def test_the_demo_policy_has_three_clocks_in_swedish_office_hours() -> None:
    assert [target.metric for target in DEMO.targets] == ["response", "on_site", "fix"]
    assert {hours.timezone for hours in DEMO.calendars.values() if isinstance(hours, SiteHours)} == {"Europe/Stockholm"}
    assert LIBRARY.policies_in_force == ("demo/1",)


def test_what_ends_with_a_cancelled_ticket_ends_with_a_duplicate_too() -> None:
    for target in DEMO.targets:
        assert {"intake.TicketCancelled", "intake.TicketMarkedDuplicate"} <= {*target.cancel}


def test_a_shipped_policy_cites_the_requirements_it_serves() -> None:
    for policy in LIBRARY.policies.values():
        assert all(source.startswith("R") for target in policy.targets for source in target.sources)


@pytest.mark.parametrize(
    "policy",
    [
        with_calendar(),
        written(calendars={"office": "cn-office"}),
        with_target(within=FOUR_HOURS, by_level={}),
        with_target(start=[{"event": "dispatch.AppointmentConfirmed", "at": "end"}], stop=["dispatch.OnSiteArrived"]),
        with_target(start=["dispatch.RepairRejected"], stop=["dispatch.RepairCompleted"]),
        with_target(applies_when={"warranty": ["in_warranty"], "region": {"not": ["350100"]}, "level": [1, 2]}),
        with_calendar(zone_from={"event": "intake.TicketOpened", "field": "channel"}),
    ],
)
def test_what_can_work_is_taken(policy: bytes) -> None:
    assert decode(policy).name == "demo/1"


@pytest.mark.parametrize(
    ("policy", "place", "reason"),
    [
        (b"{", "document", "truncated"),
        (written(colour="red"), "document", "colour"),
        (written(targets=[]), "targets", "at least one"),
        (written(level_until_classified=7), "level_until_classified", "<= 4"),
        (with_calendar(timezone="Mars/Base"), "calendars", "IANA"),
        (with_calendar(weekly_hours={}), "calendars.office.weekly_hours", "never end"),
        (with_calendar(weekly_hours={"mon": [["00:00", "23:59"]]}), "calendars.office.weekly_hours.mon", "24:00"),
        (with_calendar(weekly_hours={"mon": [["09:00", "09:00"]]}), "calendars.office.weekly_hours.mon", "itself"),
        (
            with_calendar(zone_from={"event": "intake.Rang", "field": "x"}),
            "calendars.office.zone_from.event",
            "intake.Rang",
        ),
        (
            with_calendar(zone_from={"event": "intake.TicketOpened", "field": "x"}),
            "calendars.office.zone_from.field",
            "field x",
        ),
        (with_target(calendar="shop"), "targets[0].calendar", "no calendar is called shop"),
        (with_target(start=[]), "targets[0].start", "starts it"),
        (with_target(stop=[]), "targets[0].stop", "stops it"),
        (with_target(stop=["intake.TicketOpened"]), "targets[0].stop", "the same event"),
        (
            with_target(start=["dispatch.OnSiteArrived"], stop=["triage.FaultClassified"]),
            "targets[0].stop",
            "after what starts it",
        ),
        (with_target(stop=["triage.Guessed"]), "targets[0].stop[0].event", "no service tells triage.Guessed"),
        (
            with_target(stop=[{"event": "triage.FaultClassified", "where": {"mood": ["good"]}}]),
            "targets[0].stop[0].where.mood",
            "no field mood",
        ),
        (
            with_target(stop=[{"event": "triage.CauseDetermined", "where": {"cause": ["ghosts"]}}]),
            "targets[0].stop[0].where.cause",
            "never 'ghosts'",
        ),
        (
            with_target(stop=[{"event": "dispatch.OnSiteArrived", "at": "end"}]),
            "targets[0].stop[0].at",
            "no field end",
        ),
        (with_target(pause=["dispatch.WorkPaused"]), "targets[0].resume", "resume"),
        (with_target(applies_when={"kind": ["magic"]}), "targets[0].applies_when.kind", "never 'magic'"),
        (written(applies_when={"moon": ["full"]}), "applies_when", "moon"),
        (with_target(by_level={}), "targets[0].within", "time allowed"),
        (with_target(by_level={"3": {"amount": 0, "unit": "hours"}}), "targets[0].by_level[...].amount", "> 0"),
        (with_target(within={"amount": 1.5, "unit": "business_days"}), "targets[0].within", "whole"),
        (with_target(within={"amount": 1, "unit": "days"}), "targets[0].within.unit", "days"),
        (with_target(warn_at=1), "targets[0].warn_at", "< 1"),
    ],
)
def test_a_policy_that_cannot_work_is_refused_with_the_place_and_the_reason(
    policy: bytes, place: str, reason: str
) -> None:
    with pytest.raises(Flawed) as refusal:
        decode(policy)
    (flaw,) = [flaw for flaw in refusal.value.flaws if reason in flaw[1]]
    assert flaw[0].startswith(place)


def test_every_flaw_is_told_at_once() -> None:
    with pytest.raises(Flawed) as refusal:
        decode(with_target(start=[], stop=[], calendar="shop"))
    assert len(refusal.value.flaws) == 3
