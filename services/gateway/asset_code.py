"""What the label of an asset says of it: its public id, signed, so that nobody reads one number off another's label.

`<public id>.<key id>-<signature>`. The keys are of the secrets that the gateway seals with: the first signs, all
verify.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.pages import LABEL, NO_LABEL, page
from services.gateway.seal import own_key

BYTES = 12
"""Of a signature: 96 bits, which nobody guesses over HTTP, in 16 letters."""


class AssetCodes:
    """Signs and verifies codes of assets."""

    def __init__(self, secrets: list[str]) -> None:
        keys = [own_key(secret, "labels of assets").encode() for secret in secrets]
        self._keys = {sha256(key).hexdigest()[:6]: key for key in keys}
        self._first = next(iter(self._keys))

    def code_of(self, asset_id: str) -> str:
        """What stands behind `/a/`."""
        public = _text(UUID(asset_id).bytes)
        return f"{public}.{self._first}-{self._signature(self._first, public)}"

    def asset_of(self, code: str) -> str | None:
        """The asset's id; None for a code that no label of ours says."""
        public, _, signed = code.partition(".")
        key_id, _, signature = signed.partition("-")
        if key_id not in self._keys or not signature.isascii():
            return None
        if not hmac.compare_digest(signature, self._signature(key_id, public)):
            return None
        try:
            return str(UUID(bytes=urlsafe_b64decode(public + "==")))
        except (Error, ValueError):
            return None

    def _signature(self, key_id: str, public: str) -> str:
        return _text(hmac.digest(self._keys[key_id], public.encode(), sha256)[:BYTES])


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def route(codes: AssetCodes) -> Route:
    """Where the code on a label leads, signed in or not: nothing of the asset is said."""

    async def label(request: Request) -> Response:
        known = codes.asset_of(request.path_params["code"])
        return page(404, NO_LABEL) if known is None else page(200, LABEL)

    return Route("/a/{code}", label)
