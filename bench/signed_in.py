"""Browsers' sessions at a product's gateway, as signing in leaves them."""

from collections.abc import Sequence
from datetime import timedelta

from demo.environment import TOKEN_SECONDS
from deploy.devstack.issuer import Issuer
from deploy.devstack.supervisor import Supervisor
from libs.chassis.running.clock import own_now
from libs.events.database.connections import connect
from services.gateway.seal import Seal
from services.gateway.sessions.domain import Grant, Limits
from services.gateway.sessions.store import GrantRefused, Sessions

COOKIE = "__Host-sid"
NAME = "bench"


async def sessions(product: Supervisor, count: int, name: str = NAME, roles: Sequence[str] = ("manager",)) -> list[str]:
    """The ids of so many sessions of one person, each the value of a cookie."""
    seal, at = Seal([product.folder.secret_file("seal_key").read_text().strip()], "sessions"), own_now()
    pool = await connect(product.environment["GATEWAY_DATABASE_URL"], 2)
    kept = Sessions(pool, seal, Limits(timedelta(hours=8), timedelta(hours=24)), _never)
    issuer = Issuer(product.folder.data / "issuer", product.environment["OIDC_ISSUER"])
    grant = Grant(issuer.token(name, roles, TOKEN_SECONDS), None, "", at, at + timedelta(seconds=TOKEN_SECONDS))
    found = [await kept.begin(name, None, grant, at) for _ in range(count)]
    await pool.close()
    return found


async def _never(_grant: Grant, _at: object) -> Grant:
    raise GrantRefused
