"""What the gateway is told beside what all services are."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from libs.chassis.identity.oidc import trustworthy
from libs.chassis.running.settings import MissingSetting, Own
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
    front: Path = Field(Path("web/dist"), description="Folder of the built front, from the tree's or an absolute one.")
    idle_hours: float = Field(8, gt=0, le=24 * 30, description="A session that nobody uses for so long has ended.")
    session_hours: float = Field(24, gt=0, le=24 * 90, description="A session ends after so long, however it is used.")


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
