"""A product model: said anew as a whole, of one name, without contradictions; its terms hold without a contract."""

from datetime import UTC, date, datetime

import pytest

from libs.events.contracts.intake.assets import AssetInstalled, AssetPart, Days, Identity, Site
from libs.events.contracts.intake.contracts import ContractSigned, Term
from services.intake.assets.domain.asset import asset
from services.intake.assets.domain.verdict import Question, verdict
from services.intake.contracts.domain.contract import contract
from services.intake.models.domain import DefineModel, ModelComponent, ModelDefined, model, model_id
from tests.spec import Given

M = model_id("KFR-35GW")
TWO_YEARS = Term(component_class="*", months=24, start_rule="acceptance")
DEFINE = DefineModel(M, "KFR-35GW", "格力", (TWO_YEARS,), (ModelComponent(id="main", component_class="main_unit"),))
DEFINED = ModelDefined(
    model_id=M,
    name="KFR-35GW",
    maker="格力",
    terms=[TWO_YEARS],
    components=[ModelComponent(id="main", component_class="main_unit")],
)
INSTALLED = AssetInstalled(
    asset_id="a1",
    customer_id="c1",
    identity=Identity(model="KFR-35GW"),
    site=Site(timezone="Asia/Shanghai"),
    days=Days(acceptance_date=date(2025, 3, 5)),
    parts=[AssetPart(id="main", component_class="main_unit")],
    contracts=["k1"],
)
nothing = Given(model)


def test_a_model_is_said_once_and_anew_and_a_repetition_emits_nothing() -> None:
    assert nothing.when(DEFINE) == [DEFINED]
    again = DefineModel(M, "KFR-35GW", "格力", (TWO_YEARS,), DEFINE.components, known=True)
    assert nothing.given(DEFINED).when(again) == []
    anew = DefineModel(M, "KFR-35GW", "美的", (), (), known=True)
    assert nothing.given(DEFINED).when(anew) == [ModelDefined(model_id=M, name="KFR-35GW", maker="美的")]


def test_a_name_stands_once_whatever_its_case() -> None:
    assert model_id("kfr-35gw") == M
    with nothing.given(DEFINED).refuses("model-on-file"):
        nothing.given(DEFINED).when(DEFINE)


@pytest.mark.parametrize(
    ("terms", "components"),
    [
        ((TWO_YEARS, TWO_YEARS), ()),
        ((), (ModelComponent(id="fan", component_class="fan", parent="main"),)),
        ((), (ModelComponent(id="fan", component_class="fan"), ModelComponent(id="fan", component_class="fan"))),
    ],
)
def test_what_contradicts_itself_is_refused(terms: tuple[Term, ...], components: tuple[ModelComponent, ...]) -> None:
    with nothing.refuses("model-contradicts"):
        nothing.when(DefineModel(M, "KFR-35GW", None, terms, components))


def test_the_models_terms_hold_where_no_contract_says_anything() -> None:
    stands, asked = asset.fold([INSTALLED]), Question(datetime(2026, 3, 5, tzinfo=UTC))
    silent = contract.fold([signed("pump", 60)])
    found = verdict(stands, {"k1": silent}, asked, DEFINED)
    assert found
    assert (found.verdict, found.until) == ("in_warranty", date(2027, 3, 5))
    assert found.clause
    assert found.clause.contract == "product:KFR-35GW"
    without = verdict(stands, {"k1": silent}, asked)
    assert without
    assert without.verdict == "not_covered"
    speaking = verdict(stands, {"k1": contract.fold([signed("*", 6)])}, asked, DEFINED)
    assert speaking
    assert speaking.verdict == "expired"


def signed(component_class: str, months: int) -> ContractSigned:
    term = Term(component_class=component_class, months=months, start_rule="acceptance")
    at = datetime(2025, 1, 5, tzinfo=UTC)
    return ContractSigned(contract_id="k1", number="HT-1", kind="own", customer_id="c1", signed_at=at, terms=[term])
