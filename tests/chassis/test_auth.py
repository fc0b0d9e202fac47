"""Bearer tokens: what is let in, and everything that is not."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from unittest.mock import patch

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from deploy.devstack.plain_http import PLAIN
from libs.chassis.identity.auth import Principal, Tokens, allow
from libs.chassis.identity.oidc import Issuer, IssuerUnreachable, Keys, ServiceTokens
from libs.chassis.problems import Problem
from tests.chassis.conftest import PSEUDONYMS, LiveIssuer

STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def claims(issuer: LiveIssuer, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    told = {"iss": issuer.url, "sub": "eve", "aud": "aftercare", "iat": now, "nbf": now, "exp": now + 600, "jti": "1"}
    return {name: value for name, value in (told | {"roles": ["agent"]} | changes).items() if value is not None}


def signed(issuer: LiveIssuer, headers: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
    """A token with the issuer's own key, unless the test brings another."""
    told = {"kid": issuer.signer.kid, "typ": "at+jwt", **(headers or {})}
    told = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(claims(issuer, **changes), key or issuer.signer._key, algorithm="RS256", headers=told)


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def unsigned(issuer: LiveIssuer, alg: str) -> str:
    head = json.dumps({"alg": alg, "typ": "at+jwt", "kid": issuer.signer.kid}).encode()
    return f"{b64(head)}.{b64(json.dumps(claims(issuer)).encode())}."


def hs256_with_the_public_key(issuer: LiveIssuer) -> str:
    public = issuer.signer._key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": issuer.signer.kid}).encode()
    return hs256_of(public, f"{b64(head)}.{b64(json.dumps(claims(issuer)).encode())}")


def hs256_of(secret: bytes, body: str) -> str:
    return f"{body}.{b64(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


NOW = int(time.time())
PUBLIC_JWK = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key()))
FORGED: dict[str, Any] = {
    "alg none": lambda i: unsigned(i, "none"),
    "alg None": lambda i: unsigned(i, "None"),
    "HS256 with the public key": hs256_with_the_public_key,
    "another key": lambda i: signed(i, key=STRANGER),
    "jwk header": lambda i: signed(i, {"jwk": PUBLIC_JWK}, key=STRANGER),
    "jku header": lambda i: signed(i, {"jku": "http://127.0.0.1:1/keys"}, key=STRANGER),
    "x5u header": lambda i: signed(i, {"x5u": "http://127.0.0.1:1/cert"}, key=STRANGER),
    "crit header": lambda i: signed(i, {"crit": ["exp"]}),
    "no kid": lambda i: signed(i, {"kid": None}),
    "unknown kid": lambda i: signed(i, {"kid": "other"}, key=STRANGER),
    "kid is a path": lambda i: signed(i, {"kid": "../../etc/passwd"}),
    "ID token": lambda i: signed(i, {"typ": "JWT"}),
    "no typ": lambda i: signed(i, {"typ": ""}),
    "wrong issuer": lambda i: signed(i, iss="http://elsewhere"),
    "no issuer": lambda i: signed(i, iss=None),
    "wrong audience": lambda i: signed(i, aud="somebody-else"),
    "another service's": lambda i: signed(i, aud=["intake", "triage"]),
    "no audience": lambda i: signed(i, aud=None),
    "expired": lambda i: signed(i, exp=int(time.time()) - 31, iat=NOW - 900, nbf=NOW - 900),
    "no expiry": lambda i: signed(i, exp=None),
    "expiry is a word": lambda i: signed(i, exp="tomorrow"),
    "not yet": lambda i: signed(i, nbf=int(time.time()) + 60),
    "no subject": lambda i: signed(i, sub=None),
    "subject is a number": lambda i: signed(i, sub=7),
    "20 KB": lambda i: signed(i, filler="x" * 20_000),
    "changed by one character": lambda i: _changed(signed(i)),
    "no token": lambda i: "",
    "two dots": lambda i: "..",
    "not base64": lambda i: "a.b.c",
    "no ASCII": lambda i: "\u00e9" * 50,
}


def _changed(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-4]}{'AAAA' if body[-4:] != 'AAAA' else 'BBBB'}.{signature}"


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_token_is_401(name: str, tokens: Tokens, issuer: LiveIssuer) -> None:
    token = FORGED[name](issuer)
    for _ in range(2):
        with pytest.raises(Problem) as refusal:
            await tokens.authenticate(f"Bearer {token}")
        assert refusal.value.status == 401
        assert refusal.value.headers["WWW-Authenticate"].startswith("Bearer")
        assert "eyJ" not in refusal.value.detail


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic YTpi", "Token abc"])
async def test_no_bearer_token_is_401(header: str | None, tokens: Tokens) -> None:
    with pytest.raises(Problem) as refusal:
        await tokens.authenticate(header)
    assert refusal.value.status == 401


@pytest.mark.parametrize("audience", ["aftercare", "workshop", ["intake", "workshop"]])
async def test_a_token_is_for_all_services_or_for_this_one(audience: Any, tokens: Tokens, issuer: LiveIssuer) -> None:
    assert (await tokens.authenticate("Bearer " + signed(issuer, aud=audience))).subject == "eve"


async def test_a_good_token_tells_who_and_which_roles(tokens: Tokens, issuer: LiveIssuer) -> None:
    principal = await tokens.authenticate("Bearer " + signed(issuer, roles=["agent", "auditor", "emperor", 7]))
    assert principal == Principal(issuer.url, "eve", frozenset(["agent", "auditor"]), issuer.actor_id("eve"))


