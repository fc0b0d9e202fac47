"""What the gateway is told beside what all services are."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from libs.chassis.identity.oidc import trustworthy
from libs.chassis.identity.signing_keys import Signer
from libs.chassis.running.settings import MissingSetting, Own, Settings
from libs.services import EVENT_SERVICES

TREE = Path(__file__).parents[2]


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _origin(url: str) -> str:
    if not trustworthy(url) or urlsplit(url).path not in ("", "/") or "@" in url or url.count("?") or url.count("#"):
        raise PydanticCustomError("plain", "an origin is https://…, or http:// on this machine, without a path")
    return origin_of(url)


class GatewaySettings(Own):
    """What the gateway is told beside, with its name before: GATEWAY_URL."""

    url: Annotated[str, AfterValidator(_origin)] = Field(
        description="How browsers reach it, https://care.example.org: requests that change something come from there, "
        "and the issuer sends people back there."
    )
    client_id: str = Field("aftercare-console", description="Its client id at the issuer.")
    client_secret_file: Path = Field(description="File of that client's secret; read at each use.")
    seal_key_file: Path = Field(
        description="File of secrets of at least 32 characters, one a line, that tokens are sealed with: the first "
        "seals, all open. Read at the start."
    )
    link_keys_file: Path | None = Field(
        None,
        description="File of secret keys, a JWKS, that tokens of customers' links are signed with: the first signs, "
        "all are published at `/.well-known/jwks.json`. GATEWAY_ISSUER needs it. Read at the start.",
    )
    address_header: str = Field(
        "",
        description="Header in which the proxy before the gateway says whose request it is, as `X-Real-IP`; tries of "
        "links are counted by it. Empty: the connection's address.",
    )
    hotline: str = Field(
        "",
        pattern=r"^[0-9+() -]*$",
        description="Number that customers may call whose link opens nothing, or whose region has no hotline.",
    )
    front: Path = Field(Path("web/dist"), description="Folder of the built front, from the tree's or an absolute one.")
    idle_hours: float = Field(8, gt=0, le=24 * 30, description="A session that nobody uses for so long has ended.")
    session_hours: float = Field(24, gt=0, le=24 * 90, description="A session ends after so long, however it is used.")


def signer_of(settings: Settings) -> Signer | None:
    """Who signs for customers' links; None where there are none. Raises MissingSetting."""
    own, issuer = settings.own, settings.common.gateway_issuer
    assert isinstance(own, GatewaySettings)
    if issuer is None:
        return None
    try:
        return Signer(issuer, own.link_keys_file.read_text() if own.link_keys_file else "")
    except (OSError, ValueError) as error:
        raise MissingSetting(
            f"GATEWAY_LINK_KEYS_FILE: {error if isinstance(error, ValueError) else 'cannot be read'}"
        ) from None


def upstreams(environment: Mapping[str, str] = os.environ, port: str = "URL") -> dict[str, str]:
    """Where each service's public port answers, by its name: INTAKE_URL and so on. Raises MissingSetting.

    With the `port` INTERNAL_URL it is the internal one.
    """
    found = {name: environment.get(f"{name.upper()}_{port}", "") for name in EVENT_SERVICES}
    wrong = [name for name, url in found.items() if urlsplit(url).scheme not in ("http", "https")]
    if wrong:
        names = ", ".join(f"{name.upper()}_{port}" for name in wrong)
        raise MissingSetting(f"{names}: where the services answer, http://… or https://…")
    return found
