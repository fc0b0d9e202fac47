"""Attacks on customers' links over HTTP: tokens that are forged, or for something else, and answers that collide."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from libs.chassis.identity.link_tokens import TOKEN_SECONDS, LinkTokens
from libs.chassis.identity.signing_keys import new_key_set
from libs.services import EVENT_SERVICES
from services.gateway.links.attempts import WRONG, Attempts
from services.intake.links.domain import USES
from tests.chassis.conftest import LiveIssuer, Ports
from tests.chassis.routes import ROUTES
from tests.chassis.running import Running
from tests.chassis.test_auth import b64, hs256_of
from tests.chassis.test_link_tokens import RATING, Minted, checks
from tests.conftest import NewDatabase
from tests.gateway.conftest import Start
from tests.gateway.links import GATEWAY, LinkWorld, linked
from tests.gateway.serving import PATIENCE, wire
from tests.gateway.test_links import form_of, score
from tests.survey.story import C

OTHER = str(uuid4())
OF_CUSTOMERS = {
    "dispatch GET /v1/work-orders/{work_order_id}/repair": "acceptance",
    "dispatch POST /v1/work-orders/{work_order_id}/link-acceptance": "acceptance",
    "dispatch POST /v1/work-orders/{work_order_id}/link-rejection": "acceptance",
    "dispatch GET /v1/work-orders/{work_order_id}/planned-time": "appointment",
    "dispatch POST /v1/work-orders/{work_order_id}/link-confirmation": "appointment",
    "dispatch POST /v1/work-orders/{work_order_id}/wish": "appointment",
    "intake GET /v1/tickets/{ticket_id}/progress": "progress",
    "survey POST /v1/callbacks/{callback_id}/rating": "rating",
}


@pytest.fixture
async def world(issuer: LiveIssuer, new_database: NewDatabase, tmp_path: Path) -> AsyncIterator[LinkWorld]:
    async with linked(issuer, new_database, tmp_path) as found:
        yield found


class Forger:
    """Who has seen a good token, and has what is public: or, in the worst case, the gateway's keys."""

    def __init__(self, world: LinkWorld, ticket_id: str) -> None:
        self.world, self.ticket_id = world, ticket_id
        self.key = jwt.PyJWKSet.from_json(world.keys).keys[0]

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Of a good token to rate the callback; times are in seconds from now."""
        told: dict[str, Any] = RATING | {"ticket_id": self.ticket_id, "object_id": C, "iss": GATEWAY, "aud": "survey"}
        times = {"iat": 0, "nbf": 0, "exp": TOKEN_SECONDS}
        told = told | times | changes
        return told | {name: int(time.time()) + told[name] for name in times}

    def signed(self, key: Any = None, **changes: Any) -> str:
        """With the gateway's key, unless the test brings another."""
        headers = {"typ": "at+jwt", "kid": self.key.key_id}
        return jwt.encode(self.claims(**changes), key or self.key, algorithm="ES256", headers=headers)

    def unsigned(self, algorithm: str) -> str:
        """The same without a signature."""
        return ".".join([*self._parts(algorithm), ""])

    def hs256(self) -> str:
        """Signed with what is public, as if it were a password."""
        public = self.key.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return hs256_of(public, ".".join(self._parts("HS256")))

    def _parts(self, algorithm: str) -> list[str]:
        head = {"alg": algorithm, "typ": "at+jwt", "kid": self.key.key_id}
        return [b64(json.dumps(part).encode()) for part in (head, self.claims())]

    def tampered(self, **changes: Any) -> str:
        """A good token's signature under other claims."""
        head, _, signature = self.signed().split(".")
        return f"{head}.{b64(json.dumps(self.claims(**changes)).encode())}.{signature}"

    async def rate(self, token: str) -> int:
        """What the service answers to a rating."""
        url, headers = f"{self.world.urls['survey']}/v1/callbacks/{C}/rating", {"Idempotency-Key": uuid4().hex}
        answer = await self.world.http.post(url, headers=headers | _bearer(token), json={"score": 1})
        return answer.status_code

    async def look(self, token: str) -> int:
        """What the service answers to who asks how far the ticket is."""
        url = f"{self.world.urls['intake']}/v1/tickets/{self.ticket_id}/progress"
        return (await self.world.http.get(url, headers=_bearer(token))).status_code


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


