"""Jobs: what happens to one, and how workers carry it out whoever is killed, in the way, or changes their mind."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from libs.events import Event
from libs.events.background.job import Cancel, Complete, Completed, Ending, Fail
from libs.events.background.job_kind import Hopeless, Moved, Step
from libs.events.background.job_view import job_list
from libs.events.background.jobs import Jobs
from libs.events.background.operations import EVENTS
from libs.events.database.connections import connect, fetch
from libs.events.inbox import parking
from libs.events.inbox.chore import Chore
from libs.events.inbox.parking import Failure, park_chore
from libs.events.log.intent import Intent
from libs.events.log.store import Conflict, NewerLog, Store
from libs.events.metrics import JOB_DEFECTS
from tests.libs import parcel
from tests.libs.conftest import Post, rewrite
from tests.libs.counted import moves
from tests.libs.parcel import ParcelWeighed, parcel_list
from tests.libs.weighing import (
    Weighing,
    WeighingCancelled,
    WeighingCompleted,
    WeighingFailed,
    WeighingRequested,
    weighing_view,
    weighings,
)
from tests.spec import Given

REQUEST = WeighingRequested(id="w")
requested = Given(weighings).given(REQUEST)


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (Complete(WeighingCompleted(id="w")), WeighingCompleted(id="w")),
        (Fail("why"), WeighingFailed(id="w", reason="why")),
        (Cancel(), WeighingCancelled(id="w")),
    ],
)
def test_a_job_ends_once(command: Ending, event: Event) -> None:
    assert (Given(weighings).when(REQUEST), requested.status) == ([REQUEST], "requested")
    assert requested.when(command) == [event]
    ended = requested.given(event)
    assert ended.status == event.type_name.removeprefix("post.Weighing").lower()
    for late in (Complete(WeighingCompleted(id="w")), Fail("late")):
        assert ended.when(late) == []


def test_what_has_ended_cannot_be_cancelled_but_cancelling_twice_does_no_harm() -> None:
    for event in (WeighingCompleted(id="w"), WeighingFailed(id="w", reason="why")):
        with requested.given(event).refuses("job-ended") as ended:
            ended.when(Cancel())
    assert requested.given(WeighingCancelled(id="w")).when(Cancel()) == []
    with Given(weighings).refuses("no-such-job") as nothing:
        nothing.when(Cancel())


def weigher(pool: Any) -> Store:
    """A post office that weighs."""
    types = parcel.parcel.events | weighings.events | EVENTS
    return Store(pool, "post", types, [parcel_list, weighing_view])


@pytest.fixture
def store(post: Post) -> Store:
    return weigher(post.store.pool)


async def ask(store: Store, id: str = "w", parcels: int = 0) -> None:
    """Somebody wants all parcels weighed, of which there are so many more."""
    for number in range(parcels):
        await store.run(parcel.parcel.on(f"{id}{number}", parcel.Move()), Intent())
    await store.run(weighings.create(id, WeighingRequested(id=id)), Intent(actor="anna"))


async def shown(store: Store, id: str = "w") -> tuple[str, int, int | None]:
    """A job's status, and how far it is."""
    (row,) = await fetch(store.pool, job_list(weighing_view).where(weighing_view.table.c.id == id))
    return row["status"], row["done"], row["total"]


async def weighed(store: Store) -> list[str]:
    """The parcels that were weighed, once for each time."""
    rows = await store.pool.fetch("SELECT stream FROM event WHERE type = 'post.ParcelWeighed' ORDER BY position")
    return [row["stream"].removeprefix("parcel-") for row in rows]


async def carried_out(worker: Jobs) -> None:
    """There is nothing left to do."""
    while await worker.step():
        pass


async def has_worked(worker: Jobs) -> None:
    """One step was taken; who wants to begin what another begins at that moment looks again."""
    while not await worker.step():
        pass


@asynccontextmanager
async def running(worker: Jobs) -> AsyncIterator[None]:
    """The worker works by itself."""
    task = asyncio.create_task(worker.run())
    async with asyncio.timeout(120):
        yield
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


async def until(store: Store, status: str, id: str = "w") -> None:
    while (await shown(store, id))[0] != status:  # noqa: ASYNC110  # it is the database that says so
        await asyncio.sleep(0.02)


