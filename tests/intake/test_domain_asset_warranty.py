"""The warranty of an asset is worked out of what is on file: whatever the order in which it was recorded."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events import Addressed, Change, Decider, Event, Refused, Story
from libs.events.contracts.intake.assets import AssetPart, Days, Identity, Site
from libs.events.contracts.intake.contracts import Term, TermChange
from services.intake.assets.domain.asset import Asset, asset
from services.intake.assets.domain.command import (
    CoverAsset,
    DateAsset,
    ExpandAsset,
    InstallAsset,
    MoveAsset,
    ReplacePart,
    UseSpare,
)
from services.intake.assets.domain.verdict import Question, consulted, verdict
from services.intake.contracts.domain.contract import (
    AmendContract,
    Contract,
    EndContract,
    ExtendContract,
    SignContract,
    contract,
)
from services.intake.models.domain import model
from services.intake.warranty.domain.question import Cause
from services.intake.warranty.domain.verdict import Verdict

SHANGHAI, URUMQI = Site(timezone="Asia/Shanghai"), Site(timezone="Asia/Urumqi")
PUMP = AssetPart(id="pump-1", component_class="pump")
INSTALL = InstallAsset("a1", "c1", Identity(model="M"), SHANGHAI, Days(), (PUMP,))
TERM = Term(component_class="pump", months=12, start_rule="day_after_acceptance", latent_defect_months=24)
SIGN = SignContract("k1", "HT-1", "own", "c1", (TERM,))
LONGER = TermChange(op="set", component_class="pump", months=36)
NO_LATENT = TermChange(op="set", component_class="pump", latent_defect_months=0)
ACCEPTED = DateAsset("a1", Days(acceptance_date=date(2024, 3, 14)))


def day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _read(decider: Decider[Any, Any, Any], event: Event) -> Any:
    return decider.events.decode(event.type_name, event.version, msgspec.json.encode(event))


class File:
    """An asset and contracts, after commands that each happened on a day of their own."""

    def __init__(self, *commands: tuple[Any, str]) -> None:
        self.asset = Asset()
        self.contracts: dict[str, Contract] = {}
        self.log: list[tuple[str, Event]] = []
        for command, at in commands:
            self.record(command, at)

    def record(self, command: Any, at: str) -> None:
        if hasattr(command, "asset_id"):
            installed = asset.decide(command, self.asset, day(at))
            self.asset = asset.fold(installed, self.asset)
            self.log += [("", event) for event in installed]
        else:
            before = self.contracts.get(command.contract_id, Contract())
            agreed = contract.decide(command, before, day(at))
            self.contracts[command.contract_id] = contract.fold(agreed, before)
            self.log += [(command.contract_id, event) for event in agreed]

    def rebuilt(self) -> "File":
        """The same out of its log, as bytes, and of nothing else."""
        again = File()
        of_asset = [event for whose, event in self.log if not whose]
        again.asset = asset.fold([_read(asset, event) for event in of_asset])
        for id in self.contracts:
            own = [event for whose, event in self.log if whose == id]
            again.contracts[id] = contract.fold([_read(contract, event) for event in own])
        return again

    def asked(self, on: str, cause: Cause | None = None) -> Verdict:
        """The verdict, by the story that looks at what it needs."""
        found: list[Verdict | None] = []

        def story() -> Story:
            found.append((yield from consulted("a1", Question(day(on), cause=cause))))

        told = story()
        wanted = next(told, None)
        while wanted is not None:
            wanted = self._looked(told, wanted)
        (verdict,) = found
        assert verdict
        return verdict

    def _looked(self, story: Story, wanted: Addressed) -> Addressed | None:
        """What the story looks at after this; None: it has come to its end."""
        state = self._state(wanted)
        with suppress(StopIteration):
            return story.send(Change([], state, state))
        return None

    def _state(self, wanted: Addressed) -> Any:
        """What is on file: of product models nothing."""
        if wanted.decider is model:
            return model.initial
        return self.asset if wanted.decider is asset else self.contracts.get(wanted.id, Contract())


BASE: Sequence[tuple[Any, str]] = [
    (INSTALL, "2024-03-01"),
    (SIGN, "2024-01-05"),
    (CoverAsset("a1", "k1"), "2024-03-01"),
    (ACCEPTED, "2024-03-14"),
]


def dates(found: Verdict) -> tuple[str, str, str]:
    return found.verdict, str(found.begin), str(found.until)


@pytest.mark.requirement("R202")
def test_a_warranty_starts_the_day_after_acceptance_and_lasts_a_year() -> None:
    assert dates(File(*BASE).asked("2025-03-14")) == ("in_warranty", "2024-03-15", "2025-03-14")
    assert File(*BASE).asked("2025-03-15", "normal_wear").verdict == "expired"


@pytest.mark.requirement("R104")
def test_a_hidden_defect_is_covered_for_24_months_after_the_warranty() -> None:
    assert dates(File(*BASE).asked("2027-03-14", "design_defect")) == (
        "latent_defect_cover",
        "2025-03-15",
        "2027-03-14",
    )


@pytest.mark.requirement("R003")
def test_without_a_contract_nothing_is_covered_and_without_a_day_nothing_is_known() -> None:
    assert File((INSTALL, "2024-03-01")).asked("2024-06-01").verdict == "not_covered"
    assert File(*BASE[:3]).asked("2024-06-01").verdict == "unknown"


@pytest.mark.requirement("R100")
def test_an_extension_covers_the_assets_of_the_contract_that_it_extends() -> None:
    more = Term(component_class="pump", months=12, start_rule="after_base")
    extension = SignContract("k2", "HT-2", "extension", "c1", (more,), extends="k1")
    extended = File(*BASE, (extension, "2024-05-01"), (ExtendContract("k1", "k2"), "2024-05-01"))
    assert dates(extended.asked("2025-06-01", "normal_wear")) == ("in_warranty", "2025-03-15", "2026-03-15")


def test_an_extension_of_a_makers_commitment_holds_for_its_own_customer_alone() -> None:
    makers = SignContract("k3", "FACTORY", "maker", None, (TERM,))
    more = Term(component_class="pump", months=12, start_rule="after_base")
    another = [
        (SignContract("k4", "HT-4", "extension", "c2", (more,), extends="k3"), "2024-01-01"),
        (ExtendContract("k3", "k4"), "2024-01-01"),
        (SignContract("k5", "HT-5", "extension", "c1", (more,), extends="k4"), "2024-01-01"),
        (ExtendContract("k4", "k5"), "2024-01-01"),
    ]
    bought = [*BASE[:1], (makers, "2023-01-01"), (CoverAsset("a1", "k3"), "2024-03-01"), BASE[3]]
    own = [
        (SignContract("k6", "HT-6", "extension", "c1", (more,), extends="k3"), "2024-05-01"),
        (ExtendContract("k3", "k6"), "2024-05-01"),
    ]
    assert File(*bought, *another).asked("2025-06-01", "normal_wear").verdict == "expired"
    found = File(*bought, *another, *own).asked("2025-06-01", "normal_wear")
    assert (found.verdict, found.clause and found.clause.contract) == ("in_warranty", "k6")


@pytest.mark.requirement("R192")
def test_a_makers_commitment_counts_beside_our_own_and_the_verdict_says_whose_it_is() -> None:
    makers = SignContract("k3", "FACTORY", "maker", None, (Term(component_class="*", months=60, start_rule="card"),))
    both = File(*BASE, (makers, "2023-01-01"), (CoverAsset("a1", "k3"), "2024-03-01"))
    found = both.asked("2028-01-01", "normal_wear")
    assert (found.verdict, found.clause and found.clause.contract) == ("in_warranty", "k3")


@pytest.mark.requirement("R413")
def test_a_move_turns_no_verdict() -> None:
    moved = File(*BASE, (MoveAsset("a1", URUMQI), "2025-03-15"))
    assert dates(moved.asked("2025-03-14")) == dates(File(*BASE).asked("2025-03-14"))


@pytest.mark.requirement("R416")
@pytest.mark.requirement("R417")
def test_what_was_bought_elsewhere_is_not_covered_and_the_rest_still_is() -> None:
    disk = AssetPart(
        id="disk", component_class="pump", kind="expansion", supplied_by="elsewhere", installed_on=date(2024, 4, 1)
    )
    grown = File(*BASE, (ExpandAsset("a1", disk), "2024-04-01"))
    assert grown.asked("2024-06-01").verdict == "in_warranty"
    found = verdict(grown.asset, grown.contracts, Question(day("2024-06-01"), "disk"))
    assert found is not None
    assert found.verdict == "not_covered"


def test_a_part_that_was_replaced_six_hundred_times_has_a_warranty() -> None:
    often = [ReplacePart("a1", f"pump-{n}", date(2024, 4, 1), pump(n + 1)) for n in range(1, 600)]
    file = File(*BASE, *((command, "2024-04-01") for command in often))
    found = verdict(file.asset, file.contracts, Question(day("2024-06-01"), "pump-600"))
    assert found is not None
    assert dates(found) == ("in_warranty", "2024-03-15", "2025-03-14")


def pump(number: int) -> AssetPart:
    """The pump that was put in for the one before it."""
    return AssetPart(
        id=f"pump-{number}",
        component_class="pump",
        kind="replacement",
        replaces=f"pump-{number - 1}",
        installed_on=date(2024, 4, 1),
    )


def test_an_amendment_answers_anew_for_every_asset_and_touches_none() -> None:
    file = File(*BASE)
    before = file.asset
    file.record(AmendContract("k1", (LONGER,)), "2024-09-01")
    assert file.asked("2026-01-01", "normal_wear").verdict == "in_warranty"
    assert file.asset is before
    assert dates(file.asked("2024-08-31")) == ("in_warranty", "2024-03-15", "2025-03-14")


SPARE = AssetPart(id="spare", component_class="pump", kind="spare")
SHELVED = InstallAsset("a1", "c1", Identity(model="M"), SHANGHAI, Days(), (SPARE,))
ON_SHELF = Term(component_class="pump", months=12, start_rule="acceptance", shelf_years=5)


@pytest.mark.requirement("R098")
def test_a_spare_has_its_own_months_from_the_day_on_which_it_is_taken_into_use() -> None:
    signed = SignContract("k1", "HT-1", "own", "c1", (ON_SHELF,))
    file = File((signed, "2024-01-05"), (SHELVED, "2024-02-01"), (CoverAsset("a1", "k1"), "2024-02-01"))
    file.record(ACCEPTED, "2024-03-14")
    assert dates(file.asked("2027-01-01")) == ("in_warranty", "2024-03-14", "2029-03-14")
    file.record(UseSpare("a1", "spare", date(2028, 6, 1)), "2028-06-02")
    assert dates(file.asked("2028-12-31")) == ("in_warranty", "2028-06-01", "2029-06-01")
    assert dates(file.asked("2028-05-31")) == ("in_warranty", "2024-03-14", "2029-03-14")


FACTS: Sequence[tuple[Any, str]] = [
    (CoverAsset("a1", "k1"), "2024-03-01"),
    (ACCEPTED, "2024-03-14"),
    (DateAsset("a1", Days(card_number="BX-1", card_date=date(2024, 3, 20))), "2024-03-20"),
    (MoveAsset("a1", URUMQI), "2024-12-31"),
    (MoveAsset("a1", SHANGHAI), "2025-12-31"),
    (ExpandAsset("a1", AssetPart(id="b", component_class="pump", kind="expansion")), "2024-05-01"),
    (AmendContract("k1", (LONGER,)), "2024-06-01"),
    (AmendContract("k1", (NO_LATENT,)), "2024-07-01"),
    (AmendContract("k1", (TermChange(op="set", component_class="pump", months=18),)), "2025-01-01"),
    (EndContract("k1"), "2026-01-31"),
]
CAUSES: Sequence[Cause | None] = (None, "normal_wear", "misuse", "material_defect")


@given(st.permutations(FACTS), st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.sampled_from(CAUSES))
def test_the_order_in_which_facts_were_recorded_changes_no_verdict(
    order: Sequence[tuple[Any, str]], on: date, cause: Cause | None
) -> None:
    shuffled, straight = File(*BASE[:2], *order), File(*BASE[:2], *FACTS)
    assert shuffled.asked(str(on), cause) == straight.asked(str(on), cause)


@given(st.lists(st.sampled_from(FACTS), max_size=12), st.dates(date(2024, 1, 1), date(2029, 1, 1)))
def test_what_is_rebuilt_from_the_log_answers_every_verdict_the_same(
    recorded: Sequence[tuple[Any, str]], on: date
) -> None:
    file = File(*BASE[:2])
    for command, at in recorded:
        with suppress(Refused):
            file.record(command, at)
    for cause in CAUSES:
        assert file.rebuilt().asked(str(on), cause) == file.asked(str(on), cause)
