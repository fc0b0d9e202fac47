"""Policies as data: the one that ships works, and one that cannot work is refused with every place and reason."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from services.sla.calendars.domain.opening_hours import WEEKDAYS
from services.sla.policies.domain.policy import Flawed, SiteHours, calendar_flaws, decode
from services.sla.policies.domain.shipped import DEMO, LIBRARY, in_zone

SHIPPED = files("services.sla").joinpath("policies", "demo.json").read_bytes()
FOUR_HOURS = {"amount": 4, "unit": "hours"}
MINUTE = {"amount": 1, "unit": "minutes"}
LEVEL = {"event": "triage.FaultClassified"}
PARTS = {"event": "dispatch.WorkPaused", "where": {"reason": ["waiting-parts"]}}
MUTE = {"event": "dispatch.RepairRejected", "where": {"reasons_id": ["x"]}}
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


def test_the_shipped_policy_works_in_the_zone_of_the_department() -> None:
    here = in_zone(DEMO, "Asia/Shanghai")
    assert {hours.timezone for hours in here.calendars.values() if isinstance(hours, SiteHours)} == {"Asia/Shanghai"}
    assert (here.name, here.targets) == (DEMO.name, DEMO.targets)


def test_a_process_decides_by_the_hours_of_its_department() -> None:
    ask = (
        "from services.sla.app import service; from services.sla.publishing.domain.rules import POLICY; "
        "from services.sla.policies.domain.shipped import LIBRARY; "
        "rules = LIBRARY.policies['demo/1'], POLICY.shipped['demo']; "
        "print(*(rule.calendars['office'].timezone for rule in rules))"
    )
    for zone, told in (("", "Asia/Shanghai"), ("America/New_York", "America/New_York")):
        environment = {**os.environ, "DEPARTMENT_TIMEZONE": zone}
        run = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
        assert run.stdout.split() == [told, told]


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
        (
            with_target(pause=[PARTS], resume=["dispatch.WorkResumed"]),
            "targets[0].pause[0].where.reason",
            "waiting_par",
        ),
        (with_target(stop=[LEVEL | {"where": {"level": ["1"]}}]), "targets[0].stop[0].where.level", "never '1'"),
        (with_target(stop=[LEVEL | {"where": {"level": [True]}}]), "targets[0].stop[0].where.level", "never True"),
        (with_target(applies_when={"level": [7]}), "targets[0].applies_when.level", "never 7"),
        (with_target(stop=[MUTE]), "targets[0].stop[0].where.reasons_id", "do not keep reasons_id"),
        (with_target(within={"amount": 0.4, "unit": "seconds"}), "targets[0].within", "rounds to nothing"),
        (with_target(within={"amount": 1e-9, "unit": "hours"}), "targets[0].within", "rounds to nothing"),
        (with_target(by_level={"1": {"amount": 0.4, "unit": "seconds"}}), "targets[0].by_level", "rounds to nothing"),
        (
            with_target(resume_within={"amount": 0.4, "unit": "seconds"}),
            "targets[0].resume_within",
            "rounds to nothing",
        ),
        (
            with_target(pause_at_most={"amount": 0.4, "unit": "seconds"}),
            "targets[0].pause_at_most",
            "rounds to nothing",
        ),
        (with_target(warn_at=0.001, within=MINUTE), "targets[0].warn_at", "rounds to nothing"),
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


NOON = [["12:00", "13:00"]]
DAYS: dict[str, Callable[[Any], dict[str, Any]]] = {
    ".weekly_hours.mon": lambda hours: {"weekly_hours": EVER | {"mon": hours}},
    ".extra_working[0].hours": lambda hours: {"extra_working": [{"date": "2026-05-09", "hours": hours}]},
    ".makeup_hours": lambda hours: {"makeup_hours": hours, "public_holidays": "CN"},
}
"""The fields that hold hours of a day: what is refused in one is refused in all."""


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ([["09:00", "09:00"]], "itself"),
        ([["00:00", "00:00:00"]], "itself"),
        ([["00:00", "23:59"]], "24:00"),
        ([["00:00", "23:59:59"]], "24:00"),
        ([["09:00", "18:00"], ["12:00", "13:00"]], "overlap"),
        ([["12:00", "13:00"], ["12:00", "13:00"]], "overlap"),
        ([["22:00", "06:00"], ["23:00", "24:00"]], "overlap"),
    ],
)
@pytest.mark.parametrize("place", DAYS)
def test_a_slip_in_the_hours_of_a_day_is_refused_wherever_they_stand(place: str, hours: Any, reason: str) -> None:
    for written_hours, flaws in ((hours, 1), (NOON, 0)):
        calendar = msgspec.json.decode(with_calendar(**DAYS[place](written_hours)))["calendars"]["office"]
        found = [flaw for flaw in calendar_flaws(msgspec.convert(calendar, SiteHours)) if reason in flaw[1]]
        assert [where for where, _ in found] == [place] * flaws


CLOSED = ["2026-05-01T08:00:00+08:00", "2026-05-01T12:00:00+08:00"]


@pytest.mark.parametrize(
    ("calendar", "place"),
    [
        ({"extra_working": [{"date": "2026-05-09", "hours": hours} for hours in (NOON, [])]}, ".extra_working"),
        ({"holidays": ["2026-05-01", "2026-05-02", "2026-05-01"]}, ".holidays"),
        ({"holidays": [CLOSED, "2026-05-01", CLOSED]}, ".holidays"),
        ({"holidays": [CLOSED, [CLOSED[0], CLOSED[0]]]}, ".holidays[1]"),
    ],
)
def test_a_date_that_stands_twice_and_a_closure_of_nothing_are_refused(calendar: dict[str, Any], place: str) -> None:
    with pytest.raises(Flawed) as refusal:
        decode(with_calendar(**calendar))
    assert [where for where, _ in refusal.value.flaws] == [f"calendars.office{place}"]


@pytest.mark.parametrize(
    "zone", ["localtime", "posixrules", "Factory", "posix/Asia/Shanghai", "right/UTC", "asia/shanghai", "Asia", "EST5"]
)
def test_a_zone_that_depends_on_the_machine_is_none(zone: str) -> None:
    with pytest.raises(Flawed, match="IANA"):
        decode(with_calendar(timezone=zone))
