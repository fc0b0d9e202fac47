"""A contract on paper, over sockets: its terms, prices, budget, change orders, and the assets that it holds for."""

from typing import Any
from urllib.parse import unquote

import pytest

from services.intake.contracts.api.forms import ContractDetails
from tests.gateway.answers import CUSTOMER_ID
from tests.gateway.test_documents import printing, words
from tests.gateway.test_records import ASSET, CONTRACT_ID, page

OTHER_ID = "0198c0de-0000-7000-8000-00000000000c"
PAPER = f"/documents/service-contract/{CONTRACT_ID}.pdf"
TERM: dict[str, Any] = {
    "component_class": "main_unit",
    "months": 36,
    "start_rule": "card",
    "latent_defect_months": 24,
    "shelf_years": 5,
    "start_date": None,
    "replacement": "own",
    "replacement_months": 6,
    "expansion": "own",
}
CHANGE = dict.fromkeys(TERM) | {"op": "set", "component_class": "*", "months": 48}
CONDITIONS: dict[str, Any] = {
    "service_level": "金牌",
    "labour_cap": 1000,
    "travel_free": True,
    "entitlements": [{"service": "visit", "times": 2, "per": "year"}],
    "prices": [{"item": "压缩机", "unit": "台", "price": 120_000}],
    "budget": [{"item": "备件", "amount": 5_000_000}, {"item": "培训", "amount": 1}],
}
CONTRACT: dict[str, Any] = {
    "id": CONTRACT_ID,
    "number": "HT-2026-0113",
    "kind": "own",
    "customer_id": CUSTOMER_ID,
    "extends": None,
    "signed_at": "2026-01-05T16:30:00Z",
    "ended_at": None,
    "end_reason": None,
    "version": 2,
    "status": "in_force",
    "extended_by": [OTHER_ID],
    "terms": [TERM],
    "amendments": [
        {
            "agreed_at": "2026-06-01T02:00:00Z",
            "order": "BG-2026-0007",
            "changes": [CHANGE],
            "conditions": CONDITIONS | {"service_level": "银牌", "travel_free": False},
        }
    ],
    "conditions": CONDITIONS,
}
UNDER = f"intake/v1/assets?contract_id={CONTRACT_ID}&customer_id={CUSTOMER_ID}&limit=200"
ANSWERED: dict[str, Any] = {
    f"intake/v1/contracts/{CONTRACT_ID}": CONTRACT,
    f"intake/v1/contracts/{OTHER_ID}": CONTRACT | {"id": OTHER_ID, "number": "YB-2026-0001"},
    f"intake/v1/customers/{CUSTOMER_ID}": {"name": "王芳"},
    UNDER: page(ASSET, ASSET | {"serial": "SN-2", "retired_at": "2026-05-01T00:00:00Z"}),
}


def test_the_answers_are_those_of_intakes_document() -> None:
    ContractDetails.model_validate(CONTRACT)


@pytest.mark.requirement("R211")
async def test_a_contract_is_printed_with_all_that_was_agreed_and_what_it_holds_for() -> None:
    async with printing(ANSWERED) as (anna, _):
        answer = await anna.get(PAPER)
    said = words(answer)
    for word in ("HT-2026-0113", "王芳", "2026-01-06", "金牌", "10.00元/小时", "免收", "上门：每年2次", "YB-2026-0001"):
        assert word in said
    for word in ("main_unit", "36个月", "保修卡日期", "24个月", "备件搁置5年", "更换件另行起算6个月"):
        assert word in said
    for word in ("压缩机", "1,200.00", "备件", "50,000.00", "50,000.01", "BG-2026-0007", "变更其余全部保修48个月"):
        assert word in said
    assert "银牌" in said
    assert "SN-1" in said
    assert "SN-2" not in said
    assert unquote(answer.headers["content-disposition"]).endswith("售后服务合同 HT-2026-0113.pdf")


async def test_a_contract_that_was_ended_says_so_on_paper() -> None:
    over = {"status": "ended", "ended_at": "2026-07-01T02:00:00Z", "end_reason": "双方协商终止"}
    async with printing(ANSWERED | {f"intake/v1/contracts/{CONTRACT_ID}": CONTRACT | over}) as (anna, _):
        assert "终止日：2026-07-01，双方协商终止" in words(await anna.get(PAPER))


async def test_an_extension_holds_on_paper_for_the_assets_of_what_it_extends() -> None:
    extension = CONTRACT | {"kind": "extension", "extends": OTHER_ID, "extended_by": []}
    asked = f"intake/v1/assets?contract_id={CONTRACT_ID}&contract_id={OTHER_ID}&customer_id={CUSTOMER_ID}&limit=200"
    changed = {f"intake/v1/contracts/{CONTRACT_ID}": extension, asked: page(ASSET)}
    async with printing(ANSWERED | changed) as (anna, _):
        said = words(await anna.get(PAPER))
    assert "延保" in said
    assert "SN-1" in said


async def test_what_a_maker_promised_for_all_is_printed_without_a_word_of_whose_the_assets_are() -> None:
    makers = CONTRACT | {"kind": "maker", "customer_id": None}
    asked = f"intake/v1/assets?contract_id={CONTRACT_ID}&limit=200"
    changed = {f"intake/v1/contracts/{CONTRACT_ID}": makers, asked: page(ASSET)}
    async with printing(ANSWERED | changed) as (anna, _):
        said = words(await anna.get(PAPER))
    for word in ("HT-2026-0113", "厂家承诺", "KFR-35GW", "SN-1", "格力"):
        assert word in said
    for word in ("王芳", "BX-0001", "华北", "YB-2026-0001"):
        assert word not in said


async def test_more_assets_than_a_paper_is_for_are_left_to_a_list_of_their_own() -> None:
    async with printing(ANSWERED | {UNDER: page(*[ASSET] * 1_001)}) as (anna, _):
        said = words(await anna.get(PAPER))
    assert said.count("SN-1") == 1_000
    assert "其余设备另附清单" in said


async def test_who_may_not_read_the_contract_gets_no_paper() -> None:
    async with printing(ANSWERED | {f"intake/v1/contracts/{CONTRACT_ID}": 403}) as (anna, _):
        answer = await anna.get(PAPER)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
