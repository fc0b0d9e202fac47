"""A reaction that begins to hear an old type hears its past: each event once and in order, beside the consumer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from libs.events import Catalogue, Published, event
from libs.events.database.connections import connect
from libs.events.inbox.inbox import Inbox, Reactions
from libs.events.inbox.rehear import Failing, NotHeard, Rehearing
from libs.events.inbox.stop import RESUME
from libs.events.log.store import Store
from libs.events.transport import feed
from libs.events.transport.wire import Message
from tests.libs.conftest import Desk, NewKernel, Post
from tests.libs.parcel import ParcelMoved, book, enter_move, smudged, tally

MOVED = ParcelMoved.type_name
STEPS = [1, 2, 3]


@event("post.ParcelLost")
class ParcelLost(Published, frozen=True, kw_only=True):
    """What the desk has always reacted to."""


def deaf(store: Store) -> Inbox:
    """The inbox of a release that counts moves and does not react to them."""
    return inbox_of(store, {ParcelLost: enter_move})


def hearing(store: Store) -> Inbox:
    """The inbox of the release after it, which enters them."""
    return inbox_of(store, {ParcelLost: enter_move, ParcelMoved: enter_move})


def inbox_of(store: Store, reactions: Reactions) -> Inbox:
    return Inbox(store, Catalogue(ParcelMoved, ParcelLost), reactions, [tally(ParcelMoved)])


@dataclass
class Pages:
    """The post's feed, two events a page; it breaks off after so many."""

    post: Post
    left: int = 10**6
    asked: list[int] = field(default_factory=list)

    async def heads(self, service: str) -> dict[int, feed.Head]:
        return await self.post.heads(service)

    async def events(self, service: str, lane: int, after: int, epoch: int) -> list[Message]:
        if not self.left:
            raise ConnectionError("feed of post: broken off")
        self.left -= 1
        return (await self.post.events(service, lane, after, epoch))[:2]


@pytest.fixture
async def desk(new_kernel: NewKernel) -> AsyncIterator[Desk]:
    """A desk whose release does not react to moves yet."""
    database = await new_kernel()
    pool = await connect(database.url, 5)
    inbox = deaf(Store(pool, "desk", book.events))
    await inbox.open()
    yield Desk(database, inbox)
    smudged.clear()
    pool.terminate()


@pytest.fixture
async def told(desk: Desk, post: Post) -> Desk:
    """Five parcels have moved three times, and the desk counted them."""
    for id in "abcde":
        await post.move(id, 3)
    await desk.inbox.take(await post.said())
    return desk


async def upgraded(desk: Desk) -> Inbox:
    inbox = hearing(desk.inbox.store)
    await inbox.open()
    return inbox


async def rehear(inbox: Inbox, source: Post | Pages) -> int:
    rehearing = Rehearing(inbox, source, MOVED)
    await rehearing.run()
    return rehearing.heard


async def books(desk: Desk) -> list[list[int]]:
    return [await desk.book(id) for id in "abcde"]


async def test_the_past_of_a_type_is_heard_once_and_in_order(told: Desk, post: Post) -> None:
    inbox = await upgraded(told)
    assert await books(told) == [[]] * 5
    assert await rehear(inbox, post) == 15
    assert await books(told) == [STEPS] * 5
    assert await rehear(inbox, post) == 0
    assert await books(told) == [STEPS] * 5
    assert [await told.tally(id) for id in "abcde"] == [3] * 5  # views take nothing from it


async def test_keys_may_be_forgotten_between_two_runs(told: Desk, post: Post) -> None:
    inbox = await upgraded(told)
    await rehear(inbox, post)
    await told.pool.execute("DELETE FROM idempotency")
    assert await rehear(inbox, post) == 0
    await told.pool.execute("UPDATE reaction SET began_at = now() - interval '25 hours'")
    assert await rehear(inbox, post) == 0
    assert await books(told) == [STEPS] * 5


async def test_what_is_heard_meanwhile_has_one_effect(told: Desk, post: Post) -> None:
    inbox, pages = await upgraded(told), Pages(post)

    async def go_on() -> None:
        for _ in range(10):
            for id in "abcde":
                await post.move(id)
            await inbox.take(await post.said())

    *heard, _ = await asyncio.gather(rehear(inbox, pages), rehear(inbox, pages), go_on())
    assert sum(heard) == 15
    assert [sorted(steps) for steps in await books(told)] == [list(range(1, 14))] * 5
    assert await rehear(inbox, post) == 0


