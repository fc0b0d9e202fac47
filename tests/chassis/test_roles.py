"""Roles are declared on every route, and obeyed; and the document that tells them."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from libs.chassis.http import Router, allow
from libs.chassis.http.routing import Route, RoutesWithoutRoles
from libs.chassis.identity.auth import ROLES
from tests.chassis import workshop
from tests.chassis.conftest import As, Caller, LiveIssuer


def test_a_route_without_roles_fails_at_start_up() -> None:
    for router in (Router(prefix="/v1/open"), APIRouter(prefix="/v1/open")):

        @router.get("/{id}")
        async def anybody(id: str) -> Any:
            return id

        with pytest.raises(RoutesWithoutRoles, match=r"GET /v1/open/\{id\}"):
            workshop.service(routes=[router]).http()


def test_roles_of_a_whole_router_will_do() -> None:
    router = Router(prefix="/v1/staff", dependencies=[allow("manager")])

    @router.get("")
    async def staff() -> Any:
        return []

    (route,) = [r for r in workshop.service(routes=[router]).http().routes if getattr(r, "path", "") == "/v1/staff"]
    assert isinstance(route, Route)
    assert route.roles is not None


@pytest.mark.requirement("R227")
async def test_every_route_and_role_is_let_in_or_not_as_declared(caller: As) -> None:
    app = workshop.service().http()
    seen = 0
    for route in (*app.routes, *workshop.service().internal_http(app).routes):
        if not isinstance(route, Route):
            continue
        assert route.roles is not None
        path = route.path.replace("{id}", "0197a000-0000-7000-8000-000000000000" if "jobs" in route.path else "1")
        path += "?seconds=0" if path.endswith("/stream") else ""
        for role in ROLES:
            for method in route.methods or ():
                answer = await caller(role).http.request(method, path, headers=caller(role).headers)
                assert (answer.status_code == 403) == (role not in route.roles.roles), (method, path, role)
                seen += 1
    assert seen >= 10 * len(ROLES)


async def test_without_a_token_everything_under_v1_and_internal_is_401(bare: httpx.AsyncClient) -> None:
    for path in ("/v1/jobs", "/v1/jobs/not-a-uuid", "/internal/heads", "/internal/events"):
        answer = await bare.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_who_may_not_call_learns_nothing_of_the_body(anna: Caller, caller: As) -> None:
    answer = await caller("engineer").post("/v1/jobs", content=b"{broken", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 403


async def test_without_a_database_it_is_503_and_not_ready_but_alive(
    bare: httpx.AsyncClient, issuer: LiveIssuer
) -> None:
    answer = await bare.get("/v1/jobs", headers={"Authorization": f"Bearer {issuer.token('agent')}"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        503,
        "database-unreachable",
        "1",
    )
    assert (await bare.get("/health/ready")).status_code == 503
    assert (await bare.get("/health/live")).status_code == 200


async def test_ready_with_a_database_until_it_stops(anna: Caller) -> None:
    assert (await anna.http.get("/health/ready")).json() == {"status": "ready"}


async def test_metrics_docs_and_document_are_open(bare: httpx.AsyncClient) -> None:
    await bare.get("/v1/jobs")
    metrics = (await bare.get("/metrics")).text
    assert 'aftercare_http_requests_total{method="GET",route="/v1/jobs",status="401"}' in metrics
    for name in ("aftercare_outbox_age_seconds", "aftercare_parked_events", "aftercare_append_conflicts_total"):
        assert f"# HELP {name}" in metrics
    assert (await bare.get("/docs")).is_success
    document = (await bare.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["components"]["schemas"]["Problem"]["required"]
    post = document["paths"]["/v1/jobs"]["post"]
    assert {"400", "401", "403", "404", "409", "412", "413", "415", "422", "503", "201"} <= set(post["responses"])
    assert {parameter["name"] for parameter in post["parameters"]} == {"Idempotency-Key", "If-Match"}
    assert (post["x-roles"], post["security"]) == (["agent"], [{"bearer": []}])
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["description"]
            for status, response in operation["responses"].items():
                assert int(status) < 400 or list(response["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in str(document)
