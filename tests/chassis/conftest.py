"""A real issuer over HTTP, and the workshop behind it on a real database."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from deploy.devstack.databases import Database
from deploy.devstack.issuer import Issuer as Signer
from deploy.devstack.plain_http import PLAIN
from deploy.devstack.process import free_port
from libs.chassis.http.server.edge import Edge
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.oidc import Issuer, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms
from libs.chassis.running.service import Service
from libs.events.database.connections import Pool, connect
from tests.chassis import workshop
from tests.chassis.running import NOBODY, Running, Start
from tests.conftest import NewDatabase
from tests.console import CLIENT, Console

PSEUDONYMS = Pseudonyms(b"the key of all tests")


@dataclass
class LiveIssuer:
    """The development issuer as a process, and the same key in hand to forge with."""

    url: str
    state: Path
    signer: Signer

    def token(self, *roles: str, subject: str = "anna", seconds: float = 600) -> str:
        return self.signer.token(subject, roles or ["agent"], seconds)

    def actor_id(self, subject: str) -> str:
        """The pseudonym of somebody whose tokens this issuer signs."""
        return PSEUDONYMS.actor_id(self.url, subject)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIssuer]:
    state, port = tmp_path_factory.mktemp("issuer"), free_port(0)
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "deploy.devstack.issuer", "--port", str(port), "--state", str(state)]
    process = subprocess.Popen(command)
    try:
        _wait(url)
        yield LiveIssuer(url, state, Signer(state, url))
    finally:
        process.terminate()
        process.wait(60)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            if httpx.get(f"{url}/jwks", **PLAIN).status_code == 200:
                return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.fixture
def console(issuer: LiveIssuer) -> Iterator[Console]:
    """The front at the issuer, with a new browser."""
    with httpx.Client(**PLAIN) as browser:
        yield Console(issuer.url, (issuer.state / "clients" / CLIENT).read_text(), browser)


@pytest.fixture
def password(issuer: LiveIssuer) -> str:
    """Everybody's."""
    return (issuer.state / "password").read_text()


@pytest.fixture
async def tokens(issuer: LiveIssuer) -> AsyncIterator[Tokens]:
    async with httpx.AsyncClient(**PLAIN) as http:
        yield Tokens(issuer.url, Keys(Issuer(issuer.url, http)), PSEUDONYMS, "workshop")


@dataclass
class Caller:
    """A client of the workshop with a token; every post has an idempotency key unless the test gives one."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def post(self, path: str, body: Any = None, key: str | None = None, **options: Any) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key or str(uuid4()), **options.pop("headers", {})}
        if "content" not in options:
            options["json"] = body
        return await self.http.post(path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(path, headers={**self.headers, **options.pop("headers", {})}, **options)

    async def opened(self) -> str:
        """The id of a new job."""
        answer = await self.post("/v1/jobs", {"note": "hello"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture
async def database(new_database: NewDatabase) -> Database:
    return await new_database(
        "triage",
        f"{workshop.MAKE_TABLE}; GRANT SELECT, INSERT, UPDATE, DELETE ON workshop_jobs TO triage_app",
    )


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    pool = await connect(database.url)
    yield pool
    await pool.close()


class Ports:
    """Both ports of the workshop at one address: each path at the port that serves it."""

    def __init__(self, app: FastAPI, internal: FastAPI) -> None:
        self.app, self.internal, self.state = app, internal, app.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = str(scope["path"]).startswith(("/internal/", "/health/", "/metrics"))
        await (self.internal if inside else self.app)(scope, receive, send)

    @classmethod
    def of(cls, service: Service, tokens: Tokens) -> Self:
        """The service's, believing these tokens."""
        app = service.http()
        app.state.tokens = tokens
        return cls(app, service.internal_http(app))


@pytest.fixture
async def bare(tokens: Tokens) -> AsyncIterator[httpx.AsyncClient]:
    """The workshop without a database."""
    app = Ports.of(workshop.service(), tokens)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://workshop") as http:
        yield http


@pytest.fixture
async def anna(tokens: Tokens, issuer: LiveIssuer, pool: Pool) -> AsyncIterator[Caller]:
    """An agent at the workshop."""
    service = workshop.service()
    app = Ports.of(service, tokens)
    service.attach(app.app, service.store(pool))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://workshop") as http:
        yield Caller(http, {"Authorization": f"Bearer {issuer.token('agent')}"})


As = Callable[..., Caller]


@pytest.fixture
def caller(anna: Caller, issuer: LiveIssuer) -> As:
    """Another caller at the same workshop, by roles and subject."""
    return lambda *roles, subject="bert": Caller(
        anna.http, {"Authorization": f"Bearer {issuer.token(*roles, subject=subject)}"}
    )


__all__ = ["PSEUDONYMS", "As", "Caller", "Edge", "LiveIssuer"]


@pytest.fixture
def start(database: Database, issuer: LiveIssuer) -> Iterator[Start]:
    begun: list[subprocess.Popen[str]] = []

    def begin(role: str = "all", port: int = 0, programme: str = "workshop", **changes: str) -> Running:
        port, internal_port = port or free_port(0), free_port(0)
        environment = {
            **os.environ,
            "TRIAGE_DATABASE_URL": database.url,
            "TRIAGE_PORT": str(port),
            "TRIAGE_INTERNAL_PORT": str(internal_port),
            "INTAKE_INTERNAL_URL": "http://127.0.0.1:1",
            "KAFKA_BOOTSTRAP_SERVERS": NOBODY,
            "OIDC_ISSUER": issuer.url,
            "ACTOR_KEY": "the key of all tests",
            "OIDC_CLIENT_ID": "triage",
            "OIDC_CLIENT_SECRET_FILE": str(issuer.state / "clients" / "triage"),
            **changes,
        }
        command = [sys.executable, "-m", f"tests.chassis.{programme}", "--role", role]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        begun.append(process)
        return Running(process, *(f"http://127.0.0.1:{each}" for each in (port, internal_port)))

    yield begin
    for process in begun:
        process.kill()
        process.communicate()