async def test_a_job_goes_on_step_by_step_and_says_how_far_it_is(store: Store) -> None:
    await ask(store, parcels=3)
    worker = Jobs(store, Weighing())
    assert await shown(store) == ("requested", 0, None)
    assert await worker.step()
    assert (await shown(store), await weighed(store)) == (("running", 2, 3), ["w0", "w1"])
    await carried_out(worker)
    assert (await shown(store), await weighed(store)) == (("completed", 3, 3), ["w0", "w1", "w2"])
    requested, completed = await store.read("weighing-w")
    (weighing,) = [r for r in await store.read("parcel-w0") if isinstance(r.event, ParcelWeighed)]
    assert (weighing.occurred_at, weighing.actor, weighing.causation_id) == (requested.recorded_at, "service:post", "w")
    assert (completed.event, completed.actor) == (WeighingCompleted(id="w"), "service:post")
    assert not await worker.step()


async def test_the_oldest_is_taken_first_and_one_after_the_other(store: Store) -> None:
    await ask(store, "a", parcels=3)
    await ask(store, "b")
    worker = Jobs(store, Weighing())
    await worker.step()
    assert [(await shown(store, id))[0] for id in "ab"] == ["running", "requested"]
    await carried_out(worker)
    assert [(await shown(store, id))[0] for id in "ab"] == ["completed", "completed"]


async def test_two_workers_are_never_at_one_job_and_may_be_at_two(store: Store) -> None:
    await ask(store, "a", parcels=1)
    worked = await asyncio.gather(*(Jobs(store, Weighing()).step() for _ in range(3)))
    assert (sum(worked), await weighed(store)) == (1, ["a0"])
    await ask(store, "b")
    await ask(store, "c")
    at_work: list[str] = []
    both = asyncio.Event()

    class Meeting(Weighing):
        async def step(self, step: Step[WeighingRequested, str]) -> Moved[str]:
            at_work.append(step.request.id)
            if len(at_work) == 2:
                both.set()
            await both.wait()
            return Moved(done=0, reached="", is_last=True)

    async with asyncio.timeout(120):
        await asyncio.gather(*(has_worked(Jobs(store, Meeting())) for _ in range(2)))
    assert sorted(at_work) == ["b", "c"]


class Hanging(Weighing):
    """Does its second step, and never commits it."""

    async def step(self, step: Step[WeighingRequested, str]) -> Moved[str]:
        moved = await super().step(step)
        if step.reached is not None:
            await step.connection.execute("SELECT pg_notify('middle', '')")
            await asyncio.Event().wait()
        return moved


def hang(url: str) -> None:
    """A process that hangs in the middle."""

    async def main() -> None:
        await Jobs(weigher(await connect(url, 2)), Hanging()).run()

    asyncio.run(main())


async def test_a_process_that_is_killed_half_way_loses_and_doubles_nothing(post: Post, store: Store) -> None:
    await ask(store, parcels=5)
    process = multiprocessing.get_context("spawn").Process(target=hang, args=(post.database.url,), daemon=True)
    process.start()
    async with asyncio.timeout(120):
        while not await store.pool.fetchval(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%middle%' "
            "AND datname = current_database())"
        ):
            assert process.is_alive() or process.exitcode is None
        assert not await Jobs(store, Weighing()).step()
        process.kill()
        await asyncio.to_thread(process.join)
        assert (await shown(store), await weighed(store)) == (("running", 2, 5), ["w0", "w1"])
        async with running(Jobs(store, Weighing())):
            await until(store, "completed")
    assert (await shown(store), await weighed(store)) == (("completed", 5, 5), ["w0", "w1", "w2", "w3", "w4"])


async def test_what_was_done_when_it_is_cancelled_stays_and_the_rest_is_not_done(store: Store) -> None:
    await ask(store, parcels=3)
    worker = Jobs(store, Reading())
    await worker.step()
    assert await store.pool.fetchval("SELECT count(*) FROM job_part") == 1
    await store.run(weighings.on("w", Cancel()), Intent())
    await carried_out(worker)
    assert (await shown(store), await weighed(store)) == (("cancelled", 2, 3), ["w0", "w1"])
    assert await store.pool.fetchval("SELECT count(*) FROM job_part") == 0


