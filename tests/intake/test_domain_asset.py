"""An asset is installed, dated, covered, moved, repaired part by part, expanded and retired."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace as changed

from libs.events import Refused
from libs.events.contracts.intake.assets import (
    AssetCovered,
    AssetDated,
    AssetExpanded,
    AssetInstalled,
    AssetMoved,
    AssetPart,
    AssetReplaced,
    AssetRetired,
    Days,
    Identity,
    Site,
    SpareUsed,
    WarrantyCardIssued,
)
from services.intake.assets.domain.asset import asset
from services.intake.assets.domain.card import CardTaken, FreeCard, TakeCard, card, card_id
from services.intake.assets.domain.command import (
    ConsultAsset,
    CoverAsset,
    DateAsset,
    ExpandAsset,
    InstallAsset,
    IssueCard,
    MoveAsset,
    ReplacePart,
    RetireAsset,
    UseSpare,
)
from services.intake.assets.domain.serial import SerialTaken, TakeSerial, serial, serial_id
from tests.spec import MONDAY, Given

PUMP = AssetPart(id="pump-1", component_class="pump", serial="P1")
SEAL = AssetPart(id="seal-1", component_class="seal", parent="pump-1")
HERE, THERE = Site(timezone="Asia/Shanghai", region="华东"), Site(timezone="Asia/Urumqi", region="西北")
IDENTITY = Identity(model="KFR-35GW", serial="SN-1", maker="格力")
CARD = Days(card_number="BX-1", card_date=date(2024, 3, 14))
INSTALL = InstallAsset("a1", "c1", IDENTITY, HERE, CARD, (PUMP, SEAL), ("k1",))
INSTALLED = AssetInstalled(
    asset_id="a1", customer_id="c1", identity=IDENTITY, site=HERE, days=CARD, parts=[PUMP, SEAL], contracts=["k1"]
)
TAKEN_OUT = date(2025, 1, 2)
NEW_PUMP = AssetPart(id="pump-2", component_class="pump", kind="replacement", replaces="pump-1", installed_on=TAKEN_OUT)

TODAY = MONDAY.astimezone(ZoneInfo("Asia/Shanghai")).date()

nothing = Given(asset)
installed = nothing.given(INSTALLED)


def field_of(command: Any, given: Given) -> str:
    """The field that is to blame for a refusal."""
    with pytest.raises(Refused) as refusal:
        given.when(command)
    found: str = refusal.value.members["field"]
    return found


@pytest.mark.requirement("R180")
def test_an_asset_says_of_which_make_lot_and_delivery_it_is_and_where_it_went() -> None:
    assert nothing.when(INSTALL) == [INSTALLED]
    assert installed.when(INSTALL) == []
    assert installed.status == "in_use"


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((PUMP, PUMP), "components[1].id"),
        ((PUMP, AssetPart(id="pump-2", component_class="pump", serial="P1")), "components[1].serial"),
        ((SEAL,), "components[0].parent"),
        ((AssetPart(id="a", component_class="x", parent="a"),), "components[0].parent"),
    ],
)
def test_components_that_make_no_tree_are_refused_by_field(parts: tuple[AssetPart, ...], field: str) -> None:
    assert field_of(InstallAsset("a1", "c1", IDENTITY, HERE, CARD, parts), nothing) == field


def test_nothing_is_accepted_in_the_future() -> None:
    later = Days(acceptance_date=MONDAY.date() + timedelta(days=2))
    assert field_of(DateAsset("a1", later), installed) == "acceptance_date"


@pytest.mark.requirement("R032")
def test_days_that_become_known_later_leave_the_others_as_they_are() -> None:
    completed = Days(completion_date=date(2024, 3, 1))
    dated = AssetDated(
        asset_id="a1", days=Days(card_number="BX-1", card_date=date(2024, 3, 14), completion_date=date(2024, 3, 1))
    )
    assert installed.when(DateAsset("a1", completed)) == [dated]
    assert installed.given(dated).when(DateAsset("a1", completed)) == []


def test_an_asset_comes_under_a_contract_once() -> None:
    assert installed.when(CoverAsset("a1", "k1")) == []
    assert installed.when(CoverAsset("a1", "k2")) == [AssetCovered(asset_id="a1", contract_id="k2")]


@pytest.mark.requirement("R413")
def test_an_asset_that_was_moved_keeps_its_contracts_and_its_days() -> None:
    moved = AssetMoved(asset_id="a1", moved_at=MONDAY, site=THERE)
    assert installed.when(MoveAsset("a1", THERE)) == [moved]
    before, after = asset.fold([INSTALLED]), asset.fold([INSTALLED, moved])
    assert (after.days, after.contracts, after.parts) == (before.days, before.contracts, before.parts)
    assert after.sites == [(None, HERE), (MONDAY, THERE)]


def test_a_part_that_is_replaced_stays_on_file_with_the_one_that_was_put_in() -> None:
    command = ReplacePart("a1", "pump-1", TAKEN_OUT, NEW_PUMP)
    replaced = AssetReplaced(asset_id="a1", part_id="pump-1", taken_out_on=TAKEN_OUT, by=NEW_PUMP)
    assert installed.when(command) == [replaced]
    after = installed.given(replaced)
    assert field_of(ReplacePart("a1", "pump-1", TAKEN_OUT), after) == "part_id"
    with installed.refuses("unknown-part"):
        installed.when(ReplacePart("a1", "pump-9", TAKEN_OUT))


SPARE = AssetPart(id="spare-1", component_class="pump", kind="spare")
ADDED = AssetExpanded(asset_id="a1", part=SPARE)
shelved = installed.given(ADDED)


@pytest.mark.requirement("R098")
def test_a_spare_is_taken_into_use_once_and_what_it_was_put_in_for_is_taken_out() -> None:
    used = SpareUsed(asset_id="a1", part_id="spare-1", used_on=TAKEN_OUT, replaces="pump-1")
    assert shelved.when(UseSpare("a1", "spare-1", TAKEN_OUT, "pump-1")) == [used]
    state = asset.fold([INSTALLED, ADDED, used])
    spare, pump = state.part("spare-1"), state.part("pump-1")
    assert spare == changed(SPARE, installed_on=TAKEN_OUT, replaces="pump-1")
    assert pump == changed(PUMP, replaced_on=TAKEN_OUT)
    with shelved.given(used).refuses("spare-used") as again:
        again.when(UseSpare("a1", "spare-1", TAKEN_OUT))
    assert shelved.when(UseSpare("a1", "spare-1", TAKEN_OUT)) == [
        SpareUsed(asset_id="a1", part_id="spare-1", used_on=TAKEN_OUT)
    ]


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (UseSpare("a1", "pump-1", TAKEN_OUT), "no-spare", "part_id"),
        (UseSpare("a1", "pump-9", TAKEN_OUT), "unknown-part", "part_id"),
        (UseSpare("a1", "spare-1", TAKEN_OUT, "pump-9"), "unknown-part", "replaces"),
        (UseSpare("a1", "spare-1", TAKEN_OUT, "spare-1"), "asset-contradicts", "replaces"),
        (UseSpare("a1", "spare-1", MONDAY.date() + timedelta(days=2)), "asset-contradicts", "used_on"),
    ],
)
def test_what_cannot_be_taken_into_use_is_refused_by_its_field(command: UseSpare, code: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        shelved.when(command)
    assert (refusal.value.code, refusal.value.members["field"]) == (code, field)


def test_nothing_is_taken_out_by_a_spare_before_it_was_put_in() -> None:
    late = AssetExpanded(asset_id="a1", part=changed(PUMP, id="pump-2", serial=None, installed_on=TAKEN_OUT))
    before = UseSpare("a1", "spare-1", TAKEN_OUT - timedelta(days=1), "pump-2")
    assert field_of(before, shelved.given(late)) == "used_on"


@pytest.mark.requirement("R417")
def test_an_expansion_says_who_supplied_it() -> None:
    foreign = AssetPart(id="disk", component_class="disk", kind="expansion", supplied_by="elsewhere")
    assert installed.when(ExpandAsset("a1", foreign)) == [AssetExpanded(asset_id="a1", part=foreign)]
    assert field_of(ExpandAsset("a1", PUMP), installed) == "components[2].id"


def test_a_retired_asset_is_read_and_dated_but_not_changed() -> None:
    retired = AssetRetired(asset_id="a1", retired_at=MONDAY)
    assert installed.when(RetireAsset("a1")) == [retired]
    over = installed.given(retired)
    assert (over.status, over.when(RetireAsset("a1"))) == ("retired", [])
    assert over.when(DateAsset("a1", Days(acceptance_date=date(2024, 3, 1))))
    for command in (
        MoveAsset("a1", THERE),
        ExpandAsset("a1", NEW_PUMP),
        ReplacePart("a1", "pump-1", TAKEN_OUT),
        UseSpare("a1", "pump-1", TAKEN_OUT),
    ):
        with over.refuses("asset-retired"):
            over.when(command)


def test_who_only_looks_changes_nothing_and_nothing_is_done_to_an_asset_that_is_none() -> None:
    assert installed.when(ConsultAsset()) == []
    with nothing.refuses("unknown-asset"):
        nothing.when(RetireAsset("a1"))


def test_a_serial_of_a_maker_stands_once() -> None:
    free = Given(serial)
    assert free.when(TakeSerial("a1")) == [SerialTaken(asset_id="a1")]
    taken = free.given(SerialTaken(asset_id="a1"))
    assert taken.when(TakeSerial("a1")) == []
    with taken.refuses("serial-taken"):
        taken.when(TakeSerial("a2"))
    assert serial_id("格力", "sn-1") == serial_id("格力", "SN-1") != serial_id("美的", "SN-1")


@pytest.mark.requirement("R123")
def test_a_card_s_number_stands_once_until_its_asset_has_another() -> None:
    free = Given(card)
    assert free.when(TakeCard("a1")) == [CardTaken(asset_id="a1")]
    assert free.when(FreeCard("a1")) == []
    taken = free.given(CardTaken(asset_id="a1"))
    assert (taken.when(TakeCard("a1")), taken.when(FreeCard("a2")), taken.status) == ([], [], "taken")
    with taken.refuses("card-taken"):
        taken.when(TakeCard("a2"))
    with free.refuses("card-taken"):
        free.when(TakeCard("a2", noted_on="a1"))
    freed = taken.given(*taken.when(FreeCard("a1")))
    assert (freed.when(TakeCard("a2")), freed.status) == ([CardTaken(asset_id="a2")], "free")
    assert card_id("bx-1") == card_id("BX-1") != card_id("BX-2")


@pytest.mark.requirement("R123", "R311")
def test_a_warranty_card_is_issued_once_and_its_day_is_that_of_the_site() -> None:
    bare = nothing.given(changed(INSTALLED, days=Days(completion_date=date(2026, 2, 20))))
    (issued,) = bare.when(IssueCard("a1"))
    assert issued == WarrantyCardIssued(asset_id="a1", number=f"BX{TODAY:%Y%m%d}-A1", card_date=TODAY)
    (own,) = bare.when(IssueCard("a1", "BX-7"))
    assert isinstance(own, WarrantyCardIssued)
    assert asset.fold([INSTALLED, own]).days.card_number == "BX-7"
    with installed.refuses("card-issued"):
        installed.when(IssueCard("a1"))


def test_a_date_that_is_on_file_is_that_of_the_card() -> None:
    dated = nothing.given(changed(INSTALLED, days=Days(card_date=date(2024, 3, 14))))
    (issued,) = dated.when(IssueCard("a1", "BX-7"))
    assert isinstance(issued, WarrantyCardIssued)
    assert issued.card_date == date(2024, 3, 14)
