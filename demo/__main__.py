"""python -m demo: a real week of a service desk in time-lapse, through five services, with a verdict at the end."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import uvloop
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import TaskID

from demo import environment, figures, questions, report
from demo.barrier import Stuck, look
from demo.clients import RefusedByService
from demo.incidents import Incident, choose
from demo.proof import Check, prove
from demo.runner import Runner, window_end
from deploy.devstack.supervisor import Supervisor
from deploy.devstack.trouble import Trouble
from libs.services import EVENT_SERVICES

PLAIN_LINE_SECONDS = 10.0
LIVE_LINE_SECONDS = 1.0
console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


@dataclass(frozen=True)
class Wishes:
    """What was asked for: `DEMO=once`, `INCIDENTS=all` or a number, `DEMO_WINDOW` in virtual minutes."""

    once: bool
    incidents: str
    window: timedelta

    @classmethod
    def of_environment(cls) -> "Wishes":
        """Raises Trouble for a wish that nobody can fulfil."""
        incidents, minutes = os.environ.get("INCIDENTS") or "week", os.environ.get("DEMO_WINDOW") or "15"
        if not (incidents in ("week", "all") or incidents.isdecimal()):
            raise Trouble(f"INCIDENTS={incidents} is neither `all` nor a number")
        if minutes not in ("5", "15", "60"):
            raise Trouble(f"DEMO_WINDOW={minutes} is none of 5, 15 and 60 minutes")
        return cls(os.environ.get("DEMO") == "once", incidents, timedelta(minutes=int(minutes)))


def main() -> int:
    """Run, show, prove; the answer is the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    try:
        wishes = Wishes.of_environment()
        with environment.held_folder() as folder:
            incidents = choose(wishes.incidents)
            _announce(incidents)
            start = window_end(incidents[0].events[0].at, wishes.window) - wishes.window
            with environment.everything(folder, start, _say) as running:
                report.show_people(console, running.environment["GATEWAY_URL"], running.folder.data / "issuer")
                checks = uvloop.run(_perform(running, incidents, wishes, began))
                if not wishes.once:
                    _stay(running)
        return 0 if checks and all(check.holds for check in checks) else 1
    except (Trouble, Stuck, RefusedByService) as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _say("stopped")
        return 130


def _announce(incidents: Sequence[Incident]) -> None:
    changes = sum(len(incident.events) for incident in incidents)
    last = max(incident.events[-1].at for incident in incidents)
    _say(
        f"{len(incidents):,} real incidents with {changes:,} changes, from {report.local(incidents[0].events[0].at)} "
        f"to {report.local(last)} (BPI Challenge 2013, see demo/README.md)"
    )


async def _perform(running: Supervisor, incidents: Sequence[Incident], wishes: Wishes, began: float) -> Sequence[Check]:
    """Run the incidents, let time walk on, and answer what was proved."""
    with report.progress_bar(console) as bar:
        task = bar.add_task("", total=len(incidents), figures="")
        async with environment.runner(running, wishes.window) as runner:
            live = asyncio.create_task(_live(bar, task, runner))
            try:
                seconds = time.monotonic()
                await runner.run(incidents)
                seconds = time.monotonic() - seconds
            except* (Stuck, RefusedByService) as errors:
                raise _first(errors) from None
            finally:
                live.cancel()
            bar.stop()
            checks = await _show(runner, running, incidents)
            await runner.clock.walk_on()
    rate = len(runner.apis.ledger) / seconds
    _say(f"{len(runner.apis.ledger):,} commands in {seconds:.0f} s ({rate:.0f} a second); {_minutes(began)} in all")
    return checks


async def _show(runner: Runner, running: Supervisor, incidents: Sequence[Incident]) -> Sequence[Check]:
    databases = runner.databases
    report.show_tickets(console, await figures.tickets_by_status(databases))
    report.show_warranties(console, await figures.tickets_by_warranty(databases))
    report.show_events(console, await figures.events_by_type(databases))
    report.show_clocks(console, await figures.clocks(databases))
    report.show_delays(console, await figures.delays(databases))
    checks = await prove(databases, running.environment, incidents, runner.apis.ledger)
    report.show_explanation(console, await questions.explanation(runner.apis, databases))
    report.show_what_if(console, await questions.what_if(runner.apis, incidents))
    report.show_proof(console, checks)
    report.show_verdict(console, checks)
    return checks


async def _live(bar: Bar, task: TaskID, runner: Runner) -> None:
    """Keep the line that moves up to date; without a terminal, say it in a plain line now and then."""
    pause = LIVE_LINE_SECONDS if console.is_terminal else PLAIN_LINE_SECONDS
    while True:
        await asyncio.sleep(pause)
        events = sum(map(sum, (await look(runner.databases)).heads.values()))
        late = await runner.databases.rows("sla", "SELECT count(*) FROM event WHERE type = 'sla.DeadlineBreached'")
        progress = runner.progress
        words = f"{progress.commands:,} commands · {events:,} events · {late[0][0]:,} deadlines missed"
        bar.update(task, description=report.local(progress.at), completed=progress.tickets, figures=words)
        if not console.is_terminal:
            _say(f"{report.local(progress.at)} · {progress.tickets:,} tickets · {words}")


def _stay(running: Supervisor) -> None:
    """Say where everything is, and wait for Ctrl-C."""
    console.print(f"  browser   {running.environment['GATEWAY_URL']}")
    for name in EVENT_SERVICES:
        console.print(f"  {name:<9} {running.environment[f'{name.upper()}_URL']}/docs")
    console.print(f"  Kafka     {running.environment['KAFKA_BOOTSTRAP_SERVERS']}")
    console.print("  databases, issuer and all else: .run/env · a token: make token ROLE=agent")
    console.print("Everything stays up, and its clock walks on. Ctrl-C stops it all.")
    with suppress(KeyboardInterrupt):
        Event().wait()
    _say("stopping")


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    """The first of the errors that ended the run."""
    error: Exception | BaseExceptionGroup[Exception] = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _minutes(began: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    return f"{minutes} min {seconds} s"


def _say(words: str) -> None:
    console.print(f"· {words}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
