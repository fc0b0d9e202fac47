"""Sign-out that a client asks for (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from deploy.devstack.issuer.errors import Shown
from deploy.devstack.issuer.signing import Issuer


@dataclass(frozen=True)
class SignOut:
    """Whose sign-in is to end, by its id, and where the browser goes then. None: whose it is, the browser says."""

    sign_in: str | None
    address: str | None


def sign_out(fields: Mapping[str, str], issuer: Issuer) -> SignOut:
    """What is asked for. Raises Shown where it would lead to an address that is no client's."""
    client, sign_in = _meant(fields, issuer)
    address = fields.get("post_logout_redirect_uri")
    if address is None:
        return SignOut(sign_in, None)
    known = issuer.clients.get(client or "")
    if known is None or not known.leaves_to(address):
        raise Shown("unknown-address")
    state = f"?{urlencode({'state': fields['state']})}" if "state" in fields else ""
    return SignOut(sign_in, f"{address}{state}")


def _meant(fields: Mapping[str, str], issuer: Issuer) -> tuple[str | None, str | None]:
    """The client and the sign-in, as far as they are said. Raises Shown where what is said does not go together."""
    stated = fields.get("client_id")
    if "id_token_hint" not in fields:
        return stated, None
    hinted = issuer.hinted(fields["id_token_hint"])
    if hinted is None or stated not in (None, hinted[0]):
        raise Shown("malformed")
    return hinted
