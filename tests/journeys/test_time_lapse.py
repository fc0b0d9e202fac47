"""Real incidents in time-lapse: the clocks' verdicts depend on what happened, never on how it was run."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from demo import environment
from demo.figures import verdicts
from demo.incidents import Incident, choose
from demo.proof import Check, prove
from demo.runner import Progress, Runner, window_end
from demo.scenario import goes_remote, scenario
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer.people import ENGINEERS
from deploy.devstack.supervisor import Supervisor

pytestmark = pytest.mark.long

KILLS = {3: "intake", 6: "dispatch", 9: "sla", 12: "triage", 15: "survey"}
"""After which window which service is killed, in the next one's midst."""
PLAYER_ENDS_AFTER = 18

Outcomes = dict[tuple[str, str], tuple[bool, bool, bool, float | None]]


class PlayerEnds(Exception):
    """The runner dies in mid-run."""


@dataclass
class Finished:
    """What a run left behind: verdicts by case and metric, and what was proved."""

    outcomes: Outcomes = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    visits: dict[str, int] = field(default_factory=dict)
    """Of those who can sign in on a phone, by login."""


def week() -> list[Incident]:
    """Short incidents of all kinds: resolved remotely, rejected, urgent, paused, left open."""
    week = [incident for incident in choose() if len(scenario(incident)) <= 18]
    verbs = {incident.case: [step.verb for step in scenario(incident)] for incident in week}
    kinds: list[tuple[int, Callable[[Incident], bool]]] = [
        (2, lambda incident: goes_remote(incident) and len(incident.events) > 2),
        (3, lambda incident: "rejection" in verbs[incident.case]),
        (3, lambda incident: incident.impact == "High"),
        (3, lambda incident: verbs[incident.case].count("pause") == 2),
        (1, lambda incident: verbs[incident.case][-1] != "closure"),
    ]
    chosen = [incident for count, kind in kinds for incident in list(filter(kind, week))[:count]]
    return sorted({incident.case: incident for incident in chosen}.values(), key=lambda i: i.events[0].at)


def run(folder: Path, minutes: int, disturb: bool = False) -> Finished:
    """Run the week in windows of that many minutes, in a product of its own, perhaps with everybody killed once."""
    incidents, window = week(), timedelta(minutes=minutes)
    start = window_end(incidents[0].events[0].at, window) - window
    with environment.everything(RunFolder(folder, data="demo"), start, first_port=None, durable=False) as running:
        return asyncio.run(_run(running, incidents, window, disturb))


async def _run(running: Supervisor, incidents: list[Incident], window: timedelta, disturb: bool) -> Finished:
    if disturb:
        with pytest.raises(PlayerEnds):
            async with environment.runner(running, window, _killer(running)) as first:
                await first.run(incidents)
    async with environment.runner(running, window) as runner:
        await runner.run(incidents)
        checks = await prove(runner.databases, running.environment, incidents, runner.apis.ledger)
        return Finished(await _outcomes(runner), checks, await _visits(runner))


def _killer(running: Supervisor) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.windows == PLAYER_ENDS_AFTER:
            raise PlayerEnds
        if name := KILLS.get(progress.windows):
            asyncio.get_running_loop().call_later(0.05, running.process(name).kill)

    return tell


async def _outcomes(runner: Runner) -> Outcomes:
    cases = {command.id: key.split("/")[1] for key, command in runner.apis.ledger.items() if command.verb == "tickets"}
    return {
        (cases[found.ticket_id], found.metric): (found.met, found.breached, found.cancelled, found.counted_seconds)
        for found in await verdicts(runner.databases)
    }


async def _visits(runner: Runner) -> dict[str, int]:
    logins = [person.username for person in ENGINEERS]
    return {login: len((await runner.apis.get("dispatch", login, "/v1/work-orders"))["items"]) for login in logins}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return run(tmp_path_factory.mktemp("calm"), minutes=5)


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return run(tmp_path_factory.mktemp("disturbed"), minutes=60, disturb=True)


def test_windows_of_5_and_of_60_minutes_and_kills_in_between_give_the_same_verdicts(
    calm: Finished, disturbed: Finished
) -> None:
    assert calm.outcomes == disturbed.outcomes
    assert len(calm.outcomes) == 3 * len(week())


def test_every_engineer_who_can_sign_in_is_bound_and_the_first_has_visits(calm: Finished) -> None:
    assert list(calm.visits) == ["engineer-1", "engineer-2", "engineer-3"]  # whoever is not bound is refused
    assert calm.visits["engineer-1"] > 0


def test_the_verdicts_are_of_every_kind(calm: Finished) -> None:
    found = calm.outcomes.values()
    assert {(met, breached) for met, breached, _, _ in found} >= {(True, False), (True, True)}
    assert any(cancelled for _, _, cancelled, _ in found)


def test_nothing_was_lost_and_nothing_doubled(calm: Finished, disturbed: Finished) -> None:
    assert [check for check in (*calm.checks, *disturbed.checks) if not check.holds] == []
