"""Tokens of customers' links: the gateway's own, for one request to one service, and for one object in it.

Who signs them is the second issuer. It may make somebody a customer and nobody anything else.
"""

from typing import Any
from uuid import UUID

from libs.chassis.identity.auth import CUSTOMER, LinkClaims, Principal, Tokens
from libs.chassis.identity.oidc import Keys
from libs.chassis.identity.pseudonyms import Pseudonyms

TOKEN_SECONDS = 60
"""The longest life of such a token."""
SUBJECT = "link:"
"""What a link's subject begins with; its id follows."""
LONGEST_PURPOSE = 40


class LinkTokens(Tokens):
    """Verifies them: they are for this service by its name, and no token for everybody's is taken."""

    leeway = 5
    """Seconds by which the gateway's clock may be off: a token is nothing soon after its minute."""

    def __init__(self, issuer: str, keys: Keys, pseudonyms: Pseudonyms, name: str) -> None:
        super().__init__(issuer, keys, pseudonyms, name)
        self._audiences = [name]

    def _principal(self, claims: dict[str, Any]) -> Principal:
        """Raises ValueError for another role than a customer's, a longer life, or what no link says."""
        if claims.get("roles") != [CUSTOMER] or int(claims["exp"]) - int(claims["iat"]) > TOKEN_SECONDS:
            raise ValueError("no token of a link")
        subject = f"{SUBJECT}{UUID(str(claims['sub']).removeprefix(SUBJECT))}"
        if claims["sub"] != subject:
            raise ValueError("no link's subject")
        return Principal(self.issuer, subject, frozenset([CUSTOMER]), self.actor_id(subject), link=_claims(claims))


def _claims(claims: dict[str, Any]) -> LinkClaims:
    purpose, object_id = claims.get("purpose"), claims.get("object_id")
    if not isinstance(purpose, str) or not purpose.isidentifier() or len(purpose) > LONGEST_PURPOSE:
        raise ValueError("no purpose")
    return LinkClaims(_id(claims.get("ticket_id")), purpose, None if object_id is None else _id(object_id))


def _id(claim: object) -> str:
    return str(UUID(claim if isinstance(claim, str) else ""))
