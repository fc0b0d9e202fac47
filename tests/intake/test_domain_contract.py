"""A contract is signed, amended, extended and ended; what contradicts it is refused by field."""

from datetime import timedelta
from typing import Any

import pytest

from libs.events import Refused
from libs.events.contracts.intake.contracts import (
    BudgetLine,
    Conditions,
    ContractAmended,
    ContractEnded,
    ContractExtended,
    ContractSigned,
    Entitlement,
    Price,
    Term,
    TermChange,
)
from services.intake.contracts.domain.contract import (
    AmendContract,
    ConsultContract,
    EndContract,
    ExtendContract,
    SignContract,
    contract,
)
from tests.spec import MONDAY, Given

UNIT = Term(component_class="main_unit", months=36, start_rule="card")
PIPING = Term(component_class="piping", months=12, start_rule="card")
SIGN = SignContract("k1", "HT-2026-0113", "own", "c1", (UNIT, PIPING))
SIGNED = ContractSigned(
    contract_id="k1", number="HT-2026-0113", kind="own", customer_id="c1", signed_at=MONDAY, terms=[UNIT, PIPING]
)
LONGER = TermChange(op="set", component_class="piping", months=24)
A_DAY = timedelta(days=1)

nothing = Given(contract)
signed = nothing.given(SIGNED)


def field_of(command: Any, given: Given = nothing) -> str:
    """The field that is to blame for a refusal."""
    with pytest.raises(Refused) as refusal:
        given.when(command)
    assert refusal.value.code == "contract-contradicts"
    found: str = refusal.value.members["field"]
    return found


@pytest.mark.requirement("R131")
@pytest.mark.requirement("R132")
def test_a_contract_has_a_term_for_each_class_and_is_signed_once() -> None:
    assert nothing.when(SIGN) == [SIGNED]
    assert signed.when(SIGN) == []
    assert signed.status == "in_force"


@pytest.mark.requirement("R183")
@pytest.mark.requirement("R215")
def test_labour_has_a_cap_travel_is_free_and_visits_are_paid_for() -> None:
    agreed = Conditions(
        labour_cap=1000, travel_free=True, entitlements=[Entitlement(service="visit", times=2, per="year")]
    )
    assert signed.when(AmendContract("k1", (), agreed)) == [
        ContractAmended(contract_id="k1", agreed_at=MONDAY, changes=[], conditions=agreed)
    ]
    state = contract.fold([SIGNED, ContractAmended(contract_id="k1", agreed_at=MONDAY, changes=[], conditions=agreed)])
    assert state.conditions == agreed


@pytest.mark.requirement("R183")
def test_a_change_order_puts_other_prices_and_another_budget_in_place_of_those_before() -> None:
    prices = [Price(item="compressor", unit="piece", price=120_000)]
    agreed = Conditions(prices=prices, budget=[BudgetLine(item="spare parts", amount=5_000_000)])
    (amended,) = signed.when(AmendContract("k1", (), agreed, order="BG-7"))
    assert isinstance(amended, ContractAmended)
    assert (amended.order, amended.conditions) == ("BG-7", agreed)
    assert contract.fold([SIGNED, amended]).conditions == agreed


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        (Conditions(prices=[Price(item=item, unit="h", price=1) for item in ("Pump", "pump")]), "prices[1]"),
        (Conditions(budget=[BudgetLine(item="travel", amount=1)] * 2), "budget[1]"),
    ],
)
def test_an_item_stands_once_in_the_price_list_and_in_the_budget(conditions: Conditions, field: str) -> None:
    with pytest.raises(Refused) as refused:
        signed.when(AmendContract("k1", (), conditions))
    assert refused.value.members == {"field": f"conditions.{field}.item"}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ((UNIT, UNIT), "terms[1].component_class"),
        ((Term(component_class="pump", months=12, start_rule="date"),), "terms[0].start_date"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused_by_field(terms: tuple[Term, ...], field: str) -> None:
    assert field_of(SignContract("k1", "HT-1", "own", "c1", terms)) == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (TermChange(op="add", component_class="piping", months=1, start_rule="card"), "changes[0].component_class"),
        (TermChange(op="add", component_class="pump"), "changes[0].months"),
        (TermChange(op="set", component_class="pump", months=1), "changes[0].component_class"),
        (TermChange(op="remove", component_class="pump"), "changes[0].component_class"),
    ],
)
def test_an_amendment_that_finds_nothing_to_change_is_refused_by_field(change: TermChange, field: str) -> None:
    assert field_of(AmendContract("k1", (change,)), signed) == field


def test_one_amendment_changes_a_class_once() -> None:
    assert field_of(AmendContract("k1", (LONGER, LONGER)), signed) == "changes[1].component_class"


def test_an_amendment_counts_from_the_day_on_which_it_was_agreed() -> None:
    assert signed.when(AmendContract("k1", (LONGER,)), MONDAY + A_DAY) == [
        ContractAmended(contract_id="k1", agreed_at=MONDAY + A_DAY, changes=[LONGER])
    ]
    with signed.refuses("before-contract"):
        signed.when(AmendContract("k1", (LONGER,)), MONDAY - A_DAY)


def test_what_would_make_nonsense_of_a_later_amendment_is_refused() -> None:
    later = ContractAmended(
        contract_id="k1", agreed_at=MONDAY + A_DAY, changes=[TermChange(op="remove", component_class="piping")]
    )
    assert field_of(AmendContract("k1", (TermChange(op="remove", component_class="piping"),)), signed.given(later))


@pytest.mark.requirement("R100")
def test_an_extension_holds_for_the_same_assets_and_is_noted_once() -> None:
    extended = ContractExtended(contract_id="k1", by="k2")
    assert signed.when(ExtendContract("k1", "k2")) == [extended]
    assert signed.given(extended).when(ExtendContract("k1", "k2")) == []
    with nothing.refuses("unknown-contract"):
        nothing.when(ExtendContract("k1", "k2"))


def test_an_ended_contract_is_neither_amended_nor_ended_again() -> None:
    ended = ContractEnded(contract_id="k1", ended_at=MONDAY)
    assert signed.when(EndContract("k1")) == [ended]
    said = ContractEnded(contract_id="k1", ended_at=MONDAY, reason_id="t1")
    assert signed.when(EndContract("k1", "t1")) == [said]
    over = signed.given(ended)
    assert over.status == "ended"
    for command in (EndContract("k1"), AmendContract("k1", (LONGER,))):
        with over.refuses("contract-ended"):
            over.when(command)


def test_what_was_agreed_before_the_end_may_be_recorded_after_it() -> None:
    over = signed.given(ContractEnded(contract_id="k1", ended_at=MONDAY + 2 * A_DAY))
    assert len(over.when(AmendContract("k1", (LONGER,)), MONDAY + A_DAY)) == 1


def test_who_only_looks_changes_nothing() -> None:
    assert signed.when(ConsultContract()) == []
