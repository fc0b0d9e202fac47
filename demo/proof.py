"""The proof that nothing was lost and nothing doubled: by plain SQL, a plain Kafka consumer, and the log's own count.

It believes neither views nor kernel: what should be there follows from the incidents and from the answers the runner
got; what is there is read from the event tables and the topics. Only the fold of the views is the project's own code:
every service is asked to build its views anew from its log, and to compare.
"""

import asyncio
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from demo import topics
from demo.barrier import look
from demo.clients import Acknowledged
from demo.databases import Databases
from demo.figures import doubled, events_by_type, verdicts
from demo.incidents import Incident
from demo.installed_base import InstalledBase
from demo.scenario import Step, scenario
from deploy.devstack.supervisor import client_settings

METRICS = ("fix", "on_site", "response")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was proved or not: in words, over how many, and what is wrong (the first of it)."""

    what: str
    count: int
    wrong: str = ""

    @property
    def holds(self) -> bool:
        """A proof over nothing proves nothing."""
        return self.count > 0 and not self.wrong


def expected_events(incidents: Iterable[Incident]) -> dict[str, int]:
    """How many events of each type these incidents' commands, and the reactions to them, must have left."""
    played = list(incidents)
    base = InstalledBase.of(played)
    expected: Counter[str] = Counter()
    for incident in played:
        for step in scenario(incident):
            expected.update(_events_of(step))
    named = sum(incident in base for incident in played)
    expected["intake.ContractSigned"] = len(base.countries)
    expected["intake.AssetInstalled"] = len(base.assets)
    expected["intake.TicketAssetNamed"] = named
    expected["intake.CustomerRegistered"] += len(base.countries) - named
    return dict(expected)


LEFT_BEHIND: Mapping[str, Sequence[str]] = {
    "open": ["intake.TicketOpened", "intake.WarrantyAssessed", "intake.CustomerRegistered", "triage.TriageStarted"],
    "classification": ["triage.FaultClassified"],
    "remote-support started": ["triage.RemoteSupportStarted"],
    "remote-support succeeded": ["triage.RemoteSupportSucceeded"],
    "authorisation": ["triage.WorkAuthorised", "dispatch.WorkOrderCreated"],
    "assignment": ["dispatch.CrewAssigned"],
    "arrival": ["dispatch.OnSiteArrived"],
    "pause": ["dispatch.WorkPaused"],
    "resumption": ["dispatch.WorkResumed"],
    "completion": ["dispatch.RepairCompleted"],
    "rejection": ["dispatch.RepairRejected", "dispatch.ReworkOrdered", "dispatch.WorkOrderCreated"],
    "acceptance": ["dispatch.RepairAccepted", "survey.CallbackScheduled"],
    "attempts": ["survey.CallbackAttempted", "survey.CallbackCompleted"],
    "closure": ["intake.TicketClosed"],
    "cancellation": ["intake.TicketCancelled"],
}
"""The events that a command, and the reactions to it, leave in the logs."""


def _events_of(step: Step) -> Sequence[str]:
    outcome = f" {step.fields['outcome']}" if step.verb == "remote-support" else ""
    return LEFT_BEHIND[step.verb + outcome]


async def prove(
    databases: Databases,
    settings: Mapping[str, str],
    incidents: Sequence[Incident],
    ledger: Mapping[str, Acknowledged],
) -> list[Check]:
    """Every check, in the order in which an event travels; for when all has arrived; `settings` as in .run/env."""
    checks: list[Callable[[], Awaitable[Check]]] = [
        lambda: every_command_kept(databases, ledger),
        lambda: every_change_has_its_events(databases, incidents),
        lambda: lanes_without_a_gap(databases),
        lambda: topics_hold_what_was_published(databases, settings["KAFKA_BOOTSTRAP_SERVERS"]),
        lambda: everything_arrived(databases),
        lambda: nothing_parked(databases),
        lambda: one_effect_each(databases),
        lambda: every_clock_started_once(databases, len(incidents)),
        lambda: every_deadline_fired_once(databases),
        *(partial(views_equal_the_fold, name, settings) for name in databases.names),
    ]
    return [await check() for check in checks]


