"""The OpenAPI documents of the five services, as client generators and people read them."""

import asyncio
from collections import Counter
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest

from libs.chassis.http import reads
from libs.services import EVENT_SERVICES
from tests.chassis.conftest import Caller

DOCUMENTS: dict[str, dict[str, Any]] = {
    name: import_module(f"services.{name}.app").service.http().openapi() for name in EVENT_SERVICES
}


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_one_name_is_one_operation_over_all_services() -> None:
    names = Counter(o["operationId"] for document in DOCUMENTS.values() for o in _operations(document))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_links_lead_to_operations_that_there_are(service: str) -> None:
    operations = _operations(DOCUMENTS[service])
    there = {operation["operationId"] for operation in operations}
    responses = [response for operation in operations for response in operation["responses"].values()]
    assert {link["operationId"] for r in responses for link in r.get("links", {}).values()} <= there


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_no_schema_is_named_by_the_module_that_it_is_in(service: str) -> None:
    assert [name for name in DOCUMENTS[service]["components"]["schemas"] if "__" in name or "." in name] == []


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_it_says_who_may_call_what_and_where_things_are_made(service: str) -> None:
    document = DOCUMENTS[service]
    assert document["servers"][0]["url"] == "/"
    tags = {tag["name"] for tag in document["tags"]}
    for operation in _operations(document):
        assert set(operation["tags"]) <= tags
        assert all(role in operation["description"].rpartition("Roles:")[2] for role in operation["x-roles"])
    for path, item in document["paths"].items():
        if "post" in item and any(
            other.startswith(f"{path}/{{") and other.endswith("}") for other in document["paths"]
        ):
            made = {status for status in ("201", "202") if status in item["post"]["responses"]}
            assert all("Location" in item["post"]["responses"][status]["headers"] for status in made)


async def test_what_was_made_is_where_its_location_says(anna: Caller) -> None:
    made = await anna.post("/v1/jobs", {"note": "x"}, key="once")
    assert made.headers["location"] == f"/v1/jobs/{made.json()['id']}"
    assert (await anna.get(made.headers["location"])).json()["id"] == made.json()["id"]
    assert (await anna.post("/v1/jobs", {"note": "x"}, key="once")).headers["location"] == made.headers["location"]
    counted = await anna.post(f"{made.headers['location']}/count", {"by": 1})
    assert "location" not in counted.headers


async def test_a_command_waits_for_what_it_is_about(anna: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "WAIT_SECONDS", 30.0)
    id = await anna.opened()
    waiting = asyncio.create_task(anna.post(f"/v1/jobs/{id}/count?min_version=2", {"by": 5}))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await anna.post(f"/v1/jobs/{id}/count", {"by": 1})
    assert ((await waiting).status_code, (await waiting).json()["total"]) == (200, 6)


async def test_a_command_gives_up_waiting_after_two_seconds(anna: Caller) -> None:
    answer = await anna.post(f"/v1/jobs/{uuid4()}/count?min_version=1", {"by": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "version-not-reached")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("version", ["x", "", "-1", "1.0", "1" * 10, "\u0661"])
async def test_a_version_to_wait_for_is_a_number(version: str, anna: Caller) -> None:
    answer = await anna.http.post(
        f"/v1/jobs/{uuid4()}/count",
        params={"min_version": version},
        json={"by": 5},
        headers={**anna.headers, "Idempotency-Key": "k"},
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.min_version")


async def test_what_is_made_waits_for_nothing(anna: Caller) -> None:
    answer = await anna.post("/v1/jobs?min_version=1", {"note": "x"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.min_version")


async def test_a_sentence_says_what_is_wrong_and_how_much(anna: Caller) -> None:
    one = await anna.post(f"/v1/jobs/{uuid4()}/count", {"by": 0})
    assert one.json()["detail"] == "body.by: Input should be greater than or equal to 1"
    two = await anna.post(f"/v1/jobs/{uuid4()}/count", {"by": 0, "colour": "red"})
    assert two.json()["detail"] == "body.by: Input should be greater than or equal to 1 (and 1 more)"