async def test_a_completion_that_races_with_a_cancellation_says_nothing(store: Store) -> None:
    class Overtaken(Weighing):
        async def complete(self, step: Step[WeighingRequested, str], parts: Sequence[bytes]) -> Completed:
            await store.run(weighings.on("w", Cancel()), Intent())
            return await super().complete(step, parts)

    await ask(store, parcels=1)
    await carried_out(Jobs(store, Overtaken()))
    assert [type(recorded.event) for recorded in await store.read("weighing-w")] == [
        WeighingRequested,
        WeighingCancelled,
    ]


class Reading(Weighing):
    """Each step has a share of the result."""

    seen: Sequence[bytes] = ()

    async def step(self, step: Step[WeighingRequested, str]) -> Moved[str]:
        moved = await super().step(step)
        return Moved(done=moved.done, reached=moved.reached, is_last=moved.is_last, part=moved.reached.encode())

    async def complete(self, step: Step[WeighingRequested, str], parts: Sequence[bytes]) -> Completed:
        self.seen = parts
        return await super().complete(step, parts)


async def test_the_parts_of_a_result_are_kept_in_order_until_it_ends(store: Store) -> None:
    await ask(store, parcels=5)
    kind = Reading()
    await carried_out(Jobs(store, kind))
    assert list(kind.seen) == [b"parcel-w1", b"parcel-w3", b"parcel-w4"]
    assert await store.pool.fetchval("SELECT count(*) FROM job_part") == 0


class Poisoned(Weighing):
    """One parcel cannot be weighed, whatever is tried."""

    def __init__(self, raises: Callable[[], Exception]) -> None:
        self.raises = raises

    async def step(self, step: Step[WeighingRequested, str]) -> Moved[str]:
        moved = await super().step(step)
        if (step.reached or "") < "parcel-w1" <= moved.reached:
            raise self.raises()
        return moved


async def test_an_item_that_cannot_be_done_ends_its_job_and_neither_worker_nor_others(store: Store) -> None:
    await ask(store, parcels=3)
    with moves(JOB_DEFECTS, by=1):
        async with running(Jobs(store, Poisoned(lambda: KeyError("poison")))):
            await until(store, "failed")
    assert (await shown(store), await weighed(store)) == (("failed", 1, 3), ["w0"])
    assert (await store.read("weighing-w"))[-1].event.reason == "a defect: KeyError"


async def test_what_cannot_be_done_at_all_fails_at_once_and_says_why(store: Store) -> None:
    await ask(store, parcels=3)
    async with running(Jobs(store, Poisoned(lambda: Hopeless("no scales")))):
        await until(store, "failed")
    assert (await store.read("weighing-w"))[-1].event.reason == "no scales"
    assert await weighed(store) == []


async def test_a_kind_may_park_what_it_cannot_do_and_pass_over_it(store: Store) -> None:
    class Parking(Poisoned):
        async def pass_over(self, step: Step[WeighingRequested, str], error: Exception) -> Moved[str]:
            chore = Chore(self.name, "parcel-w1", {})
            await park_chore(step.connection, step.store.name, chore, Failure.of(error))
            return Moved(done=1, reached="parcel-w1", is_last=False)

    await ask(store, parcels=4)
    async with running(Jobs(store, Parking(lambda: KeyError("poison")))):
        await until(store, "completed")
    assert (await shown(store), await weighed(store)) == (("completed", 4, 4), ["w0", "w2", "w3"])
    assert [parked.consumer for parked in await parking.listed(store.pool)] == ["weighing:post"]


async def test_who_was_only_in_the_way_is_tried_again(store: Store) -> None:
    errors = iter([Conflict("others"), ConnectionError("away"), NewerLog("newer")])

    class Disturbed(Weighing):
        async def step(self, step: Step[WeighingRequested, str]) -> Moved[str]:
            if (error := next(errors, None)) is not None:
                raise error
            return await super().step(step)

    await ask(store, parcels=3)
    async with running(Jobs(store, Disturbed())):
        await until(store, "completed")
    assert await weighed(store) == ["w0", "w1", "w2"]


async def test_a_job_whose_history_cannot_be_read_does_not_end_the_process(post: Post, store: Store) -> None:
    await ask(store)
    await rewrite(post.database, "data = '{}'", "weighing-w")
    async with running(Jobs(store, Weighing())):
        while (await shown(store))[0] != "running":  # noqa: ASYNC110  # it is the database that says so
            await asyncio.sleep(0.02)
