"""Who calls, and what they may: bearer tokens (JWT, RFC 9068) of the configured issuer; every route declares roles."""

import hashlib
import time
from collections import OrderedDict
from typing import Any, Literal, get_args

import jwt
import msgspec
from fastapi import Depends, params

from libs.chassis.identity.oidc import ALGORITHMS, IssuerUnreachable, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms
from libs.chassis.problems import Problem, busy

AUDIENCE = "aftercare"
"""Of people's tokens, which every service takes. A service's own may name the services that it asks instead."""
Role = Literal[
    "agent", "triage", "manager", "dispatcher", "engineer", "custodian", "director", "auditor", "operator", "service"
]
ROLES: frozenset[str] = frozenset(get_args(Role))
"""Those of the department, and three beside it: auditors read, operators keep the services going, services ask each
other."""
CUSTOMER = "customer"
"""Whoever opened a customer's link: none of the department's, and no issuer's but the gateway's."""
LEEWAY_SECONDS = 30
MAX_TOKEN_BYTES = 8 * 1024
MAX_LABEL = 200
MAX_SUBJECT = 255
_REMEMBERED = 4096


class LinkClaims(msgspec.Struct, frozen=True):
    """What a customer's link is for: one ticket, one purpose, and the one object that is answered, if there is one."""

    ticket_id: str
    purpose: str
    object_id: str | None = None


class Principal(msgspec.Struct, frozen=True):
    """Who a valid token speaks for: `issuer` and `subject` together name one user, service or link.

    `actor_id` is their pseudonym, which events carry. `name` and `region` are None where the token has no usable one,
    `link` is there for a customer's link alone.
    """

    issuer: str
    subject: str
    roles: frozenset[str]
    actor_id: str
    name: str | None = None
    region: str | None = None
    link: LinkClaims | None = None


class Roles:
    """The roles that a route is open to; any one of them will do."""

    def __init__(self, roles: frozenset[str]) -> None:
        self.roles = roles

    async def __call__(self) -> None:
        """Nothing left to do: the route has checked them before it read the body."""

    def check(self, principal: Principal) -> None:
        """Raises a 403 problem."""
        if self.roles.isdisjoint(principal.roles):
            raise Problem(403, "forbidden", "The token's roles do not allow this.")


def allow(*roles: str) -> params.Depends:
    """For a route's `dependencies`: who may call it. A /v1 or /internal route without it fails at start-up."""
    if not roles or not (ROLES | {CUSTOMER}).issuperset(roles):
        raise ValueError(f"roles are among {', '.join(sorted(ROLES | {CUSTOMER}))}")
    allowed: params.Depends = Depends(Roles(frozenset(roles)))
    return allowed


ANYONE = allow(*ROLES)
"""Everybody who has a token with a role of ours."""


def link_of(principal: Principal, purpose: str) -> LinkClaims:
    """What the caller's link is for. Raises a 403 problem for a link of another purpose, or for none."""
    if principal.link is None or principal.link.purpose != purpose:
        raise Problem(403, "forbidden", "The link is not for this.")
    return principal.link


