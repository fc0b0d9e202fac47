"""The document of the internal port, tried out; and what the public port of the same process does not know."""

from typing import Any

import httpx
import pytest

from deploy.devstack.supervisor import Programme
from services.triage.app import service
from tests.http.api import Api, Known
from tests.http.contract import described, trials
from tests.http.seeds import SeededService

schema = described(service.internal_http(service.http()))
globals().update(trials(schema))


@pytest.fixture(scope="module")
def url(process: Programme) -> str:
    """The internal port."""
    return process.internal_url


async def seed(seeded: SeededService) -> Known:
    """Nothing: heads, lanes, positions and the feed answer from an empty service too."""
    return {}


def test_a_quarter_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(f"{service.name}, internal")
    assert api.succeeded >= 0.25


def paths(base: str) -> dict[str, Any]:
    """What a port's own document names."""
    found: dict[str, Any] = httpx.get(f"{base}/openapi.json", trust_env=False, timeout=60).json()["paths"]
    return found


def test_each_port_serves_and_names_its_own_paths_and_no_others(process: Programme) -> None:
    outside, inside = (f"http://127.0.0.1:{port}" for port in (process.port, process.internal_port))
    for path in ("/internal/heads", "/internal/events", "/metrics", "/health/live", "/health/ready"):
        assert httpx.get(outside + path, trust_env=False, timeout=60).status_code == 404, path
    for path in ("/v1/cases", "/docs"):
        assert httpx.get(inside + path, trust_env=False, timeout=60).status_code == 404, path
    assert {
        httpx.get(inside + path, trust_env=False, timeout=60).status_code for path in ("/metrics", "/health/ready")
    } == {200}
    assert all(path.startswith("/v1/") for path in paths(outside))
    assert all(path.startswith("/internal/") for path in paths(inside))