FORGED: dict[str, Callable[[Forger], str]] = {
    "for another service": lambda f: f.signed(aud="intake"),
    "for everybody's service": lambda f: f.signed(aud="aftercare"),
    "of another issuer": lambda f: f.signed(iss="https://care.example.org"),
    "of the department's issuer": lambda f: f.signed(iss=f.world.issuer.url),
    "expired": lambda f: f.signed(iat=-66, nbf=-66, exp=-(LinkTokens.leeway + 1)),
    "of a longer life": lambda f: f.signed(exp=TOKEN_SECONDS + 1),
    "of a manager": lambda f: f.signed(roles=["manager"]),
    "of a customer who is an agent": lambda f: f.signed(roles=["customer", "agent"]),
    "with another ticket written in": lambda f: f.tampered(ticket_id=OTHER),
    "with a role written in": lambda f: f.tampered(roles=["manager"]),
    "alg none": lambda f: f.unsigned("none"),
    "alg None": lambda f: f.unsigned("None"),
    "HS256 with the public key": lambda f: f.hs256(),
    "of another key": lambda f: f.signed(jwt.PyJWKSet.from_json(new_key_set()).keys[0]),
}


async def forger_of(world: LinkWorld) -> Forger:
    """With a callback that waits for its rating."""
    await world.rating()
    return Forger(world, (await world.as_agent(f"survey/v1/callbacks/{C}")).json()["ticket_id"])


async def test_a_forged_token_rates_nothing_and_a_good_one_does(world: LinkWorld) -> None:
    forger = await forger_of(world)
    assert {name: await forger.rate(forge(forger)) for name, forge in FORGED.items()} == dict.fromkeys(FORGED, 401)
    assert await score(world) is None
    assert (await forger.rate(forger.signed()), await score(world)) == (200, 1)


async def test_a_token_of_another_ticket_purpose_or_object_gives_nothing(world: LinkWorld) -> None:
    forger = await forger_of(world)
    for changes in ({"ticket_id": OTHER}, {"object_id": OTHER}, {"object_id": None}, {"purpose": "progress"}):
        assert await forger.rate(forger.signed(**changes)) == 403, changes
    of_progress: dict[str, Any] = {"aud": "intake", "purpose": "progress", "object_id": None}
    assert await forger.look(forger.signed(**of_progress | {"ticket_id": OTHER})) == 404
    assert await forger.look(forger.signed(**of_progress | {"purpose": "rating"})) == 403
    assert await forger.look(forger.signed(**of_progress)) == 200
    assert await score(world) is None


@pytest.mark.parametrize("name", EVENT_SERVICES)
async def test_every_other_route_of_every_service_is_forbidden_to_customers(
    name: str, issuer: LiveIssuer, tmp_path: Path
) -> None:
    own = {route: found for route, found in ROUTES.items() if route.startswith(f"{name} ")}
    async with httpx.AsyncClient(trust_env=False) as keys:
        minted = Minted(issuer, keys, tmp_path / "link_keys.json")
        service = import_module(f"services.{name}.app").service
        ports = Ports.of(service, checks(issuer, keys, minted.file, name))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(ports), base_url="http://service") as http:
            for purpose in USES:
                headers = _bearer(minted.token(name, purpose=purpose))
                for route, found in own.items():
                    for method in found.methods or ():
                        answer = await http.request(method, re.sub(r"\{.*?\}", OTHER, found.path), headers=headers)
                        assert (answer.status_code == 403) == (OF_CUSTOMERS.get(route) is None), route
    assert len(own) > 10


async def test_ten_thousand_tries_of_one_address_are_limited_after_twenty() -> None:
    attempts, let_in = Attempts(), 0
    for number in range(10_000):
        if await attempts.may("203.0.113.9", str(number)):
            let_in += 1
            await attempts.was_wrong("203.0.113.9")
    assert let_in == WRONG.amount == 20
    assert await attempts.may("203.0.113.10", "another")