@pytest.mark.parametrize("claim", ["name", "region"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("李娜", "李娜"),
        (" 华东 ", "华东"),
        *((bad, None) for bad in ("", " ", 7, ["x"], "x" * 201, "a\nb", "a\u202eb")),
    ],
)
async def test_a_name_or_region_that_does_not_print_is_none(
    claim: str, value: Any, shown: str | None, tokens: Tokens, issuer: LiveIssuer
) -> None:
    principal = await tokens.authenticate("Bearer " + signed(issuer, **{claim: value}))
    assert getattr(principal, claim) == shown


@pytest.mark.parametrize("changes", [{"exp": NOW - 20, "iat": NOW - 900, "nbf": NOW - 900}, {"nbf": NOW + 25}])
async def test_clocks_may_differ_by_half_a_minute(changes: dict[str, Any], tokens: Tokens, issuer: LiveIssuer) -> None:
    shift = int(time.time()) - NOW
    await tokens.authenticate("Bearer " + signed(issuer, **{name: at + shift for name, at in changes.items()}))


@pytest.mark.parametrize("roles", [None, [], "agent", {"agent": True}, 7, [["agent"], {"a": 1}]])
async def test_a_token_without_roles_has_none(roles: Any, tokens: Tokens, issuer: LiveIssuer) -> None:
    assert (await tokens.authenticate("Bearer " + signed(issuer, roles=roles))).roles == frozenset()


@pytest.mark.parametrize("subject", ["", " \n", "\ud800", "\u202eanna", "a" * 256])
async def test_a_signed_token_of_nobody_who_can_be_named_is_refused(
    subject: str, tokens: Tokens, issuer: LiveIssuer
) -> None:
    with pytest.raises(Problem) as refused:
        await tokens.authenticate("Bearer " + signed(issuer, sub=subject))
    assert refused.value.status == 401


async def test_an_end_that_is_written_as_text_is_read_or_refused_and_no_defect(
    tokens: Tokens, issuer: LiveIssuer
) -> None:
    assert (await tokens.authenticate("Bearer " + signed(issuer, exp=str(int(time.time()) + 600)))).subject


async def test_a_signature_is_paid_for_once(tokens: Tokens, issuer: LiveIssuer) -> None:
    token = issuer.token("agent")
    first = await tokens.authenticate(f"Bearer {token}")
    with patch.object(jwt, "decode", side_effect=AssertionError("verified again")):
        assert await tokens.authenticate(f"Bearer {token}") is first


async def test_a_remembered_token_still_expires(tokens: Tokens, issuer: LiveIssuer) -> None:
    token = signed(issuer)
    await tokens.authenticate(f"Bearer {token}")
    asked_again = patch.object(jwt, "decode", side_effect=jwt.ExpiredSignatureError)
    with (
        patch("libs.chassis.identity.auth.time.time", return_value=time.time() + 3600),
        asked_again,
        pytest.raises(Problem),
    ):
        await tokens.authenticate(f"Bearer {token}")


async def test_what_is_remembered_is_bounded(tokens: Tokens, issuer: LiveIssuer) -> None:
    with patch("libs.chassis.identity.auth._REMEMBERED", 3):
        for number in range(6):
            await tokens.authenticate("Bearer " + signed(issuer, jti=str(number)))
    assert len(tokens._remembered) == 3


class Asked(httpx.AsyncBaseTransport):
    """An issuer at the edge of the process: whatever keys the test gives it, and how often it was asked."""

    def __init__(self, url: str) -> None:
        self.url, self.keys, self.asked = url, [], 0

    keys: list[dict[str, Any]]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": self.url, "jwks_uri": f"{self.url}/jwks"})
        self.asked += 1
        return httpx.Response(200, json={"keys": self.keys})


def es256(kid: str) -> tuple[ec.EllipticCurvePrivateKey, dict[str, Any]]:
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    return key, {**jwk, "kid": kid, "use": "sig"}


def es_token(url: str, key: ec.EllipticCurvePrivateKey, kid: str) -> str:
    now = int(time.time())
    told = {"iss": url, "sub": "eve", "aud": ["aftercare", "other"], "iat": now, "exp": now + 600, "roles": ["agent"]}
    return jwt.encode(told, key, algorithm="ES256", headers={"kid": kid, "typ": "application/at+jwt"})


async def test_another_issuer_with_es256_and_a_list_of_audiences_will_do() -> None:
    edge = Asked("https://sso.example.org/realms/one")
    key, jwk = es256("k1")
    edge.keys = [{"kty": "oct", "k": "AAAA", "kid": "k0"}, {"kty": "junk"}, jwk]
    tokens = Tokens(edge.url, Keys(Issuer(edge.url, httpx.AsyncClient(transport=edge))), PSEUDONYMS, "workshop")
    assert (await tokens.authenticate("Bearer " + es_token(edge.url, key, "k1"))).subject == "eve"


async def test_a_service_gets_a_token_by_its_secret_and_keeps_it(tokens: Tokens, issuer: LiveIssuer) -> None:
    async with httpx.AsyncClient(**PLAIN) as http:
        own = ServiceTokens(Issuer(issuer.url, http), "intake", issuer.state / "clients" / "intake")
        token = await own.bearer()
        assert (await tokens.authenticate(f"Bearer {token}")).roles == {"service"}
        assert await own.bearer() == token
        own.forget()
        assert await own.bearer() != token


async def test_a_wrong_secret_is_the_issuer_out_of_reach(issuer: LiveIssuer) -> None:
    async with httpx.AsyncClient(**PLAIN) as http:
        own = ServiceTokens(Issuer(issuer.url, http), "triage", issuer.state / "clients" / "intake")
        with pytest.raises(IssuerUnreachable):
            await own.bearer()


def test_a_role_that_does_not_exist_cannot_be_allowed() -> None:
    for roles in ((), ("emperor",)):
        with pytest.raises(ValueError, match="roles are among"):
            allow(*roles)
