"""The issuer's keys while it hangs, fails, withdraws or moves: a real server, and the clock in the test's hand."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.devstack.plain_http import PLAIN
from libs.chassis.identity import oidc
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.oidc import Issuer, IssuerUnreachable, Keys, ServiceTokens, trustworthy
from libs.chassis.problems import Problem
from libs.chassis.running.process import token_checks
from libs.chassis.running.settings import MissingSetting, Settings
from tests.chassis.conftest import PSEUDONYMS, LiveIssuer


class Server:
    """An issuer as a server of its own: its answers, and how often each path was asked for."""

    def __init__(self) -> None:
        self.url, self.jwks, self.keys = "", "/jwks", list[dict[str, Any]]()
        self.asked, self.hangs, self.fails, self.ends_kept = list[str](), False, False, False
        self.token_endpoint: str | None = None
        self.named = ""
        self.over = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
                self.asked.append(path)
                if self.hangs:  # as a server behind a firewall that drops
                    await self.over.wait()
                body = json.dumps(self._document(path)).encode()
                status = b"503 Busy" if self.fails else b"200 OK"
                writer.write(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))
                await writer.drain()
                if self.ends_kept:  # just as the next request comes
                    await reader.readuntil(b"\r\n\r\n")
                    return writer.close()

    def _document(self, path: str) -> dict[str, Any]:
        if path == self.jwks:
            return {"keys": self.keys}
        endpoint = self.token_endpoint or f"{self.url}/token"
        return {"issuer": self.named or self.url, "jwks_uri": f"{self.url}{self.jwks}", "token_endpoint": endpoint}

    @property
    def attempts(self) -> int:
        return sum("openid-configuration" in path for path in self.asked)


class Clock:
    """Now, in the test's hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield server
    server.over.set()
    listening.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(**PLAIN) as http:
        yield http


@pytest.fixture
def keys(server: Server, clock: Clock, http: httpx.AsyncClient) -> Keys:
    return Keys(Issuer(server.url, http), clock)


@pytest.fixture
def tokens(server: Server, keys: Keys) -> Tokens:
    return Tokens(server.url, keys, PSEUDONYMS, "workshop")


