"""Stop: a lane that goes on no more, because going on would do harm, and what it takes to go on again.

A release that knows the type in that version lifts a `newer_schema` stop. Only an operator lifts the others.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec
import structlog

from libs.events.catalogue import NewerSchema
from libs.events.database.connections import Source
from libs.events.decider import Refused

log = structlog.get_logger(__name__)

Kind = Literal["diverged", "lost_commits", "epidemic", "newer_schema"]

STOP = """
UPDATE position SET stopped = $4, stopped_because = $5, stopped_type = $6, stopped_version = $7, resume_after = $8,
    stopped_at = now()
WHERE consumer = $1 AND source = $2 AND lane = $3 AND stopped IS NULL
"""

LIFTED = """
stopped = NULL, stopped_because = NULL, stopped_type = NULL, stopped_version = NULL, resume_after = NULL,
stopped_at = NULL
"""

LIFT_KNOWN = f"""
UPDATE position AS p SET {LIFTED} FROM unnest($2::text[], $3::int[]) AS known (type, version)
WHERE p.consumer = $1 AND p.stopped = 'newer_schema' AND p.stopped_type = known.type
    AND p.stopped_version <= known.version
RETURNING p.source, p.lane
"""


LOCKED = """
SELECT source, lane, epoch, seq, stopped, stopped_because, stopped_at, stopped_type, stopped_version, resume_after
FROM position WHERE consumer = $1 AND source = $2 AND lane = $3 FOR UPDATE
"""

ALL = """
SELECT source, lane, epoch, seq, stopped, stopped_because, stopped_at, stopped_type, stopped_version, resume_after
FROM position WHERE consumer = $1 ORDER BY stopped IS NULL, source, lane
"""

RESUME = f"""
WITH begun AS (
    UPDATE reaction SET since = least(since, $4)
    WHERE consumer = $1 AND split_part(type, '.', 1) = $2 AND lane = $3
)
UPDATE position SET {LIFTED}, seq = $4, event_id = CASE WHEN $5 THEN NULL ELSE event_id END
WHERE consumer = $1 AND source = $2 AND lane = $3
"""


class Stop(msgspec.Struct, frozen=True):
    """Why a lane stops: the kind for programs, the reason for people.

    `newer_schema` has the type and the version that were not known. `resume_after` is the seq after which the source's
    lane goes on where it is not the position's own, as after lost commits.
    """

    kind: Kind
    because: str
    type: str | None = None
    version: int | None = None
    resume_after: int | None = None

    @classmethod
    def newer(cls, error: NewerSchema) -> "Stop":
        """The stop of an event that only a newer release can read."""
        return cls("newer_schema", str(error), error.type_name, error.version)


async def stop(source: Source, consumer: str, lane: tuple[str, int], why: Stop) -> None:
    """Stop a lane and say so in the log; one that is stopped already keeps its first reason."""
    given = (why.kind, why.because, why.type, why.version, why.resume_after)
    if await source.execute(STOP, consumer, *lane, *given) == "UPDATE 1":
        log.error("lane stopped", consumer=consumer, source=lane[0], lane=lane[1], kind=why.kind, reason=why.because)


async def lift_known(source: Source, consumer: str, known: Mapping[str, int]) -> None:
    """Let the lanes go on that were stopped at a type which is known now, in that version or a newer one."""
    for row in await source.fetch(LIFT_KNOWN, consumer, list(known), list(known.values())):
        log.warning("lane goes on, its type is known now", consumer=consumer, source=row["source"], lane=row["lane"])


class HeardLane(msgspec.Struct, frozen=True, kw_only=True):
    """A lane as its position row has it: how far it is applied, and why it stopped there if it did."""

    source: str
    lane: int
    epoch: int
    seq: int
    stopped: Kind | None
    stopped_because: str | None
    stopped_at: datetime | None
    stopped_type: str | None
    stopped_version: int | None
    resume_after: int | None

    @property
    def forks(self) -> bool:
        """Whether the source's history is another one than was applied here, so that its ids are taken anew."""
        return self.stopped in ("diverged", "lost_commits")

    def resumed_at(self, after: int | None, known: Mapping[str, int]) -> int:
        """The seq after which the lane goes on, `after` where the operator chose it.

        Refused when it is not stopped, when its type is not among the `known`, and for a choice that skips events or
        that there is none of.
        """
        if self.stopped is None:
            raise Refused("lane-not-stopped", "The lane is not stopped.")
        if self.stopped == "newer_schema" and known.get(self.stopped_type or "", 0) < (self.stopped_version or 0):
            raise Refused("newer-release-needed", f"This release cannot read {self.stopped_type}: upgrade it.")
        if after is not None and not self.forks:
            raise Refused("nothing-to-choose", "Only a lane whose source lost commits goes on from another place.")
        if after is not None and after > self.seq:
            raise Refused("events-skipped", f"The lane stands at {self.seq}: to go on later would skip events.")
        if after is not None:
            return after
        return self.seq if self.resume_after is None else min(self.seq, self.resume_after)


async def lanes(source: Source, consumer: str) -> list[HeardLane]:
    """Every lane that a consumer hears, stopped ones first."""
    return [HeardLane(**row) for row in await source.fetch(ALL, consumer)]