async def every_command_kept(databases: Databases, ledger: Mapping[str, Acknowledged]) -> Check:
    """Each acknowledged command's key is kept with its version, and that version stands in its stream."""
    wrong = []
    kept = await databases.everywhere("SELECT key, etag FROM idempotency WHERE key LIKE 'demo/%'")
    ends = await databases.everywhere(
        "SELECT right(stream, 36) AS id, max(version) AS version, count(*) AS events FROM event GROUP BY stream"
    )
    etags = {(name, row["key"]): row["etag"] for name, rows in kept.items() for row in rows}
    versions: dict[tuple[str, str], int] = defaultdict(int)
    for name, rows in ends.items():
        for row in rows:
            wrong += [] if row["version"] == row["events"] else [f"stream {row['id']} of {name} has a gap"]
            versions[name, row["id"]] = max(versions[name, row["id"]], row["version"])
    for key, command in ledger.items():
        if etags.get((command.service, key)) != f'"{command.version}"':
            wrong.append(f"{command.service} does not remember {key}")
        elif versions[command.service, command.id] < command.version:
            wrong.append(f"{command.verb} of {key} was acknowledged and is not in {command.service}'s log")
    return Check("every acknowledged command is in its log", len(ledger), _first(wrong))


async def every_change_has_its_events(databases: Databases, incidents: Sequence[Incident]) -> Check:
    """The logs hold, type by type, exactly as many events as the incident log says they must."""
    expected = expected_events(incidents)
    found = await events_by_type(databases)
    wrong = [f"{name}: {found.get(name, 0)} instead of {n}" for name, n in expected.items() if found.get(name, 0) != n]
    return Check(
        "every change of the incident log left its events, and only once", sum(expected.values()), _first(wrong)
    )


async def lanes_without_a_gap(databases: Databases) -> Check:
    """Each service's lanes are numbered 1, 2, 3 …, and hold every event that has a key, once."""
    rows = await databases.everywhere(
        """
        SELECT (SELECT count(*) FROM event WHERE key IS NOT NULL) AS events,
               (SELECT count(*) FROM published JOIN event USING (position) WHERE key IS NOT NULL) AS published,
               (SELECT count(DISTINCT position) FROM published) AS positions,
               (SELECT coalesce(sum(head), 0) FROM (SELECT max(seq) AS head FROM published GROUP BY lane) AS h) AS heads
        """
    )
    wrong = [
        f"{name}: {row['events']} events, {row['published']} published, lanes end at {row['heads']} in sum"
        for name, (row,) in rows.items()
        if len({row["events"], row["published"], row["positions"], row["heads"]}) > 1
    ]
    return Check(
        "lanes are gapless and hold every event once", sum(r["events"] for (r,) in rows.values()), _first(wrong)
    )


async def topics_hold_what_was_published(databases: Databases, bootstrap: str) -> Check:
    """On the topics: every published event with its own id at its own place, in order. Repeats are allowed: dropped."""
    rows = await databases.everywhere(
        "SELECT p.lane, p.seq, e.id::text, e.type, e.key FROM published AS p JOIN event AS e USING (position)"
    )
    published = {topics.Sent(name, *row) for name, found in rows.items() for row in found}
    sent = await topics.read(bootstrap, databases.names)
    wrong = [f"{event.type} {event.id} is missing" for event in published.difference(sent)]
    wrong += [f"{event.type} {event.id} was never published" for event in set(sent).difference(published)]
    wrong += list(_out_of_order(sent))
    return Check(
        f"topics hold what was published ({doubled([e.id for e in sent])} sent again)", len(sent), _first(wrong)
    )


def _out_of_order(sent: Iterable[topics.Sent]) -> Iterable[str]:
    """What comes for the first time must be the next of its lane."""
    heads: dict[tuple[str, int], int] = defaultdict(int)
    for event in sent:
        head = heads[event.source, event.lane]
        if event.seq > head + 1:
            yield f"lane {event.lane} of {event.source} jumps from {head} to {event.seq}"
        heads[event.source, event.lane] = max(head, event.seq)


async def everything_arrived(databases: Databases) -> Check:
    """Outboxes are empty, and every consumer stands at the head of every lane that it hears."""
    snapshot = await look(databases)
    return Check(
        "every consumer has heard everything", sum(map(len, snapshot.positions.values())), _first(snapshot.missing())
    )


