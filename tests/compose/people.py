"""The engineers of a check: registered, and bound to the logins that their tokens name."""

from tests.compose.keycloak import Badges
from tests.faults.client import Clients


async def engineer(clients: Clients, badges: Badges, seed: int, number: int) -> tuple[str, str]:
    """An engineer's login and id."""
    login, key = f"check-engineer-{number}", f"compose/{seed}/engineer/{number}"
    body = {"name": f"张伟{number}", "skills": ["hvac"], "region": "fj"}
    found = await clients.command("dispatch", "dispatcher", "/v1/engineers", key, body)
    path, subject = f"/v1/engineers/{found['id']}/binding", badges.subject(login)
    await clients.command("dispatch", "dispatcher", path, f"{key}/binding", {"subject": subject})
    return login, str(found["id"])
