"""What a service manager asks afterwards: why this repair was late, and what another promise would have meant."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from demo.barrier import until
from demo.clients import Apis
from demo.databases import Databases
from demo.incidents import Incident

MANAGER = "manager"
HALVED = 2
"""The what-if: the demo's policy with every repair promised in half the time."""

TELLING = """
SELECT c.id FROM clock AS c
JOIN LATERAL (
    SELECT count(*) FILTER (WHERE type = 'sla.ClockPaused') AS pauses, count(*) AS words
    FROM event WHERE stream = 'clocks-' || c.ticket_id AND data ->> 'metric' = 'fix'
) AS w ON true
WHERE c.metric = 'fix' AND c.breached AND c.state = 'met' AND w.pauses BETWEEN 1 AND 3
ORDER BY c.met_at - c.started_at, c.id LIMIT 1
"""
"""The shortest repair that was late and was paused: its ledger shows what a clock is made of."""


async def explanation(apis: Apis, databases: Databases) -> Mapping[str, Any] | None:
    """Why a late repair was late, as `GET /v1/clocks/{id}/explanation` has it; None if no repair fits."""
    found = await databases.rows("sla", TELLING)
    if not found:
        return None
    answer: Mapping[str, Any] = await apis.get("sla", MANAGER, f"/v1/clocks/{found[0]['id']}/explanation")
    return answer


async def what_if(apis: Apis, incidents: Sequence[Incident]) -> Sequence[Mapping[str, Any]]:
    """What promising repairs in half the time would have meant: the groups of `POST /v1/replays`, by level."""
    first, last = incidents[0].events[0].at, max(incident.events[0].at for incident in incidents)
    body = {
        "policy": await _stricter(apis),
        "from": first.isoformat(),
        "to": (last + timedelta(days=1)).isoformat(),
        "filter": {"metric": ["fix"]},
    }
    id = (await apis.command("sla", MANAGER, "/v1/replays", "demo/what-if", body))["id"]
    ended: Mapping[str, Any] = {}

    async def running() -> str | None:
        nonlocal ended
        ended = await apis.get("sla", MANAGER, f"/v1/replays/{id}")
        return None if ended["status"] in ("completed", "failed") else f"the replay is {ended['status']}"

    await until(running, "the what-if")
    groups: Sequence[Mapping[str, Any]] = ended["result"]["groups"]
    return [group for group in groups if group["by"] in ("all", "level")]


async def _stricter(apis: Apis) -> Mapping[str, Any]:
    """The policy that the week went by, as it was published, with every repair promised in half the time."""
    version = await apis.get("sla", MANAGER, "/v1/policies/demo/versions/1")
    document: dict[str, Any] = version["document"]
    for target in document["targets"]:
        if target["metric"] == "fix":
            for allowed in target["by_level"].values():
                allowed["amount"] /= HALVED
    return document