async def nothing_parked(databases: Databases) -> Check:
    """Nobody refused to hear anything."""
    rows = await databases.everywhere(
        "SELECT (SELECT count(*) FROM parked) AS parked, "
        "(SELECT count(*) FROM position WHERE stopped IS NOT NULL) AS stopped"
    )
    wrong = [
        f"{name}: {row['parked']} parked, {row['stopped']} lanes stopped"
        for name, (row,) in rows.items()
        if row["parked"] or row["stopped"]
    ]
    return Check("nothing is parked and no lane stands still", len(rows), _first(wrong))


async def one_effect_each(databases: Databases) -> Check:
    """No event had the same effect twice in any service: one type a cause, stream and subject."""
    rows = await databases.everywhere(
        """
        SELECT count(*) AS effects,
               count(*) - count(DISTINCT (causation_id, stream, type, data)) AS again
        FROM event WHERE causation_id IS NOT NULL AND actor LIKE 'service:%'
        """
    )
    wrong = [f"{name}: {row['again']} effects twice" for name, (row,) in rows.items() if row["again"]]
    return Check("every event had its effect once", sum(row["effects"] for (row,) in rows.values()), _first(wrong))


async def every_clock_started_once(databases: Databases, tickets: int) -> Check:
    """Each ticket has one clock of each metric, started once."""
    rows = await databases.rows(
        "sla",
        "SELECT data ->> 'metric' AS metric, count(*) AS clocks, count(DISTINCT key) AS tickets "
        "FROM event WHERE type = 'sla.ClockStarted' GROUP BY 1 ORDER BY 1",
    )
    found = {row["metric"]: (row["clocks"], row["tickets"]) for row in rows}
    wrong = [f"{metric}: {found.get(metric)}" for metric in METRICS if found.get(metric) != (tickets, tickets)]
    return Check("every ticket has its clocks, each started once", sum(row["clocks"] for row in rows), _first(wrong))


async def every_deadline_fired_once(databases: Databases) -> Check:
    """No deadline that was reached is still armed, none was announced or breached twice, and late means breached."""
    still = await databases.rows("sla", "SELECT count(*) AS n FROM timer WHERE due_at <= clock_release()")
    rows = await databases.rows(
        "sla",
        "SELECT count(*) AS n, count(DISTINCT (data ->> 'clock_id', type, data ->> 'deadline')) AS once "
        "FROM event WHERE type IN ('sla.DeadlineApproaching', 'sla.DeadlineBreached')",
    )
    late = await databases.rows(
        "sla",
        """
        SELECT count(*) AS n FROM event AS met
        WHERE type = 'sla.ClockMet' AND (data ->> 'late')::boolean AND NOT EXISTS (
            SELECT FROM event AS breach
            WHERE breach.stream = met.stream AND breach.version < met.version
            AND breach.type = 'sla.DeadlineBreached' AND breach.data ->> 'clock_id' = met.data ->> 'clock_id'
        )
        """,
    )
    wrong = [f"{still[0]['n']} are overdue"] if still[0]["n"] else []
    wrong += [f"{rows[0]['n'] - rows[0]['once']} fired twice"] if rows[0]["n"] != rows[0]["once"] else []
    wrong += [f"{late[0]['n']} were met late without a breach"] if late[0]["n"] else []
    return Check("every deadline fired once", len(await verdicts(databases)) and rows[0]["n"], _first(wrong))


async def views_equal_the_fold(name: str, settings: Mapping[str, str]) -> Check:
    """The service's own check in a process of its own: its views built anew from its log, and compared row by row."""
    command = [sys.executable, "-m", "libs.events.projection.rebuild", name, "--check"]
    own = client_settings(name, settings["OIDC_STATE"])
    child = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **settings, **own},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await child.communicate())[0].decode()
    wrong = [line for line in output.splitlines() if "equal to" not in line] if child.returncode else []
    rows = sum(int(found) for found in re.findall(r"(\d+) rows", output))
    return Check(f"every view of {name} is the fold of its history", rows, _first(wrong[-1:]))


def _first(wrong: Sequence[str]) -> str:
    if not wrong:
        return ""
    return wrong[0] if len(wrong) == 1 else f"{wrong[0]} (and {len(wrong) - 1} more)"