def refused(detail: str) -> Problem:
    """401, as RFC 6750 asks for."""
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class Tokens:
    """Verifies bearer tokens: signature by one of the issuer's own keys, `iss`, `aud`, `exp`, `nbf`, `typ`.

    Verified tokens are remembered by their hash until they expire, and believed while the very key that verified them
    is in the issuer's set, so that a request does not pay for a signature. Headers that point at keys (jku, jwk, x5u)
    are never looked at. A token is for everybody's service or for `name`. Tokens of a second issuer are for `links`.
    """

    leeway = LEEWAY_SECONDS

    def __init__(
        self,
        issuer: str,
        keys: Keys,
        pseudonyms: Pseudonyms,
        name: str,
        types: frozenset[str] = frozenset(["at+jwt"]),
        links: "Tokens | None" = None,
    ) -> None:
        self.issuer, self._keys, self._pseudonyms, self._types = issuer, keys, pseudonyms, types
        self._audiences, self._links = [AUDIENCE, name], links
        self._remembered: OrderedDict[bytes, tuple[Principal, float, jwt.PyJWK]] = OrderedDict()

    def actor_id(self, subject: str) -> str:
        """The pseudonym of a subject of this issuer."""
        return self._pseudonyms.actor_id(self.issuer, subject)

    async def ready(self) -> bool:
        """Whether tokens can be checked now."""
        return self._keys.usable()

    async def authenticate(self, authorization: str | None) -> Principal:
        """Whom the Authorization header speaks for. Raises a 401 problem, or 503 while the issuer is out of reach."""
        if authorization is None:
            raise Problem(401, "unauthenticated", "A bearer token is needed.", headers={"WWW-Authenticate": "Bearer"})
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN_BYTES:
            raise refused("This is no bearer token.")
        digest = hashlib.sha256(token.encode("latin-1", "replace")).digest()
        return self._recall(digest) or await self._by_issuer(token)._verified(token, digest)

    async def id_claims(self, id_token: str, client_id: str) -> dict[str, Any]:
        """The claims of an ID token, which a client got for itself. Raises jwt.PyJWTError, or IssuerUnreachable."""
        key = await self._key(id_token)
        return self._claims(id_token, key, client_id)

    def _by_issuer(self, token: str) -> "Tokens":
        """Who checks the token: whose it says that it is, which the signature then has to bear out."""
        return self._links if self._links is not None and _issuer_of(token) == self._links.issuer else self

    async def _verified(self, token: str, digest: bytes) -> Principal:
        return self._recall(digest) or await self._verify(token, digest)

    def _recall(self, digest: bytes) -> Principal | None:
        found = self._remembered.get(digest)
        if found is None:
            return None
        principal, expires, key = found
        if time.time() >= expires or self._keys.known(str(key.key_id)) is not key:
            del self._remembered[digest]
            return None
        self._remembered.move_to_end(digest)
        return principal

    async def _verify(self, token: str, digest: bytes) -> Principal:
        try:
            key = await self._key(token, self._types)
            claims = self._claims(token, key, self._audiences)
            principal, expires = self._principal(claims), int(claims["exp"]) + self.leeway
        except IssuerUnreachable:
            raise busy("issuer-unreachable", "Tokens cannot be checked for now.") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise refused("The token is not valid.") from None
        self._remembered[digest] = (principal, expires, key)
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return principal

    def _principal(self, claims: dict[str, Any]) -> Principal:
        """Raises ValueError where the signature is right and a claim is not what it should be."""
        subject = _subject(claims["sub"])
        return Principal(
            self.issuer,
            subject,
            _roles(claims.get("roles")),
            self.actor_id(subject),
            _label(claims.get("name")),
            _label(claims.get("region")),
        )

    async def _key(self, token: str, types: frozenset[str] | None = None) -> jwt.PyJWK:
        header = jwt.get_unverified_header(token)
        kid, type = header.get("kid"), str(header.get("typ", "")).lower().removeprefix("application/")
        if header.get("alg") not in ALGORITHMS or not isinstance(kid, str) or (types and type not in types):
            raise jwt.InvalidTokenError
        key = await self._keys.get(kid)
        if key is None:
            raise jwt.InvalidTokenError
        return key

    def _claims(self, token: str, key: jwt.PyJWK, audience: str | list[str]) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=audience,
            issuer=self.issuer,
            leeway=self.leeway,
            options={"require": ["exp", "iat", "iss", "sub", "aud"]},
        )


def _issuer_of(token: str) -> object:
    """The `iss` that an unchecked token claims; None for what is no token."""
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


def _subject(claim: object) -> str:
    """Who it is: a short text that prints (OIDC Core 1.0 §2: at most 255 characters)."""
    if not isinstance(claim, str) or not 0 < len(claim) <= MAX_SUBJECT or not claim.isprintable():
        raise ValueError("no subject")
    return claim


def _roles(claim: object) -> frozenset[str]:
    if not isinstance(claim, list):
        return frozenset()
    return frozenset(role for role in claim if isinstance(role, str) and role in ROLES)


def _label(claim: object) -> str | None:
    """A claim that is shown to people; None unless it is a short text that prints."""
    if not isinstance(claim, str) or not claim.strip() or len(claim) > MAX_LABEL or not claim.isprintable():
        return None
    return claim.strip()
