"""Policies as data: the one that ships works, and one that cannot work is refused with the place and the reason."""

from importlib.resources import files
from typing import Any

import msgspec
import pytest

from services.sla.domain.opening_hours import WEEKDAYS
from services.sla.domain.policy import decode
from services.sla.domain.shipped import DEMO, POLICIES

SHIPPED = files("services.sla").joinpath("policies", "demo.json").read_bytes()


def written(**changes: Any) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(SHIPPED) | changes)


def with_target(**changes: Any) -> bytes:
    targets = msgspec.json.decode(SHIPPED)["targets"]
    return written(targets=[targets[0] | changes, *targets[1:]])


def test_the_demo_policy_has_the_three_clocks_in_swedish_office_hours() -> None:
    assert [target.metric for target in DEMO.targets] == ["response", "on_site", "fix"]
    assert {hours.timezone for hours in DEMO.calendars.values()} == {"Europe/Stockholm"}
    assert DEMO.target("response").seconds == {1: 1800, 2: 3600, 3: 14400, 4: 28800}
    assert list(POLICIES) == ["demo/1"]


def test_a_shipped_policy_cites_the_requirements_it_serves() -> None:
    for policy in POLICIES.values():
        assert all(source.startswith("R") for target in policy.targets for source in target.sources)


def test_a_policy_around_the_clock_works() -> None:
    hours = {
        "timezone": "Asia/Shanghai",
        "weekly_hours": dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),)),
    }
    assert decode(written(calendars={"office": hours})).calendars["office"].timezone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (b"{", "truncated"),
        (written(colour="red"), "colour"),
        (written(targets=[]), "targets"),
        (written(targets=msgspec.json.decode(SHIPPED)["targets"] * 2), "one for each metric"),
        (written(level={"event": "triage.FaultClassified", "field": "mood", "until_then": 3}), "mood"),
        (written(level={"event": "triage.FaultClassified", "field": "level", "until_then": 7}), "level 7"),
        (written(calendars={"office": {"timezone": "Mars/Base", "weekly_hours": {}}}), r"IANA.*calendars"),
        (
            written(calendars={"office": {"timezone": "UTC", "weekly_hours": {}}}),
            "calendars.office: it has no weekly hours",
        ),
        (written(calendars={"office": {"timezone": "UTC", "weekly_hours": {"mon": [["00:00", "23:59"]]}}}), "24:00"),
        (
            written(calendars={"shop": {"timezone": "UTC", "weekly_hours": {"mon": [["00:00", "24:00"]]}}}),
            "called office",
        ),
        (with_target(start=[]), "targets.response: it needs an event that starts it"),
        (with_target(stop=["intake.TicketOpened"]), "the same event"),
        (with_target(stop=["triage.Guessed"]), "no service tells triage.Guessed"),
        (with_target(pause=["dispatch.WorkPaused"]), "resume"),
        (with_target(seconds={"3": 0}), "seconds"),
        (with_target(seconds={"1": 60}), "level 3"),
        (with_target(warn_at=1), "warn_at"),
    ],
)
def test_a_policy_that_cannot_work_is_refused(policy: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        decode(policy)
