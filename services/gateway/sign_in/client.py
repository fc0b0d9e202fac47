"""The gateway as a client of the issuer: the code is redeemed, tokens are renewed, sessions end there, too.

What the protocol says is authlib's: addresses, challenge, and the checks of an ID token. Who is asked, and by which
keys a signature is checked, is the chassis's.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import structlog
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from libs.chassis.identity.auth import MAX_TOKEN_BYTES, Tokens
from libs.chassis.identity.oidc import Issuer, IssuerUnreachable
from libs.chassis.problems import Problem
from services.gateway.sessions.domain import Grant
from services.gateway.sessions.store import GrantRefused
from services.gateway.sign_in.domain import Attempt, locale_of

log = structlog.get_logger(__name__)

SCOPE = "openid"
UNTOLD_SECONDS = 60
"""The life of an access token whose issuer does not tell it."""


class Untrusted(Exception):
    """What the issuer gave is not for us, or not for this attempt."""


class SignedIn:
    """Who signed in, the issuer's own id of that, and what it gave."""

    __slots__ = ("grant", "issuer_session", "subject")

    def __init__(self, subject: str, issuer_session: str | None, grant: Grant) -> None:
        self.subject, self.issuer_session, self.grant = subject, issuer_session, grant


class Client:
    """Of one issuer; `origin` is the gateway's, whose /auth/callback the issuer sends people to."""

    def __init__(self, issuer: Issuer, tokens: Tokens, id: str, secret_file: Path, origin: str) -> None:
        self._issuer, self._tokens, self._id, self._secret_file = issuer, tokens, id, secret_file
        self._origin, self._back = origin, f"{origin}/auth/callback"

    @property
    def issuer(self) -> str:
        """Its URL."""
        return self._issuer.url

    async def sign_in_url(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises IssuerUnreachable."""
        url: str = prepare_grant_uri(
            await self._issuer.endpoint("authorization_endpoint"),
            self._id,
            "code",
            redirect_uri=self._back,
            scope=SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return url

    async def sign_out_url(self, id_token: str) -> str | None:
        """Where the browser goes to sign out of the issuer; None while it is out of reach, or has no such place."""
        try:
            end = await self._issuer.endpoint("end_session_endpoint")
        except IssuerUnreachable:
            return None
        back = [("id_token_hint", id_token), ("client_id", self._id), ("post_logout_redirect_uri", f"{self._origin}/")]
        url: str = add_params_to_uri(end, back)
        return url

    async def redeem(self, code: str, attempt: Attempt, at: datetime) -> SignedIn:
        """Who signed in. Raises GrantRefused, IssuerUnreachable, or Untrusted."""
        form = {"redirect_uri": self._back, "code_verifier": attempt.verifier}
        found = await self._token({"grant_type": "authorization_code", "code": code, **form})
        claims = await self._claims(found, attempt)
        try:
            principal = await self._tokens.authenticate(f"Bearer {found['access_token']}")
        except Problem as problem:
            raise _of(problem) from None
        if principal.subject != claims["sub"]:
            raise Untrusted("the two tokens are of two people")
        sid = claims.get("sid")
        grant = _grant(found, found["id_token"], locale_of(claims.get("locale")), at)
        return SignedIn(principal.subject, sid if isinstance(sid, str) else None, grant)

    async def renew(self, grant: Grant, at: datetime) -> Grant:
        """The next grant. Raises GrantRefused, or IssuerUnreachable."""
        if grant.refresh_token is None:
            if at < grant.expires_at:
                return grant
            raise GrantRefused("there is nothing to renew it with")
        found = await self._token({"grant_type": "refresh_token", "refresh_token": grant.refresh_token})
        return _grant({"refresh_token": grant.refresh_token, **found}, grant.id_token, grant.locale, at)

    async def _claims(self, found: Mapping[str, Any], attempt: Attempt) -> Mapping[str, Any]:
        """The ID token's, which is for us and for this attempt."""
        try:
            claims = await self._tokens.id_claims(found["id_token"], self._id)
            header = jwt.get_unverified_header(found["id_token"])
            expected = {"nonce": attempt.nonce, "client_id": self._id, "access_token": found["access_token"]}
            CodeIDToken(claims, header, None, expected).validate(leeway=30)
        except (jwt.PyJWTError, JoseError, KeyError, TypeError, ValueError) as error:
            raise Untrusted(type(error).__name__) from None
        return claims

    async def _token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """What the token endpoint answers."""
        try:
            answer = await self._issuer.grant(form, (self._id, self._secret_file.read_text().strip()))
            found = answer.json()
        except (OSError, ValueError) as error:
            raise IssuerUnreachable(type(error).__name__) from error
        if isinstance(found, dict) and found.get("error") == "invalid_grant":
            raise GrantRefused("invalid_grant")
        if answer.status_code != 200 or not isinstance(found, dict) or not _is_token(found.get("access_token")):
            log.warning("issuer gave no token", status=answer.status_code)
            raise IssuerUnreachable(f"the token endpoint answered {answer.status_code}")
        return found


def _of(problem: Problem) -> Exception:
    """Why an access token is none of ours."""
    return Untrusted("the access token is not for us") if problem.status == 401 else IssuerUnreachable(problem.code)


def _grant(found: Mapping[str, Any], id_token: str, locale: str | None, at: datetime) -> Grant:
    refresh, life = found.get("refresh_token"), found.get("expires_in")
    seconds = life if isinstance(life, int | float) and life > 0 else UNTOLD_SECONDS
    return Grant(
        access_token=found["access_token"],
        refresh_token=refresh if _is_token(refresh) else None,
        id_token=id_token,
        asked_at=at,
        expires_at=at + timedelta(seconds=min(seconds, 30 * 86400)),
        locale=locale,
    )


def _is_token(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TOKEN_BYTES
