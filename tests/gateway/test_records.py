"""What is printed of tickets and assets, over sockets, and the code on a label: signed, and verified by all keys."""

from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from libs.chassis.http.application import application
from services.gateway import asset_code
from services.gateway.asset_code import AssetCodes
from services.gateway.documents.labels import CHANNEL, URGENCY
from services.gateway.refusals import REFUSALS
from services.intake.assets.api.forms import AssetDetails
from services.intake.assets.api.warranty import AssetWarranty
from tests.gateway.answers import ANSWERS, CUSTOMER_ID, TICKET_ID
from tests.gateway.serving import serving
from tests.gateway.test_documents import CODES, OF_TICKET, printing, words

ASSET_ID = "0198c0de-0000-7000-8000-00000000000a"
CONTRACT_ID = "0198c0de-0000-7000-8000-00000000000b"
PART = {"component_class": "pump", "parent": None, "installed_on": None, "supplied_by": "us", "kind": "original"}
ASSET: dict[str, Any] = {
    "id": ASSET_ID,
    "customer_id": CUSTOMER_ID,
    "model": "KFR-35GW",
    "serial": "SN-1",
    "lot": None,
    "maker": "格力",
    "region": "华北",
    "card_number": "BX-0001",
    "contracts": [CONTRACT_ID],
    "retired_at": None,
    "version": 3,
    "status": "in_use",
    "supplier": None,
    "sold_as": "sold",
    "days": {"acceptance_date": "2026-03-14", "completion_date": None, "card_number": "BX-0001", "card_date": None},
    "parts": [
        PART | {"id": "pump-1", "serial": "P1", "replaced_on": "2026-05-01", "replaces": None},
        PART | {"id": "pump-2", "serial": "P2", "replaced_on": None, "replaces": "pump-1"},
    ],
    "sites": [{"since": None, "timezone": "Asia/Shanghai", "region": "华北", "address": "和平路1号"}],
}
WARRANTY: dict[str, Any] = {
    "component": "pump-2",
    "on": "2026-11-28T00:00:00Z",
    "verdict": "in_warranty",
    "from": "2026-03-15",
    "until": "2029-03-14",
    "clause": {"contract": CONTRACT_ID, "number": "HT-2026-0113", "component_class": "pump"},
    "why": "",
    "reasons": [],
    "would_change": [],
}
OF_CUSTOMER = f"intake/v1/assets?customer_id={CUSTOMER_ID}&limit=200"


def page(*assets: dict[str, Any], next_cursor: str | None = None) -> dict[str, Any]:
    return {"items": list(assets), "next_cursor": next_cursor}


OF_ASSET: dict[str, Any] = {
    f"intake/v1/assets/{ASSET_ID}": ASSET,
    f"intake/v1/assets/{ASSET_ID}/warranty?component=pump-2": WARRANTY,
    f"intake/v1/contracts/{CONTRACT_ID}": {"id": CONTRACT_ID, "number": "HT-2026-0113"},
    f"intake/v1/customers/{CUSTOMER_ID}": {"name": "王芳"},
    OF_CUSTOMER: page(ASSET, ASSET | {"retired_at": "2026-01-01"}, next_cursor="more"),
    f"{OF_CUSTOMER}&cursor=more": page(ASSET | {"serial": "SN-2"}),
}


def test_the_answers_are_those_of_intakes_document() -> None:
    AssetDetails.model_validate(ASSET)
    AssetWarranty.model_validate(WARRANTY)


@pytest.mark.requirement("R004", "R053")
@pytest.mark.parametrize(
    ("form", "title"), [("customer-feedback-register", "客户咨询、反馈登记表"), ("repair-feedback", "修理反馈书")]
)
async def test_a_ticket_is_printed(form: str, title: str) -> None:
    async with printing() as (anna, _):
        answer = await anna.get(f"/documents/{form}/{TICKET_ID}.pdf")
    for said in ("空调不制冷", "上午十点以后上门", "王芳", CHANNEL["phone"], URGENCY["high"], "2026-11-2715:55"):
        assert said in words(answer)
    assert unquote(answer.headers["content-disposition"]).endswith(f"{title} WX20261127-0042.pdf")


async def test_of_a_ticket_whose_customer_is_erased_nothing_is_printed_but_that() -> None:
    gone = {OF_TICKET: ANSWERS[OF_TICKET] | {"customer": None, "summary": None, "requirements": None}}
    async with printing(gone) as (anna, _):
        said = words(await anna.get(f"/documents/repair-feedback/{TICKET_ID}.pdf"))
    assert said.count("已清除") == 5


@pytest.mark.requirement("R123", "R312")
async def test_a_warranty_card_is_printed_of_the_components_in_use() -> None:
    async with printing(OF_ASSET) as (anna, _):
        said = words(await anna.get(f"/documents/warranty-card/{ASSET_ID}.pdf"))
    for word in ("BX-0001", "王芳HT-2026-0113", "pump-2", "2026-03-15", "2029-03-14"):
        assert word in said
    assert "pump-1" not in said


async def test_labels_are_of_one_asset_or_of_all_of_a_customer_in_use() -> None:
    async with printing(OF_ASSET) as (anna, _):
        one = words(await anna.get(f"/documents/asset-label/{ASSET_ID}.pdf"))
        all_of_them = words(await anna.get(f"/documents/asset-labels/{CUSTOMER_ID}.pdf"))
    assert one.count("SN-1") == all_of_them.count("SN-1") == all_of_them.count("SN-2") == 1


async def test_of_more_assets_than_sheets_are_for_no_labels_are_printed() -> None:
    many = {OF_CUSTOMER: page(*[ASSET] * 1_001)}
    async with printing(OF_ASSET | many) as (anna, _):
        answer = await anna.get(f"/documents/asset-labels/{CUSTOMER_ID}.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "form-too-long")


def test_a_code_names_its_asset_and_nothing_that_was_changed_does() -> None:
    code = CODES.code_of(ASSET_ID)
    assert CODES.asset_of(code) == ASSET_ID
    others = CODES.code_of(CUSTOMER_ID)
    forged = code.partition(".")[0] + "." + others.partition(".")[2]
    for wrong in (forged, code[:-1], code.replace(".", ""), "", "é.é-é", code.upper(), f"{code}x"):
        assert CODES.asset_of(wrong) is None


def test_a_label_of_an_older_key_is_verified_while_the_key_is_there() -> None:
    code = CODES.code_of(ASSET_ID)
    newer = "a newer secret of a test, of more than 32 letters"
    renewed = AssetCodes([newer, "a secret of a test, of more than 32 letters"])
    assert renewed.code_of(ASSET_ID) != code
    assert renewed.asset_of(code) == ASSET_ID
    assert AssetCodes([newer]).asset_of(code) is None


async def test_a_scanned_label_says_that_its_page_is_coming() -> None:
    app = application("Gateway", "Labels.", [], REFUSALS)
    app.router.routes.append(asset_code.route(CODES))
    async with serving(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as anybody:
        known, unknown = await anybody.get(f"/a/{CODES.code_of(ASSET_ID)}"), await anybody.get("/a/x.y-z")
    assert (known.status_code, unknown.status_code) == (200, 404)
    assert "即将开通" in known.text
    assert "无效" in unknown.text
