"""A real service behind the proxy: its commands, its tags and its stream are the same there."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from starlette.requests import Request

from deploy.devstack.issuer import Issuer
from services.intake.app import service
from tests.gateway.serving import proxying

CUSTOMER = {"name": "王芳", "phones": ["+86 591 8888 0000"], "address": "福州市鼓楼区"}


@pytest.fixture
async def front(url: str, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a gateway before intake, where an agent is signed in."""

    async def token_of(_request: Request) -> str:
        return issuer.token("anna", ["agent"], 600)

    async with (
        proxying({service.name: url}, token_of) as gateway,
        httpx.AsyncClient(base_url=f"{gateway}/api/intake", trust_env=False, timeout=30) as http,
    ):
        yield http


async def test_a_command_is_carried_out_once_and_what_it_made_is_read_where_it_says(front: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    made = [await front.post("/v1/customers", json=CUSTOMER, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    ticket = {"channel": "phone", "kind": "repair", "customer_id": made[0].json()["id"], "summary": "空调不制冷"}
    opened = await front.post("/v1/tickets", json=ticket, headers={"Idempotency-Key": str(uuid4())})
    where = httpx.URL(str(front.base_url)).join(opened.headers["location"])
    read = await front.get(where, params={"min_version": opened.json()["version"]})
    assert (read.status_code, read.json()["id"]) == (200, opened.json()["id"])
    again = await front.get(where, headers={"If-None-Match": read.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_refusal_is_the_service_s_own(front: httpx.AsyncClient) -> None:
    answer = await front.post("/v1/customers", json={}, headers={"Idempotency-Key": "1", "Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert answer.headers["content-language"] == "zh-CN"
    assert answer.headers.get_list("trace-id") == [answer.json()["trace_id"]]
