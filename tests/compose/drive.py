"""`python -m tests.compose.drive SECRETS`: run in the engine's network, on an installation that is up.

Tickets live their whole lives over the published ports while processes and connections are lost, and servers are in bad
states; then stores and topics are read, as `make faults` reads them, and nothing may be lost, doubled or out of order.
"""

import asyncio
import os
import random
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from deploy.devstack.process import ROOT
from deploy.restore import REPLICA
from deploy.setup.profiles import BROKERS, CLUSTER, OBSERVABILITY
from libs.services import EVENT_SERVICES
from services.sla.clocks.api.stream import WordType
from tests.compose.cluster import LOST, Cluster
from tests.compose.containers import Container, write_hosts
from tests.compose.front import replaced
from tests.compose.installation import KEYCLOAK, Installation
from tests.compose.keycloak import Badges
from tests.compose.listener import Listener
from tests.compose.load import Load, Strike, tell
from tests.compose.states import States
from tests.compose.terminal import wrong
from tests.compose.upgrade import LONGEST_SECONDS, NEXT, SERVICE, Whereabouts, refused, roll_out, urls
from tests.compose.watching import watched
from tests.faults.client import Clients, reached
from tests.faults.evidence import Evidence, gather
from tests.faults.faults import CUT, Fault
from tests.faults.report import show
from tests.faults.run import Outcome
from tests.faults.verdict import Check, Demand, judge, views_equal_the_fold

FIRST_PORT = 8101
CUT_OFF_SECONDS = 12.0
UPGRADES = ("upgrade", "back to the release before")
CLUSTERED = ("broker away", "replica killed")


class Drive:
    """`tickets` journeys, one after the other for each engineer, and more until the last fault has struck.

    `states`: bad ones of the servers, too; `cluster`: there are three brokers and two PostgreSQL.
    """

    def __init__(
        self, installation: Installation, clients: Clients, badges: Badges, seed: int, states: States | None,
        cluster: Cluster | None,
    ) -> None:  # fmt: skip
        self._installation, self._states, self._cluster = installation, states, cluster
        self._load = Load(installation, clients, badges, seed)
        self._whereabouts = Whereabouts(lambda found: clients.moved(SERVICE, found))
        self.listener = Listener(lambda: self._whereabouts.urls, badges)

    async def play(self, tickets: int) -> Outcome:
        """Everything, until all has arrived or patience is over."""
        beside = [asyncio.create_task(self._whereabouts.watch()), asyncio.create_task(self.listener.listen())]
        try:
            outcome = await self._load.play(tickets, self._strikes(), _hinders)
        finally:
            for each in beside:
                each.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await self.listener.catch_up()
        return outcome

    def _strikes(self) -> list[tuple[Fault, Strike]]:
        found: list[tuple[Fault, Strike]] = [
            (Fault("worker killed", "intake.worker"), Container("intake-worker").kill),
            (Fault("connections cut", "postgres"), self._cut),
            (Fault("Kafka killed", "kafka"), Container("kafka").kill),
            (Fault("worker cut off", "sla"), lambda: Container("sla-worker").cut_off("database", CUT_OFF_SECONDS)),
            (Fault("http killed", "triage"), Container("triage").kill),
        ]
        if cluster := self._cluster:
            found += [
                (Fault(CLUSTERED[0], LOST), cluster.broker_away),
                (Fault(CLUSTERED[1], REPLICA), cluster.replica_killed),
            ]
        if states := self._states:
            found += [
                (Fault("wrong password", "triage"), states.wrong_password),
                (Fault("expired certificate", "postgres"), states.expired_certificate),
                (Fault("other partitions", "kafka"), states.other_partitions),
                (Fault("wrong clock", "survey.worker"), states.wrong_clock),
                (Fault("full disk", "kafka"), lambda: states.full_disk("kafka")),
                (Fault("full disk", "postgres"), lambda: states.full_disk("postgres")),
            ]
        return [
            *found,
            (Fault(UPGRADES[0], SERVICE), lambda: roll_out(NEXT)),
            (Fault(UPGRADES[1], SERVICE), lambda: roll_out("dev")),
        ]

    async def _cut(self) -> None:
        """All connections to PostgreSQL, at once."""
        async with self._installation.administrator() as administrator:
            await administrator.fetchval(CUT)


def places() -> dict[str, list[str]]:
    """The published port of each service."""
    return {name: [f"http://127.0.0.1:{FIRST_PORT + n}"] for n, name in enumerate(EVENT_SERVICES)}