async def test_of_answers_at_the_same_instant_one_counts(world: LinkWorld) -> None:
    token = (await world.rating())["token"]
    forms = [{"answer_id": str(uuid4()), "score": str(number)} for number in (1, 2, 3, 4, 5)]
    answers = await asyncio.gather(*(world.send(token, **form) for form in forms))
    (counts,) = [form for form, answer in zip(forms, answers, strict=True) if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 404, 409}
    assert await score(world) == int(counts["score"])


async def test_an_answer_cut_off_between_its_use_and_the_rating_is_sent_again_and_counts_once(
    world: LinkWorld, start: Start, tmp_path: Path
) -> None:
    token = (await world.rating())["token"]
    form = {"answer_id": form_of((await world.look(token)).text), "score": "3"}
    async with silent() as (url, asked):
        dying = await gateway(start, world, tmp_path, SURVEY_URL=url)
        sending = asyncio.create_task(world.http.post(f"{dying.url}/links/{token}", data=form))
        await asyncio.wait_for(asked.wait(), PATIENCE)
        dying.process.kill()
        with pytest.raises(httpx.TransportError):
            await sending
    assert ((await world.look(token)).status_code, await score(world)) == (404, None)
    following = await gateway(start, world, tmp_path)
    stranger = {"answer_id": str(uuid4()), "score": "1"}
    answers = [await world.http.post(f"{following.url}/links/{token}", data=sent) for sent in (stranger, form, form)]
    assert [answer.status_code for answer in answers] == [404, 200, 200]
    callback = (await world.as_agent(f"survey/v1/callbacks/{C}")).json()
    assert (callback["score"], callback["version"]) == (3, 2)


async def test_the_token_is_in_no_log_line_span_figure_or_answer(
    world: LinkWorld, start: Start, tmp_path: Path, receiver: str
) -> None:
    changes = {"SURVEY_URL": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_ENDPOINT": receiver, "LOG_LEVEL": "debug"}
    running = await gateway(start, world, tmp_path, **changes)
    token = (await world.rating())["token"]
    form = {"answer_id": str(uuid4()), "score": "3"}
    http, address = world.http, f"{running.url}/links/{token}"
    answers = [
        *[await http.get(address + more) for more in ("", "x", "/", "/more", "%00", "%", "x" * 9000, "?lang=en")],
        await http.post(address, data=form),
        await http.post(address, content=b"\xff"),
        await http.delete(address),
    ]
    assert {answer.status_code for answer in answers} == {200, 404, 405, 414, 422, 503}
    told = "".join(answer.text + str(answer.headers) for answer in answers)
    async with wire(running.url) as line:
        line.writer.write(f"GET /links/{token} HTTP/9.9\r\n\x00: no\r\n\r\n".encode())
        told += (await line.rest()).decode()
    told += (await http.get(f"{running.internal_url}/metrics")).text
    running.process.terminate()
    _, logged = await asyncio.to_thread(running.process.communicate, timeout=40)
    spans = (await http.get(f"{receiver}/traces")).text
    assert "service out of reach" in logged
    assert "GET /links/{token}" in spans
    assert 'route="/links/{token}"' in told
    assert token not in told + logged + spans


async def test_an_answer_that_no_service_of_ours_gives_is_a_page_to_try_again(world: LinkWorld) -> None:
    token = (await world.issue("progress"))["token"]
    async with answering(b'{"id": 1}') as url:
        world.urls["intake"] = url
        page = await world.look(token)
    assert (page.status_code, "暂时无法打开" in page.text) == (503, True)


async def gateway(start: Start, world: LinkWorld, folder: Path, **changes: str) -> Running:
    """A gateway as a process, before the world's services."""
    (folder / "secret_keys.json").write_text(world.keys)
    told = {f"{name.upper()}_URL": url for name, url in world.urls.items()}
    told |= {"GATEWAY_ISSUER": GATEWAY, "GATEWAY_JWKS_FILE": str(folder / "link_keys.json")}
    told |= {"GATEWAY_LINK_KEYS_FILE": str(folder / "secret_keys.json")}
    running = start(**told | changes)
    assert (await asyncio.to_thread(running.until, "/health/ready", 200)).status_code == 200
    return running


@asynccontextmanager
async def silent() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A service that takes a request, and says nothing."""
    asked = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1") as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@asynccontextmanager
async def answering(body: bytes) -> AsyncIterator[str]:
    """A service that gives one and the same answer."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
