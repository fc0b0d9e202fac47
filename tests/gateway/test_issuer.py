"""What an issuer may give that the gateway does not take: another's tokens, none, or no answer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.oidc import Issuer, IssuerUnreachable, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms
from services.gateway.sessions.domain import Grant
from services.gateway.sessions.store import GrantRefused
from services.gateway.sign_in.client import Client, Untrusted
from services.gateway.sign_in.domain import Attempt

URL = "https://issuer.test"
AT = datetime.now(UTC)
ATTEMPT = Attempt("state", "the nonce of this attempt", "verifier" * 6, "/")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(type: str, **claims: Any) -> str:
    now = int(AT.timestamp())
    told = {"iss": URL, "iat": now, "exp": now + 86400, **claims}  # of a day: some are made when pytest reads this file
    return jwt.encode(told, KEY, "RS256", {"kid": "one", "typ": type})


def access(**claims: Any) -> str:
    return signed("at+jwt", **{"sub": "anna", "aud": "aftercare", "roles": ["agent"], **claims})


def identity(**claims: Any) -> str:
    return signed("JWT", **{"sub": "anna", "aud": "aftercare-console", "nonce": ATTEMPT.nonce, "sid": "1", **claims})


@dataclass
class Odd:
    """An issuer over HTTP that answers at its token endpoint whatever it is told to."""

    answer: Response = field(default_factory=lambda: Response(status_code=500))
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        public = {**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one", "use": "sig", "alg": "RS256"}
        known = {"issuer": URL, **{name: f"{URL}/{name}" for name in ("jwks_uri", "token_endpoint")}}
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", lambda _: JSONResponse(known)),
                Route("/jwks_uri", lambda _: JSONResponse({"keys": [public]})),
                Route("/token_endpoint", self._token, methods=["POST"]),
            ]
        )

    async def _token(self, request: Request) -> Response:
        self.asked.append(dict(parse_qsl((await request.body()).decode())))
        return self.answer

    def gives(self, **found: Any) -> None:
        content = {
            "access_token": access(),
            "id_token": identity(),
            "refresh_token": "next",
            "expires_in": 300,
            **found,
        }
        self.answer = JSONResponse({name: value for name, value in content.items() if value is not None})


@pytest.fixture
def odd() -> Odd:
    return Odd()


@pytest.fixture
async def client(odd: Odd, tmp_path: Path) -> AsyncIterator[Client]:
    secret = tmp_path / "secret"
    secret.write_text("s")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(odd.app)) as http:
        issuer = Issuer(URL, http)
        tokens = Tokens(URL, Keys(issuer), Pseudonyms(b"the key of all tests"), "gateway")
        yield Client(issuer, tokens, "aftercare-console", secret, "https://care.example.org")


async def test_what_fits_is_taken(client: Client, odd: Odd) -> None:
    odd.gives(id_token=identity(locale="en-GB"))
    found = await client.redeem("code", ATTEMPT, AT)
    assert (found.subject, found.issuer_session, found.grant.locale) == ("anna", "1", "en")
    assert odd.asked == [
        {
            "grant_type": "authorization_code",
            "code": "code",
            "redirect_uri": "https://care.example.org/auth/callback",
            "code_verifier": ATTEMPT.verifier,
        }
    ]


@pytest.mark.parametrize(
    "found",
    [
        {"access_token": access(aud="another")},
        {"access_token": access(sub="bert")},
        {"access_token": signed("JWT", sub="anna", aud="aftercare")},
        {"id_token": identity(aud="another-client")},
        {"id_token": identity(nonce="of another attempt")},
        {"id_token": identity(nonce=None)},
        {"id_token": identity(iss="https://evil.example.org")},
        {"id_token": identity(exp=1)},
        {"id_token": identity(azp="another-client")},
        {"id_token": identity(at_hash="of-another-token")},
        {"id_token": jwt.encode({"sub": "anna"}, "", "none")},
        {"id_token": "no token"},
        {"id_token": 7},
        {"id_token": None},
    ],
    ids=lambda found: next(iter(found)),
)
async def test_tokens_of_others_are_not_taken(client: Client, odd: Odd, found: dict[str, Any]) -> None:
    odd.gives(**found)
    with pytest.raises(Untrusted):
        await client.redeem("code", ATTEMPT, AT)


@pytest.mark.parametrize(
    "answer",
    [
        Response(status_code=500),
        Response("<html>", 200),
        JSONResponse([]),
        JSONResponse({}),
        JSONResponse({"access_token": 7}),
        JSONResponse({"access_token": "x" * 10_000}),
        JSONResponse({"error": "invalid_client"}, 401),
        JSONResponse({"error": "temporarily_unavailable"}, 503),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.body[:30]!r}",
)
async def test_an_issuer_in_trouble_ends_no_session(client: Client, odd: Odd, answer: Response) -> None:
    odd.answer = answer
    with pytest.raises(IssuerUnreachable):
        await client.renew(Grant("access", "refresh", "id", AT, AT), AT)


async def test_a_refresh_token_that_is_not_taken_ends_the_session(client: Client, odd: Odd) -> None:
    odd.answer = JSONResponse({"error": "invalid_grant"}, 400)
    with pytest.raises(GrantRefused):
        await client.renew(Grant("access", "refresh", "id", AT, AT), AT)


async def test_a_refresh_token_that_does_not_rotate_is_kept(client: Client, odd: Odd) -> None:
    odd.gives(refresh_token=None)
    renewed = await client.renew(Grant("access", "refresh", "id", AT, AT, "en"), AT)
    assert (renewed.refresh_token, renewed.id_token, renewed.locale) == ("refresh", "id", "en")
    assert odd.asked == [{"grant_type": "refresh_token", "refresh_token": "refresh"}]


async def test_an_issuer_without_a_sign_out_is_not_asked_for_one(client: Client) -> None:
    assert await client.sign_out_url("id") is None
