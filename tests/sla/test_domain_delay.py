"""Whose turn it was: one table, a function of the set of facts, and shares that add up to each clock's time."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.explanations.domain.delay import NEXT, PARTIES, WAITING, Party, Share, delays, held, holds
from services.sla.explanations.domain.ledger import accounts
from services.sla.policies.domain.fact import TELLING, Attribute, Fact
from tests.sla.test_domain_laws import BEGIN, SETTINGS
from tests.sla.test_domain_ledger import RULES, instants, told
from tests.sla.ticket import on

REASONS = [
    "waiting_customer",
    "waiting_parts",
    "waiting_supplier",
    "waiting_implementation",
    "waiting_access",
    "waiting",
]
_numbers = count(1)
ROOT = Path(__file__).resolve().parents[2]


def happened(type: str, when: str | datetime, **attributes: Attribute) -> Fact:
    at = on(when) if isinstance(when, str) else when
    seq = next(_numbers)
    return Fact(type=type, id=f"{type}-{seq}", happened_at=at, epoch=1, seq=seq, attributes=attributes)


@st.composite
def stories(draw: st.DrawFn) -> list[Fact]:
    """Anything that can be told of a ticket, in any order, after it was opened."""
    facts = [happened("intake.TicketOpened", BEGIN)]
    for cls in draw(st.lists(st.sampled_from(TELLING), max_size=12)):
        start = BEGIN + timedelta(minutes=draw(st.integers(0, 20_000)))
        more: dict[str, Attribute] = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
        more |= {"reason": draw(st.sampled_from(REASONS)), "level": draw(st.integers(1, 4))}
        fields = {name: value for name, value in more.items() if name in cls.__struct_fields__}
        facts.append(happened(cls.type_name, BEGIN + timedelta(minutes=draw(st.integers(0, 20_000))), **fields))
    return facts


def whose(*facts: Fact, until: str) -> list[tuple[Party, float]]:
    """Party after party, with its hours."""
    turns = holds(facts)
    pieces = held(turns, turns[0].start, on(until))
    return [(party, (end - start) / timedelta(hours=1)) for party, start, end in pieces]


@SETTINGS
@given(stories(), st.data())
def test_no_order_of_arrival_changes_whose_turn_it_was(facts: list[Fact], data: st.DataObject) -> None:
    assert holds(data.draw(st.permutations(facts))) == holds(facts)


@SETTINGS
@given(stories())
def test_turns_follow_each_other_in_time(facts: list[Fact]) -> None:
    starts = [hold.start for hold in holds(facts)]
    assert starts == sorted(starts)


@SETTINGS
@given(stories(), instants)
def test_the_shares_of_a_clock_add_up_to_its_time(facts: list[Fact], at: datetime) -> None:
    for metric in ("fix", "visit"):
        run = told(facts, metric, at, RULES)
        if run is None:
            continue
        turns = holds(facts)
        for account in accounts(run, at):
            shares = delays(account, turns)
            total = sum(shares.values(), Share())
            assert total == Share(account.elapsed, account.working, account.counted)
            assert set(shares) == set(PARTIES)


def test_the_table_names_events_that_are_told_and_every_party_has_its_turn() -> None:
    assert {cls.type_name for cls in TELLING} - NEXT.keys() == {
        *("dispatch.AssignmentConfirmed", "dispatch.AssignmentDeclined", "dispatch.CustomerCalled"),
        *("dispatch.ConductChecked", "dispatch.WorkPaused"),
        *("intake.TicketAmended", "intake.TicketOwnerChanged", "intake.TicketAssetNamed"),
        *("intake.TicketTeamChanged", "intake.TicketWaitChanged"),
        "intake.WarrantyReassessed",
        *("intake.WarrantyAssessed", "triage.FaultClassified", "triage.CauseDetermined", "dispatch.WorkOrderCancelled"),
    }
    assert NEXT.keys() <= {cls.type_name for cls in TELLING}
    assert set(PARTIES) - set(NEXT.values()) == {"parts", "supplier"}


@pytest.mark.parametrize("page", ["docs/sla-explanations.md", "docs/zh-CN/sla-explanations.md"])
def test_the_table_in_the_guide_is_the_table(page: str) -> None:
    rows = [line.split("|")[1:3] for line in (ROOT / page).read_text().splitlines() if line.startswith("| `")]
    written = {event: row[1].split("`")[1] for row in rows for event in row[0].split("`")[1::2] if "." in event}
    assert written == NEXT
    reasons = {
        reason: row[1].split("`")[1] for row in rows for reason in row[0].split("`")[1::2] if "waiting" in reason
    }
    assert reasons == {**WAITING, "waiting": "other", "waiting_implementation": "other"}


def test_a_ticket_goes_from_hand_to_hand() -> None:
    assert whose(
        happened("intake.TicketOpened", "mon 09:00"),
        happened("triage.FaultClassified", "mon 10:00", level=2),
        happened("triage.WorkAuthorised", "mon 11:00"),
        happened("dispatch.CrewAssigned", "mon 12:00"),
        happened("dispatch.EngineerDeparted", "mon 14:00"),
        happened("dispatch.OnSiteArrived", "mon 15:00"),
        happened("dispatch.WorkPaused", "mon 16:00", reason="waiting_parts"),
        happened("dispatch.WorkResumed", "mon 20:00"),
        happened("dispatch.RepairCompleted", "mon 21:00"),
        happened("dispatch.RepairAccepted", "mon 23:00"),
        until="tue 00:00",
    ) == [
        ("triage", 1 + 1),
        ("dispatch", 1),
        ("dispatch", 2),
        ("engineer", 1),
        ("engineer", 1),
        ("parts", 4),
        ("engineer", 1),
        ("customer", 2),
        ("other", 1),
    ]


def test_an_agreed_time_is_the_customers_until_it_begins() -> None:
    opened = happened("intake.TicketOpened", "mon 09:00")
    proposed = happened("dispatch.AppointmentProposed", "mon 10:00", start=on("wed 09:00").isoformat())
    agreed = happened("dispatch.AppointmentConfirmed", "mon 12:00", start=on("tue 09:00").isoformat())
    assert whose(opened, proposed, agreed, until="tue 10:00") == [
        ("triage", 1),
        ("customer", 2),
        ("customer", 21),
        ("engineer", 1),
    ]


def test_another_engineer_does_not_undo_an_agreed_time_but_an_early_departure_does() -> None:
    agreed = happened("dispatch.AppointmentConfirmed", "mon 09:00", start=on("mon 15:00").isoformat())
    other = happened("dispatch.CrewAssigned", "mon 10:00")
    assert whose(agreed, other, until="mon 16:00") == [("customer", 6), ("engineer", 1)]
    early = happened("dispatch.EngineerDeparted", "mon 12:00")
    assert whose(agreed, other, early, until="mon 16:00") == [("customer", 3), ("engineer", 4)]


def test_an_agreed_time_that_nobody_is_assigned_to_is_dispatchs_when_it_begins() -> None:
    agreed = happened("dispatch.AppointmentConfirmed", "mon 09:00", start=on("mon 15:00").isoformat())
    nobody = happened("dispatch.CrewUnassigned", "mon 10:00")
    assert whose(agreed, nobody, until="mon 16:00") == [("customer", 6), ("dispatch", 1)]
    other = happened("dispatch.CrewAssigned", "mon 11:00")
    assert whose(agreed, nobody, other, until="mon 16:00") == [("customer", 6), ("engineer", 1)]
    assert whose(nobody, other, until="mon 16:00") == [("dispatch", 1), ("dispatch", 5)]


def test_a_visit_that_failed_is_dispatchs_to_plan_again() -> None:
    failed = happened("dispatch.VisitFailed", "mon 11:00", reason="customer_absent")
    assert whose(happened("dispatch.OnSiteArrived", "mon 09:00"), failed, until="mon 12:00") == [
        ("engineer", 2),
        ("dispatch", 1),
    ]


def test_each_reason_of_a_pause_has_its_party() -> None:
    parties = {
        reason: holds([happened("dispatch.WorkPaused", "mon 09:00", reason=reason)])[0].party for reason in REASONS
    }
    assert parties == {
        "waiting_customer": "customer",
        "waiting_access": "customer",
        "waiting_parts": "parts",
        "waiting_supplier": "supplier",
        "waiting_implementation": "other",
        "waiting": "other",
    }


def test_before_the_first_fact_it_is_nobodys_turn_that_is_known() -> None:
    assert list(held([], on("mon 09:00"), on("mon 10:00"))) == [("other", on("mon 09:00"), on("mon 10:00"))]