async def test_broken_off_and_run_again_it_goes_on(told: Desk, post: Post) -> None:
    inbox, heard = await upgraded(told), []
    for pages in (1, 2, 3):
        with pytest.raises(ConnectionError):
            await rehear(inbox, Pages(post, pages))
        heard.append(sum(map(len, await books(told))))
    assert sorted(set(heard)) == heard
    assert 0 < heard[0] < heard[-1] < 15
    assert await rehear(inbox, post) == 15 - heard[-1]
    assert await books(told) == [STEPS] * 5


async def test_killed_in_the_middle_of_a_batch_it_has_done_nothing_of_it(told: Desk, post: Post) -> None:
    inbox = await upgraded(told)
    async with told.pool.acquire() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT FROM position FOR UPDATE")
        run = asyncio.create_task(rehear(inbox, post))
        await asyncio.wait([run], timeout=0.3)
        run.cancel()
        await asyncio.wait([run])
        await transaction.rollback()
    assert await rehear(inbox, post) == 15
    assert await books(told) == [STEPS] * 5


async def test_what_an_older_release_beside_the_new_one_passed_over_is_heard_within_a_day(
    told: Desk, post: Post
) -> None:
    inbox = await upgraded(told)
    for reader in (inbox, told.inbox, inbox, told.inbox):
        await post.move("a")
        await reader.take(await post.said())
    assert await told.book("a") == [4, 6]
    assert await rehear(inbox, post) == 17
    assert sorted(await told.book("a")) == [1, 2, 3, 4, 5, 6, 7]


async def test_when_keys_may_be_gone_only_what_came_before_the_release_is_heard(told: Desk, post: Post) -> None:
    inbox = await upgraded(told)
    await post.move("a")
    await inbox.take(await post.said())
    await told.pool.execute("UPDATE reaction SET began_at = now() - interval '25 hours'")
    await told.pool.execute("DELETE FROM idempotency")
    assert await rehear(inbox, post) == 15
    assert sorted(await told.book("a")) == [1, 2, 3, 4]


async def test_what_a_lane_that_was_set_back_tells_anew_is_not_heard_again(told: Desk, post: Post) -> None:
    inbox, pool = await upgraded(told), told.inbox.store.pool
    for source, lane in await inbox.positions():
        await pool.execute(RESUME, "desk", source, lane, 0, True)
    await inbox.take(await post.said())
    assert await books(told) == [STEPS] * 5
    await pool.execute("DELETE FROM idempotency")
    await pool.execute("UPDATE reaction SET began_at = now() - interval '25 hours'")
    assert await rehear(inbox, post) == 0
    assert await books(told) == [STEPS] * 5


async def test_an_event_that_fails_is_named_and_the_rest_follows_when_it_is_mended(desk: Desk, post: Post) -> None:
    await post.move("a", 2)
    (bad,) = await post.move("a", note="smudge")
    await post.move("a")
    await desk.inbox.take(await post.said())
    inbox = await upgraded(desk)
    smudged.add("smudge")
    with pytest.raises(Failing, match=bad.id):
        await rehear(inbox, post)
    assert await desk.book("a") == [1, 2]
    smudged.clear()
    assert await rehear(inbox, post) == 2
    assert await desk.book("a") == [1, 2, 3, 4]


async def test_what_is_parked_is_left_to_the_operator(told: Desk, post: Post) -> None:
    inbox = await upgraded(told)
    smudged.add("smudge")
    await post.move("a", note="smudge")
    await inbox.take(await post.said("a"))
    smudged.clear()
    assert await rehear(inbox, post) == 15
    assert await told.book("a") == STEPS
    assert await Desk(told.database, inbox).retry(await told.pool.fetchval("SELECT id FROM parked")) == 1
    assert await rehear(inbox, post) == 0
    assert await told.book("a") == [*STEPS, 4]


async def test_what_the_first_release_hears_has_no_past(post: Post, new_kernel: NewKernel) -> None:
    """Nor what a release heard that noted nothing of it: everything of a database of before is taken as heard."""
    pool = await connect((await new_kernel()).url, 5)
    inbox = hearing(Store(pool, "desk", book.events))
    await inbox.open()
    await post.move("a", 3)
    await inbox.take(await post.said())
    await pool.execute("DELETE FROM reaction")
    await pool.execute("DELETE FROM idempotency")
    await inbox.open()
    assert await rehear(inbox, post) == 0
    pool.terminate()


async def test_nobody_hears_again_what_nobody_has_begun_to_hear(told: Desk, post: Post) -> None:
    with pytest.raises(NotHeard, match="nothing here reacts to post"):
        await rehear(told.inbox, post)
    with pytest.raises(NotHeard, match="no worker of this release has begun to hear"):
        await rehear(hearing(told.inbox.store), post)
