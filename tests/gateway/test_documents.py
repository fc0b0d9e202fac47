"""`/documents` over sockets, before services that answer what the test wants."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import httpx
import pytest
from pypdf import PdfReader
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from libs.chassis.http.application import application
from libs.documents import typesetter
from libs.services import EVENT_SERVICES
from services.gateway.asset_code import AssetCodes
from services.gateway.documents import api
from services.gateway.documents.prints import Desk
from services.gateway.refusals import REFUSALS
from tests.gateway.answers import ANSWERS, ORDER, ORDER_ID, TICKET_ID
from tests.gateway.serving import ANNA, serving, token_of

CODES = AssetCodes(["a secret of a test, of more than 32 letters"])
ACCEPTANCE = f"/documents/maintenance-acceptance/{ORDER_ID}.pdf"
OF_ORDER, OF_TICKET = f"dispatch/v1/work-orders/{ORDER_ID}", f"intake/v1/tickets/{TICKET_ID}"


class Answering:
    """All services at once, below their names; `changed` are answers or statuses in place of the recorded ones."""

    def __init__(self, changed: dict[str, Any]) -> None:
        self.answers: dict[str, Any] = {**ANSWERS, **changed}
        self.asked: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.asked.append(request)
        query = f"?{request.url.query}" if request.url.query else ""
        found = self.answers.get(f"{request.url.path[1:]}{query}", 404)
        status = found if isinstance(found, int) else 200
        refusal = {"code": {403: "forbidden", 404: "not-found"}.get(status, "defect"), "detail": "否"}
        await JSONResponse(refusal if status != 200 else found, status)(scope, receive, send)


@asynccontextmanager
async def printing(
    changed: dict[str, Any] | None = None, urls: dict[str, str] | None = None
) -> AsyncIterator[tuple[httpx.AsyncClient, Answering]]:
    """Anna's browser at a gateway that is nothing but the forms; without `urls` all services answer."""
    app, services = application("Gateway", "The forms.", [], REFUSALS), Answering(changed or {})
    app.router.routes.extend(api.routes(token_of))
    async with (
        serving(services) as url,
        serving(app) as gateway,
        httpx.AsyncClient(trust_env=False) as http,
        httpx.AsyncClient(base_url=gateway, headers=ANNA, trust_env=False, timeout=120) as anna,
    ):
        urls = urls or {name: f"{url}/{name}" for name in EVENT_SERVICES}
        desk = Desk("https://care.example.org", ZoneInfo("Asia/Shanghai"), CODES, hotline="")
        app.state.documents = api.Documents(http, urls, desk)
        yield anna, services


def words(answer: httpx.Response) -> str:
    """Of a PDF, without blanks."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


@pytest.mark.requirement("R063", "R064", "R067")
@pytest.mark.parametrize(
    ("form", "title", "said"),
    [
        ("maintenance-task-order", "维护任务单", "上午十点以后上门"),
        ("maintenance-acceptance", "维护验收表", "2026-11-2810:50"),
        ("user-opinion-feedback", "用户意见反馈表", "师傅准时，讲解清楚"),
    ],
)
async def test_a_form_is_a_pdf_with_its_chinese_name(form: str, title: str, said: str) -> None:
    async with printing() as (anna, services):
        answer = await anna.get(f"/documents/{form}/{ORDER_ID}.pdf")
    assert said in words(answer)
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith(f'inline; filename="{form}-WX20261127-0042-1.pdf"; ')
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == f"{title} WX20261127-0042-1.pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert {request.headers["authorization"] for request in services.asked} == {"Bearer token of anna"}


async def test_an_engineer_s_contact_is_dispatch_s() -> None:
    hidden = {OF_TICKET: ANSWERS[OF_TICKET] | {"customer": None}}
    async with printing(hidden) as (anna, _):
        assert "建国路1号" in words(await anna.get(ACCEPTANCE))


async def test_what_the_reader_may_not_see_is_left_blank() -> None:
    hidden = {
        OF_TICKET: ANSWERS[OF_TICKET] | {"customer": None},
        f"{OF_ORDER}/contact": 403,
        f"{OF_ORDER}/signature": 403,
    }
    async with printing(hidden) as (anna, _):
        said = words(await anna.get(ACCEPTANCE))
    assert "建国路1号" not in said
    assert "空调不制冷" in said


@pytest.mark.parametrize(
    ("path", "changed", "status", "code"),
    [
        (f"/documents/invoice/{ORDER_ID}.pdf", {}, 404, "no-such-form"),
        ("/documents/maintenance-acceptance/1.pdf", {}, 404, "no-such-route"),
        (ACCEPTANCE, {OF_ORDER: 404}, 404, "not-found"),
        (ACCEPTANCE, {OF_ORDER: 403}, 403, "forbidden"),
        (ACCEPTANCE, {OF_ORDER: ORDER | {"status": "on_site"}}, 409, "form-not-ready"),
        (ACCEPTANCE, {OF_TICKET: 503}, 503, "service-unreachable"),
        (ACCEPTANCE, {f"{OF_ORDER}/signature": 500}, 503, "service-unreachable"),
    ],
)
async def test_what_cannot_be_printed_says_why(path: str, changed: dict[str, Any], status: int, code: str) -> None:
    async with printing(changed) as (anna, _):
        answer = await anna.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_a_service_that_is_away_is_503() -> None:
    async with printing(urls=dict.fromkeys(EVENT_SERVICES, "http://127.0.0.1:1")) as (anna, _):
        answer = await anna.get(ACCEPTANCE, headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unreachable")
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["detail"] == "服务暂时无法连接，请稍后重试。"


async def test_nobody_prints_who_is_not_signed_in() -> None:
    async with printing() as (anna, services):
        answer = await anna.get(ACCEPTANCE, headers={"Cookie": "sid2=anna"})
    assert (answer.status_code, answer.json()["code"], services.asked) == (401, "not-signed-in", [])


async def test_too_many_at_once_come_back_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "SETTING_SECONDS", 0.0)
    async with printing() as (anna, _):
        answer = await anna.get(ACCEPTANCE)
    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert answer.headers["retry-after"] == "1"


async def test_a_form_is_asked_for_in_the_reader_s_language_and_trace() -> None:
    async with printing() as (anna, services):
        answer = await anna.get(ACCEPTANCE, headers={"Accept-Language": "zh-CN"})
    assert {request.headers["accept-language"] for request in services.asked} == {"zh-CN"}
    traces = {request.headers["traceparent"].split("-")[1] for request in services.asked}
    assert traces == {answer.headers["trace-id"]}
