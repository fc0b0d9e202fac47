"""What came of it, in numbers: read from the event logs, not from the views whose correctness is to be proved."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from demo.databases import Databases

LEVEL_BEFORE_CLASSIFICATION = 3

VERDICTS = """
SELECT key AS ticket_id, data ->> 'metric' AS metric,
       count(*) FILTER (WHERE type = 'sla.ClockStarted') AS started,
       count(*) FILTER (WHERE type = 'sla.DeadlineBreached') AS breached,
       count(*) FILTER (WHERE type = 'sla.BreachWithdrawn') AS withdrawn,
       count(*) FILTER (WHERE type = 'sla.ClockCancelled') AS cancelled,
       array_agg((data ->> 'counted_seconds')::float8 ORDER BY version)
           FILTER (WHERE type = 'sla.ClockMet') AS counted,
       (array_agg(type ORDER BY version))[count(*)] AS last
FROM event
WHERE key IS NOT NULL AND data ? 'metric' AND type <> 'sla.DeadlineApproaching'
GROUP BY key, data ->> 'metric'
"""

LEVELS = """
SELECT DISTINCT ON (key) key AS ticket_id, (data ->> 'level')::int AS level
FROM event WHERE type = 'triage.FaultClassified' ORDER BY key, version DESC
"""


@dataclass(frozen=True, order=True, slots=True)
class Verdict:
    """What one ticket's clock came to; met after `counted_seconds` of its calendar, or not yet met."""

    ticket_id: str
    metric: str
    met: bool
    breached: bool
    cancelled: bool
    counted_seconds: float | None


@dataclass(slots=True)
class Clocks:
    """Clocks of one metric and level: started, met in time and late, breached (met late or not at all), cancelled."""

    started: int = 0
    in_time: int = 0
    late: int = 0
    breached: int = 0
    cancelled: int = 0

    @property
    def running(self) -> int:
        """Neither met nor cancelled yet."""
        return self.started - self.in_time - self.late - self.cancelled


WARRANTIES = """
SELECT verdict, count(*) AS tickets FROM (
    SELECT DISTINCT ON (key) data ->> 'verdict' AS verdict FROM event
    WHERE type IN ('intake.WarrantyAssessed', 'intake.WarrantyReassessed') ORDER BY key, version DESC
) AS latest GROUP BY verdict ORDER BY tickets DESC, verdict
"""


async def tickets_by_warranty(databases: Databases) -> list[tuple[str, int]]:
    """What the warranty says, and of how many tickets, most first; unknown, too, where no asset is named."""
    return [(row["verdict"], row["tickets"]) for row in await databases.rows("intake", WARRANTIES)]


async def tickets_by_status(databases: Databases) -> list[tuple[str, int]]:
    """Public status and number of tickets, most first."""
    rows = await databases.rows("intake", "SELECT status, count(*) AS n FROM ticket GROUP BY status ORDER BY n DESC")
    return [(row["status"], row["n"]) for row in rows]


async def events_by_type(databases: Databases) -> dict[str, int]:
    """Number of events in all logs by stored type name, sorted by service and name."""
    found = await databases.everywhere("SELECT type, count(*) AS n FROM event GROUP BY type ORDER BY type")
    return {row["type"]: row["n"] for rows in found.values() for row in rows}


async def verdicts(databases: Databases) -> list[Verdict]:
    """Every clock's verdict, by ticket and metric; warnings on the way do not count."""
    return sorted(
        Verdict(
            ticket_id=row["ticket_id"],
            metric=row["metric"],
            met=row["last"] == "sla.ClockMet",
            breached=row["breached"] > row["withdrawn"],
            cancelled=row["cancelled"] > 0,
            counted_seconds=row["counted"][-1] if row["counted"] else None,
        )
        for row in await databases.rows("sla", VERDICTS)
    )


async def clocks(databases: Databases) -> dict[tuple[str, int], Clocks]:
    """Clocks by metric and level; a ticket that was never classified counts as what the policy takes it for."""
    levels = {row["ticket_id"]: row["level"] for row in await databases.rows("triage", LEVELS)}
    found: dict[tuple[str, int], Clocks] = defaultdict(Clocks)
    for verdict in await verdicts(databases):
        count = found[verdict.metric, levels.get(verdict.ticket_id, LEVEL_BEFORE_CLASSIFICATION)]
        count.started += 1
        count.in_time += verdict.met and not verdict.breached
        count.late += verdict.met and verdict.breached
        count.breached += verdict.breached
        count.cancelled += verdict.cancelled and not verdict.met
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Delays:
    """Real seconds from the commit of an event to the commit of its effect in another service."""

    count: int
    p50: float
    p99: float
    longest: float


async def delays(databases: Databases) -> Delays | None:
    """End-to-end delays of all events that were reacted to; None if the server does not keep commit times.

    Both ends are pg_xact_commit_timestamp on the one server: of the event's row at its source, and of the row by which
    the hearing service remembers that it reacted.
    """
    if set((await databases.values("SHOW track_commit_timestamp")).values()) != {"on"}:
        return None
    committed = "extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at"
    events = await databases.everywhere(f"SELECT id::text, {committed} FROM event WHERE key IS NOT NULL")
    effects = await databases.everywhere(
        f"SELECT key AS id, {committed} FROM idempotency WHERE scope LIKE 'consumer:%'"
    )
    sources = {row["id"]: row["at"] for rows in events.values() for row in rows}
    seconds = sorted(
        row["at"] - sources[row["id"]] for rows in effects.values() for row in rows if row["id"] in sources
    )
    return summary(seconds)


def summary(seconds: Sequence[float]) -> Delays | None:
    """Percentiles of sorted seconds; None of none."""
    if not seconds:
        return None
    last = len(seconds) - 1
    return Delays(len(seconds), seconds[last // 2], seconds[round(last * 0.99)], seconds[last])


def doubled(ids: Sequence[str]) -> int:
    """How many of these stand there more than once."""
    return sum(count - 1 for count in Counter(ids).values())