def _hinders(fault: Fault) -> frozenset[str]:
    """One process that answers is all that a service has here: while it is away, so is the service."""
    if fault.kind in (*UPGRADES, *CLUSTERED):
        return frozenset()  # there are others, whatever happens to one
    return frozenset([fault.service]) if fault.kind == "http killed" else fault.hinders


def _quickly(outcome: Outcome) -> Check:
    """Commands that were answered while a service was being replaced, and how long they took."""
    windows = [one.window for one in outcome.struck if one.fault.kind in UPGRADES]
    during = [
        command
        for command in outcome.ledger.acknowledged.values()
        if any(window.begin <= command.at <= window.end for window in windows)
    ]
    wrong = [f"{command.key} took {command.took:.1f} s" for command in during if command.took > LONGEST_SECONDS]
    longest = max((command.took for command in during), default=0.0)
    return Check(f"commands answered during upgrades, in {longest:.1f} s at most", len(during), wrong)


def _told(listener: Listener, evidence: Evidence) -> Check:
    """What one who listens all the time was told of clocks: everything, once."""
    published = {(row.service, row.position) for row in evidence.published}
    known = {event.id for event in evidence.events if (event.service, event.position) in published}
    words = get_args(WordType)
    own = (event for event in evidence.events if event.service == SERVICE and event.type in words)
    told = {event.id for event in own if event.id in known}
    times = Counter(listener.heard)
    wrong = [f"{id} was not told" for id in told - times.keys()]
    wrong += [f"{id} was told {times[id]} times" for id in times if times[id] > 1 or id not in told]
    return Check(f"events told by {listener.streams} streams in a row", len(times), wrong)


def _rebuilt() -> list[str]:
    """Of intake, which hears the others: beside the live one, which it equals."""
    command = [*shlex.split(os.environ["COMPOSE"]), "run", "--rm", "rebuild", "intake", "queue"]
    done = subprocess.run(command, env={**os.environ, "SERVICE": "intake"}, capture_output=True, text=True, check=False)
    return [f"status {done.returncode}: {(done.stdout + done.stderr)[-300:]}"] if done.returncode else []


async def run(
    installation: Installation, tickets: int, seed: int, states: bool, profiles: Sequence[str]
) -> list[Check]:
    """Drive, read, judge."""
    cluster = Cluster(installation) if CLUSTER in profiles else None
    badges = Badges(KEYCLOAK, installation.secrets / "all", installation.ca_file)
    write_hosts()
    async with reached({**places(), SERVICE: urls()}, badges, random.Random(seed)) as clients:
        bad = States(installation, len(BROKERS) if cluster else 1) if states else None
        drive = Drive(installation, clients, badges, seed, bad, cluster)
        outcome = await drive.play(tickets)
    tell("all has arrived; reading stores and topics")
    owners = {name: installation.database("owner", name) for name in EVENT_SERVICES}
    evidence = await gather(owners, "kafka:9092", **installation.kafka)
    checks = [*judge(outcome, evidence, Demand(3, 3)), _quickly(outcome), _told(drive.listener, evidence)]
    checks.append(Check("a rollout without ports is refused", 1, await refused()))
    checks.append(await replaced(installation.ca_file))
    checks.append(Check("a view is built anew by the guide's command", 1, _rebuilt()))
    checks.append(Check("who signs in at a terminal gets a token", 1, wrong(installation, places()["triage"][0])))
    checks += [cluster.sending(), *await cluster.copies()] if cluster else []
    checks += await watched() if OBSERVABILITY in profiles else []
    tell("comparing every view with the fold of its history")
    checks += [await views_equal_the_fold(name, installation.settings(name), ROOT) for name in EVENT_SERVICES]
    show(outcome, checks, len(evidence.sent) - len({record.id for record in evidence.sent}))
    return checks


def main(argv: list[str], environment: Mapping[str, str]) -> int:
    """The exit status: 0 if every check holds."""
    seed = int(environment.get("SEED") or random.SystemRandom().randrange(1_000_000))
    tickets = int(environment.get("TICKETS") or 60)
    full, profiles = bool(environment.get("FULL")), environment.get("PROFILE", "").split(",")
    tell(f"{tickets} tickets; SEED={seed} repeats this run's choices")
    checks = asyncio.run(run(Installation(Path(argv[0])), tickets, seed, full, profiles))
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