def es256(server: Server, kid: str) -> ec.EllipticCurvePrivateKey:
    """A new key of the issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    document = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    server.keys.append({**document, "kid": kid, "use": "sig"})
    return key


def bearer(server: Server, key: ec.EllipticCurvePrivateKey, kid: str) -> str:
    now = int(time.time())
    claims = {"iss": server.url, "sub": "eve", "aud": "aftercare", "iat": now, "exp": now + 3600, "roles": ["agent"]}
    return "Bearer " + jwt.encode(claims, key, algorithm="ES256", headers={"kid": kid, "typ": "at+jwt"})


async def refused(tokens: Tokens, token: str) -> int:
    with pytest.raises(Problem) as refusal:
        await tokens.authenticate(token)
    return refusal.value.status


async def settled(keys: Keys) -> None:
    """Until no attempt is under way."""
    while keys._attempt is not None:
        await asyncio.wait([keys._attempt])


async def test_an_issuer_with_a_public_name_is_asked_inside_the_network(
    server: Server, clock: Clock, http: httpx.AsyncClient
) -> None:
    server.named = "https://sso.example.org/realms/aftercare"
    es256(server, "k1")
    assert await Keys(Issuer(server.named, http, reached_at=server.url), clock).get("k1")
    with pytest.raises(IssuerUnreachable):
        await Issuer("https://other.example.org", http, reached_at=server.url).keys()


async def test_a_hung_issuer_delays_nobody_for_ten_minutes_and_then_costs_one_attempt_for_all(
    server: Server, clock: Clock, keys: Keys, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = bearer(server, es256(server, "k1"), "k1")
    await tokens.authenticate(token)
    monkeypatch.setattr(oidc, "ATTEMPT_SECONDS", 60.0)
    server.hangs, asked, began = True, server.attempts, time.monotonic()
    clock.now += 400
    assert all(await asyncio.gather(*(keys.get("k1") for _ in range(50))))
    assert time.monotonic() - began < 30  # of the minute that the attempt takes
    await asyncio.gather(*(tokens.authenticate(token) for _ in range(50)))
    attempt = keys._attempt
    assert attempt is not None
    assert not attempt.done()  # nobody waited for it
    monkeypatch.setattr(oidc, "ATTEMPT_SECONDS", 1.0)
    async with asyncio.timeout(40):
        while server.attempts == asked:  # noqa: ASYNC110
            await asyncio.sleep(0)  # its connection is being made
    attempt.cancel()  # of a minute: the next ones are short
    await asyncio.wait([attempt])
    clock.now += 201
    answers = await asyncio.gather(*(refused(tokens, token) for _ in range(50)))
    assert set(answers) == {503}
    assert server.attempts == asked + 2
    assert await refused(tokens, token) == 503
    assert server.attempts == asked + 2


async def test_a_process_asks_at_its_start_and_not_at_its_first_request(
    server: Server, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"OIDC_ISSUER": server.url, "TRIAGE_DATABASE_URL": "postgresql://x", "ACTOR_KEY": "the key of all tests"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    key = es256(server, "k1")
    tokens = token_checks(Settings.load("triage"), http)
    await settled(tokens._keys)
    server.fails = True
    assert (await tokens.authenticate(bearer(server, key, "k1"))).subject == "eve"


async def test_who_only_looks_whether_there_are_keys_keeps_them_fresh(server: Server, clock: Clock, keys: Keys) -> None:
    """A worker gets no requests: its readiness is all that asks."""
    assert not keys.usable()
    await settled(keys)
    for seconds in (301, 301, 301):
        clock.now += seconds
        assert keys.usable()
        await settled(keys)
    assert server.attempts == 4


async def test_one_attempt_serves_everybody_who_comes_first(server: Server, keys: Keys) -> None:
    es256(server, "k1")
    assert all(await asyncio.gather(*(keys.get("k1") for _ in range(50))))
    assert (server.attempts, server.asked.count("/jwks")) == (1, 1)


async def test_each_failed_attempt_doubles_the_pause(server: Server, clock: Clock, keys: Keys) -> None:
    es256(server, "k1")
    await keys.get("k1")
    server.fails, began, times = True, clock.now, list[float]()
    for clock.now in range(1300, 1590):
        before = server.attempts
        assert await keys.get("k1")
        await asyncio.sleep(0)
        await settled(keys)
        times += [clock.now - began] * (server.attempts - before)
    assert times == [300, 302, 306, 314, 330, 362, 422, 482, 542]
    server.fails, clock.now = False, clock.now + 20
    assert await keys.get("k1") is not None
    await settled(keys)
    server.fails, clock.now = True, clock.now + 301
    before = server.attempts
    for _ in range(3):
        await keys.get("k1")
        await settled(keys)
        clock.now += 2
    assert server.attempts == before + 2  # 2 s after the first, and then a pause of 4 s


async def test_an_unknown_key_is_asked_for_once_a_minute_and_never_in_a_convoy(
    server: Server, clock: Clock, keys: Keys, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = es256(server, "old")
    await tokens.authenticate(bearer(server, old, "old"))
    clock.now += 10
    new = es256(server, "new")
    await tokens.authenticate(bearer(server, new, "new"))
    assert server.attempts == 2
    clock.now += 59
    assert {await refused(tokens, bearer(server, new, f"guess-{number}")) for number in range(50)} == {401}
    assert server.attempts == 2
    clock.now += 1
    monkeypatch.setattr(oidc, "UNKNOWN_PATIENCE_SECONDS", 0.5)
    server.hangs, began = True, time.monotonic()
    guesses = [bearer(server, new, f"guess-{number}") for number in range(20)]
    assert set(await asyncio.gather(*(refused(tokens, guess) for guess in guesses))) == {503}
    await tokens.authenticate(bearer(server, old, "old"))
    assert time.monotonic() - began < 8  # one after the other they would have waited ten
    assert server.attempts == 3


async def test_a_remembered_token_is_valid_while_its_very_key_is_in_the_set(
    server: Server, clock: Clock, keys: Keys, tokens: Tokens
) -> None:
    kept, gone, swapped = (es256(server, kid) for kid in ("kept", "gone", "swapped"))
    held = {"kept": kept, "gone": gone, "swapped": swapped}
    by_kid = {kid: bearer(server, key, kid) for kid, key in held.items()}
    remembered = {kid: await tokens.authenticate(token) for kid, token in by_kid.items()}
    server.keys = server.keys[:1]
    es256(server, "swapped")
    clock.now += 299
    assert await tokens.authenticate(by_kid["gone"]) is remembered["gone"]
    assert server.attempts == 1
    clock.now += 1
    assert await tokens.authenticate(by_kid["gone"]) is remembered["gone"]
    await settled(keys)
    assert await refused(tokens, by_kid["gone"]) == 401
    assert await refused(tokens, by_kid["swapped"]) == 401
    assert await tokens.authenticate(by_kid["kept"]) is remembered["kept"]


async def test_a_jwks_uri_that_moved_needs_no_restart(server: Server, clock: Clock, keys: Keys) -> None:
    es256(server, "k1")
    await keys.get("k1")
    server.jwks = "/realms/one/certs"
    es256(server, "k2")
    clock.now += 601
    assert await keys.get("k2")


@pytest.mark.parametrize("answer", [{}, {"keys": None}, {"keys": "none"}])
async def test_what_is_no_key_set_takes_no_key_away(
    answer: dict[str, Any], server: Server, clock: Clock, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    es256(server, "k1")
    await keys.get("k1")
    document = server._document
    monkeypatch.setattr(server, "_document", lambda path: answer if path == server.jwks else document(path))
    clock.now += 301
    await keys.get("k1")
    await settled(keys)
    assert await keys.get("k1")


@pytest.mark.parametrize("moved", ["http://sso.example.org/jwks", "ftp://127.0.0.1/jwks", "", "//127.0.0.1/jwks"])
async def test_keys_and_tokens_come_over_https_or_from_this_machine(
    moved: str, server: Server, http: httpx.AsyncClient, issuer: LiveIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"issuer": server.url, "jwks_uri": moved, "token_endpoint": moved}
    monkeypatch.setattr(server, "_document", lambda _path: told)
    with pytest.raises(IssuerUnreachable):
        await Keys(Issuer(server.url, http)).get("k1")
    with pytest.raises(IssuerUnreachable, match="no https URL"):
        await ServiceTokens(Issuer(server.url, http), "intake", issuer.state / "clients" / "intake").bearer()


async def test_an_issuer_may_end_a_kept_connection_just_as_it_would_be_used_again(
    server: Server, http: httpx.AsyncClient
) -> None:
    server.ends_kept = True
    asked = Issuer(server.url, http)
    for _ in range(2):
        assert await asked.keys() == []
        answer = await asked.grant({"grant_type": "client_credentials"}, ("intake", "secret"))
        assert answer.status_code == 200


async def test_an_own_token_serves_to_its_end_while_the_issuer_fails(
    server: Server, http: httpx.AsyncClient, issuer: LiveIssuer, clock: Clock
) -> None:
    server.token_endpoint = f"{issuer.url}/token"  # the real one, for 15 minutes
    own = ServiceTokens(Issuer(server.url, http), "intake", issuer.state / "clients" / "intake", clock)
    token = await own.bearer()
    server.fails, clock.now = True, clock.now + 800
    assert [await own.bearer() for _ in range(5)] == [token] * 5
    assert server.attempts == 2
    clock.now += 101
    for _ in range(5):
        with pytest.raises(IssuerUnreachable):
            await own.bearer()
    assert server.attempts == 3


@pytest.mark.parametrize(
    ("url", "good"),
    [
        *((good, True) for good in ("https://sso.example.org/realms/one", "http://127.0.0.1:8100", "http://[::1]:1/x")),
        ("http://localhost:8100", True),
        *((bad, False) for bad in ("http://sso.example.org", "http://127.0.0.1.example.org", "http://localhost-evil")),
        *(
            (bad, False)
            for bad in ("http://issuer", "http://127.0.0.1@evil.example", "https://", "sso", "", "http://[")
        ),
    ],
)
def test_an_issuer_is_https_or_on_this_machine(url: str, good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trustworthy(url) == good
    told = {"OIDC_ISSUER": url, "TRIAGE_DATABASE_URL": "postgresql://x", "ACTOR_KEY": "the key of all tests"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    if good:
        assert Settings.load("triage").common.oidc_issuer == url
    else:
        with pytest.raises(MissingSetting, match="OIDC_ISSUER: "):
            Settings.load("triage")
