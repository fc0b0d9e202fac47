"""python -m tests.faults: kill, hold and cut everything under load, then prove that nothing was lost or doubled.

`FULL=1` is the long form, `SEED=…` repeats a run's choices, `TICKETS=…` and `FAULTS=…` make one smaller.
"""

import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.supervisor import Supervisor
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES
from tests.faults.environment import Line, database_urls, everything
from tests.faults.evidence import gather
from tests.faults.faults import Fault, full, quick
from tests.faults.next_release import UNREAD
from tests.faults.report import show
from tests.faults.restored import restore
from tests.faults.run import run
from tests.faults.signed_in import password_in
from tests.faults.verdict import (
    Check,
    Demand,
    judge,
    none_ended_by_itself,
    rebuild_settings,
    through_the_gateways,
    views_equal_the_fold,
)
from tests.faults.watcher import expected, watching

STARTED = time.monotonic()


@dataclass(frozen=True)
class Wishes:
    """What was asked for in the environment."""

    seed: int
    tickets: int
    faults: Sequence[Fault]
    demand: Demand

    @classmethod
    def of_environment(cls) -> "Wishes":
        """Raises Trouble for what is no number."""
        seed, long = _number("SEED", random.SystemRandom().randrange(1_000_000)), bool(os.environ.get("FULL"))
        faults, demand = (full(), Demand(25, 6)) if long else (quick(), Demand(12, 4))
        random.Random(f"{seed}/faults").shuffle(faults)
        count = _number("FAULTS", len(faults))
        if count < len(faults):
            faults, demand = faults[:count], Demand(max(count - 1, 1), 1)
        return cls(seed, _number("TICKETS", 1000 if long else 300), faults, demand)


def main() -> int:
    """The exit status: 0 if every invariant holds."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        wishes = Wishes.of_environment()
        path = Path(tempfile.mkdtemp(prefix="aftercare-faults-"))
        _tell(f"{wishes.tickets} tickets, {len(wishes.faults)} faults; SEED={wishes.seed} repeats this run's choices")
        revived: list[str] = []
        with everything(path, lambda words: _follow(words, revived)) as (running, line):
            checks = asyncio.run(_run(running, line, wishes, revived))
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _tell("stopped")
        return 130
    passed = all(check.holds for check in checks)
    _conclude(passed, path, wishes.seed)
    return 0 if passed else 1


def _follow(words: str, revived: list[str]) -> None:
    """Say what the supervisor says, and keep whom it had to start again."""
    _tell(words)
    name, _, what = words.partition(" ")
    if what.startswith("ended"):
        revived.append(name)


async def _run(running: Supervisor, line: Line, wishes: Wishes, revived: Sequence[str]) -> Sequence[Check]:
    async with watching(running.urls("gateway"), password_in(running.folder.data)) as watcher:
        outcome = await run(running, line, wishes.tickets, wishes.faults, wishes.seed, _tell)
        _tell("all has arrived; reading stores and topics")
        evidence = await gather(database_urls(running), running.environment["KAFKA_BOOTSTRAP_SERVERS"])
        told = expected(evidence.events, evidence.published, UNREAD)
        await watcher.arrived(told.total())
    _tell(f"the live stream was cut {watcher.cuts} times")
    checks = [*judge(outcome, evidence, wishes.demand), none_ended_by_itself(outcome, revived)]
    checks += through_the_gateways(outcome.ledger, evidence.events)
    checks.append(Check("each event came once through the gateways", told.total(), watcher.wrong(told)))
    _tell("comparing every view with the fold of its history")
    settings = {name: rebuild_settings(name, running.environment) for name in EVENT_SERVICES}
    checks += await asyncio.gather(
        *(views_equal_the_fold(name, settings[name], running.process(name).root) for name in EVENT_SERVICES)
    )
    _tell("restoring a database to an earlier state")
    checks += await restore(running, line, wishes.seed, _tell)
    show(outcome, checks, len(evidence.sent) - len({record.id for record in evidence.sent}))
    return checks


def _conclude(passed: bool, path: Path, seed: int) -> None:
    if passed:
        shutil.rmtree(path, ignore_errors=True)
        _tell("nothing lost, nothing twice, order kept")
    else:
        _tell(f"FAILED with SEED={seed}; logs and data are in {path}")


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise Trouble(f"{name}={value} is no number")
    return int(value)


def _tell(words: str) -> None:
    print(f"{time.monotonic() - STARTED:6.1f}  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
