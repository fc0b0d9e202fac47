"""The gateway as a process: what it needs, what it bears with, and https."""

import asyncio
import signal
import ssl
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import trustme

from deploy.devstack.databases import Database
from libs.chassis.running.clock import own_now
from libs.events.database.connections import connect
from services.gateway.seal import Seal
from services.gateway.sessions.domain import Grant, Limits
from services.gateway.sessions.store import Sessions
from tests.chassis.running import NOBODY
from tests.gateway.conftest import SECRET, Place, Start


def test_it_is_ready_and_tells_its_figures(place: Place) -> None:
    assert place.running.get("/health/live").status_code == 200
    httpx.get(f"{place.url}/auth/me", trust_env=False)
    metrics = place.running.get("/metrics").text
    assert 'aftercare_http_requests_total{method="GET",route="/auth/me",status="401"}' in metrics


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/openapi.json", "/docs"])
def test_what_operators_ask_is_not_on_the_public_port(place: Place, path: str) -> None:
    assert "aftercare_" not in httpx.get(place.url + path, trust_env=False).text


def test_it_ends_in_good_order(start: Start) -> None:
    running = start()
    assert running.until("/health/ready", 200).status_code == 200
    running.process.send_signal(signal.SIGTERM)
    _, told = running.process.communicate(timeout=40)
    assert running.process.returncode == 0, told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"GATEWAY_SEAL_KEY_FILE": "/nowhere"}, "GATEWAY_SEAL_KEY_FILE: cannot be read"),
        ({"GATEWAY_SEAL_KEY_FILE": ""}, "GATEWAY_SEAL_KEY_FILE: Field required"),
        ({"GATEWAY_URL": "http://care.example.org"}, "GATEWAY_URL: an origin is https"),
        ({"GATEWAY_URL": "https://care.example.org/front"}, "GATEWAY_URL: an origin is https"),
        ({"TLS_CERT_FILE": "/nowhere"}, "TLS_CERT_FILE, TLS_KEY_FILE: one is nothing without the other"),
        ({"TLS_CERT_FILE": "/nowhere", "TLS_KEY_FILE": "/nowhere"}, "TLS_CERT_FILE, TLS_KEY_FILE: FileNotFoundError"),
    ],
)
def test_a_wrong_setting_is_one_line(start: Start, changes: dict[str, str], told: str) -> None:
    process = start(**changes).process
    _, said = process.communicate(timeout=40)
    assert process.returncode == 1
    assert said.startswith(f"gateway: {told}"), said
    assert len(said.splitlines()) == 1


def test_it_speaks_https_with_a_certificate(start: Start, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "server.crt"))
    issued.private_key_pem.write_to_path(str(tmp_path / "server.key"))
    running = start(TLS_CERT_FILE=str(tmp_path / "server.crt"), TLS_KEY_FILE=str(tmp_path / "server.key"))
    assert running.until("/health/ready", 200).status_code == 200
    trusted = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    answer = httpx.get(running.url.replace("http:", "https:") + "/auth/me", verify=trusted, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


async def test_with_the_issuer_away_people_are_told_and_stay_signed_in(start: Start, database: Database) -> None:
    running, id = start(OIDC_ISSUER=f"http://{NOBODY}"), await begun(database)
    await asyncio.to_thread(running.until, "/health/ready", 503)
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as http:
        page = await http.get("/auth/login?to=/board")
        answer = await http.get("/auth/me", headers={"Cookie": f"__Host-sid={id}"})
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "登录服务暂时无法连接" in page.text
    assert 'href="/auth/login?to=/board"' in page.text
    assert (answer.status_code, answer.json()["code"]) == (503, "issuer-unreachable")
    assert answer.headers["retry-after"] == "5"
    pool = await connect(database.url, 1)
    assert await pool.fetchval("SELECT count(*) FROM session") == 1
    await pool.close()


async def begun(database: Database) -> str:
    """The id of a session whose token has just ended."""

    async def never(_grant: Grant, _at: object) -> Grant:
        raise AssertionError

    pool, at = await connect(database.url, 1), own_now()
    sessions = Sessions(pool, Seal([SECRET], "sessions"), Limits(timedelta(hours=8), timedelta(hours=24)), never)
    id = await sessions.begin("anna", None, Grant("access", "refresh", "id", at - timedelta(minutes=5), at), at)
    await pool.close()
    return id
