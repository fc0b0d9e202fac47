"""How an incident's changes read as commands, in sentences."""

from datetime import UTC, datetime, timedelta

import pytest

from demo.incidents import Change, Incident
from demo.scenario import Step, goes_remote, scenario

MONDAY = datetime(2012, 4, 23, 8, 0, tzinfo=UTC)


def incident(*statuses: str, impact: str = "Medium") -> Incident:
    """An incident whose status changes every minute; a status ending in ' is in the hands of another group."""
    changes = [
        Change(
            at=MONDAY + timedelta(minutes=minute),
            status="",
            sub_status=status.rstrip("'"),
            impact=impact,
            group="G2" if status.endswith("'") else "G1",
            country="Sweden",
        )
        for minute, status in enumerate(statuses)
    ]
    return Incident(case="1-1", product="PROD1", impact=impact, events=changes)


def story(*statuses: str) -> list[str]:
    """The verbs of an incident's scenario, minute by minute, with the visit they are about."""
    return [_told(step) for step in scenario(incident(*statuses))]


def _told(step: Step) -> str:
    minute = int((step.at - MONDAY).total_seconds() // 60)
    word = step.fields.get("group") or step.fields.get("reason") or step.fields.get("outcome")
    visit = f"{step.visit} " if step.visit else ""
    return f"{minute}: {visit}{step.verb}" + (f" {word}" if word and step.verb != "cancellation" else "")


ARRIVED = [
    "0: open",
    "0: classification",
    "0: authorisation",
    "0: 1 assignment G1",
    "0: 1 arrival",
]


def test_the_first_change_opens_the_ticket() -> None:
    assert story("Awaiting Assignment") == ["0: open"]


def test_the_first_work_classifies_authorises_assigns_and_arrives() -> None:
    assert story("In Progress") == ARRIVED
    assert story("Awaiting Assignment", "Assigned")[1:] == [
        "1: classification",
        "1: authorisation",
        "1: 1 assignment G1",
        "1: 1 arrival",
    ]


@pytest.mark.parametrize(("impact", "level"), [("Major", 1), ("High", 2), ("Medium", 3), ("Low", 4)])
def test_the_impact_is_the_level(impact: str, level: int) -> None:
    classification = scenario(incident("In Progress", impact=impact))[1]
    assert classification.fields["level"] == level


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Wait - User", "waiting_customer"),
        ("Wait - Customer", "waiting_customer"),
        ("Wait - Vendor", "waiting_supplier"),
        ("Wait - Implementation", "waiting_implementation"),
        ("Wait", "waiting"),
    ],
)
def test_a_wait_pauses_with_its_reason_and_work_resumes(status: str, reason: str) -> None:
    assert story("In Progress", status, "In Progress")[5:] == [
        f"1: 1 pause {reason}",
        "2: 1 resumption",
    ]


def test_another_reason_ends_one_pause_and_begins_the_next() -> None:
    assert story("In Progress", "Wait", "Wait", "Wait - Vendor")[6:] == [
        "3: 1 resumption",
        "3: 1 pause waiting_supplier",
    ]


def test_a_wait_before_anybody_arrived_pauses_nothing() -> None:
    assert story("Wait", "In Progress")[1] == "1: classification"


def test_another_group_is_assigned_anew() -> None:
    assert story("In Progress", "In Progress'")[5:] == ["1: 1 assignment G2"]
    assert story("In Progress", "Wait", "Assigned'")[6:] == [
        "2: 1 resumption",
        "2: 1 assignment G2",
    ]


def test_more_work_by_the_same_group_says_nothing() -> None:
    assert story("In Progress", "In Progress", "Assigned") == ARRIVED


def test_resolved_completes_and_the_last_closed_accepts_calls_back_and_closes() -> None:
    assert story("In Progress", "Resolved", "Closed")[5:] == [
        "1: 1 completion",
        "2: 1 acceptance",
        "2: 1 attempts reached",
        "2: closure",
    ]


def test_resolved_ends_a_pause_first() -> None:
    assert story("In Progress", "Wait", "Resolved")[6:] == [
        "2: 1 resumption",
        "2: 1 completion",
    ]


def test_resolved_without_any_work_before_it_brings_the_work_with_it() -> None:
    assert story("Awaiting Assignment", "Resolved")[1:] == [
        "1: classification",
        "1: authorisation",
        "1: 1 assignment G1",
        "1: 1 arrival",
        "1: 1 completion",
    ]


@pytest.mark.parametrize("completion", ["Resolved", "Closed", "In Call"])
def test_work_after_a_completion_is_a_rejection_and_rework(completion: str) -> None:
    assert story("In Progress", completion, "In Progress", "Resolved", "Closed")[5:] == [
        "1: 1 completion",
        "2: 1 rejection",
        "2: 2 assignment G1",
        "2: 2 arrival",
        "3: 2 completion",
        "4: 2 acceptance",
        "4: 2 attempts reached",
        "4: closure",
    ]


def test_only_the_last_closed_closes() -> None:
    told = story("In Progress", "Resolved", "Closed", "Closed")
    assert [line for line in told if "closure" in line] == ["3: closure"]


def test_completed_again_without_work_between_says_nothing() -> None:
    assert story("In Progress", "Resolved", "Awaiting Assignment", "Resolved")[5:] == ["1: 1 completion"]


def test_a_last_in_call_goes_the_remote_way_and_is_never_authorised() -> None:
    assert goes_remote(incident("In Progress", "In Call"))
    assert story("In Progress", "Wait", "In Progress'", "In Call") == [
        "0: open",
        "0: classification",
        "0: remote-support started",
        "3: remote-support succeeded",
        "3: closure",
    ]


def test_an_in_call_with_a_later_completion_is_no_remote_case() -> None:
    assert not goes_remote(incident("In Progress", "In Call", "In Progress", "Resolved"))


def test_cancelled_cancels_and_ends_the_story() -> None:
    assert story("In Progress", "Cancelled", "In Progress")[5:] == ["1: cancellation"]


def test_unmatched_and_queues_say_nothing() -> None:
    assert story("In Progress", "Unmatched", "Awaiting Assignment") == ARRIVED


def test_a_case_left_open_stays_open() -> None:
    assert story("In Progress", "Wait")[-1] == "1: 1 pause waiting"


def test_an_unknown_status_is_no_guess() -> None:
    with pytest.raises(ValueError, match="Sleeping"):
        story("In Progress", "Sleeping")
