"""A kind of jobs as small as one can be: all parcels are weighed, in the order of their ids."""

from libs.events import event
from libs.events.background.job import Cancelled, Completed, Failed, Requested, as_asked, job_decider
from libs.events.background.job_kind import Kind, Moved, Step
from libs.events.background.job_view import NEWEST_FIRST, JobRow, job_view
from libs.events.table import table
from tests.libs.parcel import Weigh, metadata, parcel


@event("post.WeighingRequested")
class WeighingRequested(Requested, frozen=True, kw_only=True):
    """All parcels weigh so much."""

    grams: int = 7


@event("post.WeighingCompleted")
class WeighingCompleted(Completed, frozen=True, kw_only=True):
    """All were weighed."""


@event("post.WeighingFailed")
class WeighingFailed(Failed, frozen=True, kw_only=True):
    """They cannot be weighed."""


@event("post.WeighingCancelled")
class WeighingCancelled(Cancelled, frozen=True, kw_only=True):
    """The others are not weighed."""


weighings = job_decider("weighing", WeighingRequested, WeighingCompleted, WeighingFailed, WeighingCancelled, as_asked)
weighing_view = job_view(weighings, table("weighing", JobRow, metadata, NEWEST_FIRST), JobRow)


class Weighing(Kind[WeighingRequested, str]):
    """Two parcels a step; where it came to is a parcel's stream."""

    decider, view, most, place = weighings, weighing_view, 2, str

    async def count(self, step: Step[WeighingRequested, str]) -> int:
        """All parcels."""
        return int(await step.connection.fetchval("SELECT count(*) FROM parcel"))

    async def step(self, step: Step[WeighingRequested, str]) -> Moved[str]:
        """Weigh the next ones."""
        after = step.reached or ""
        rows = await step.connection.fetch("SELECT id FROM parcel WHERE id > $1 ORDER BY id LIMIT $2", after, step.most)
        streams = [row["id"] for row in rows]
        unit = await step.store.unit(streams, step.connection)
        for stream in streams:
            await unit.decide(parcel.on(stream.removeprefix("parcel-"), Weigh(step.request.grams)), step.intent)
        await step.store.append(unit, step.connection)
        return Moved(done=len(streams), reached=streams[-1] if streams else after, is_last=len(streams) < step.most)
