"""Questions asked together: one round for all who ask meanwhile, each with its own answer."""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from libs.events.log.batcher import MOST, Batcher, Unanswered
from libs.events.log.store import Store


class Oracle:
    """Doubles numbers when it is let, and remembers what it was asked at a time."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.rounds: list[list[int]] = []

    async def answer(self, numbers: Sequence[int]) -> list[int]:
        self.rounds.append(list(numbers))
        await self.let.wait()
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


async def asked(together: Batcher[int, int], *numbers: int) -> "asyncio.Future[list[int | BaseException]]":
    asking = asyncio.gather(*map(together.ask, numbers), return_exceptions=True)
    for _ in range(3):
        await asyncio.sleep(0)
    return asking


async def test_who_asks_meanwhile_is_answered_by_the_next_round_in_order() -> None:
    oracle = Oracle()
    together = Batcher(oracle.answer)
    first = await asked(together, 1, 2)
    second = await asked(together, 3, 4, 5)
    assert oracle.rounds == [[1, 2]]
    oracle.let.set()
    assert (await first, await second) == ([2, 4], [6, 8, 10])
    assert oracle.rounds == [[1, 2], [3, 4, 5]]


async def test_a_round_that_fails_is_told_to_those_who_asked_in_it_and_the_next_goes_on() -> None:
    oracle = Oracle()
    together = Batcher(oracle.answer)
    first = await asked(together, 13, 1)
    second = await asked(together, 2)
    oracle.let.set()
    assert [type(answer) for answer in await first] == [ValueError, ValueError]
    assert await second == [4]


async def test_too_few_answers_are_nobodys() -> None:
    async def answer(numbers: Sequence[int]) -> list[int]:
        return [2 * number for number in numbers][1:]

    first = await asked(Batcher(answer), 1, 2, 3)
    async with asyncio.timeout(40):
        assert [type(answer) for answer in await first] == [ValueError] * 3


async def test_who_waits_when_the_asking_is_stopped_is_told_so() -> None:
    oracle = Oracle()
    together = Batcher(oracle.answer)
    first = await asked(together, 1)
    second = await asked(together, 2)
    assert together._asking is not None
    together._asking.cancel()
    async with asyncio.timeout(40):
        assert [type(answer) for answer in (*await first, *await second)] == [Unanswered] * 2
    oracle.let.set()
    assert await together.ask(3) == 6


async def test_one_who_gives_up_takes_nobody_along() -> None:
    oracle = Oracle()
    together = Batcher(oracle.answer)
    impatient = asyncio.create_task(together.ask(1))
    patient = await asked(together, 2)
    impatient.cancel()
    oracle.let.set()
    assert await patient == [4]


async def test_a_round_has_an_end() -> None:
    oracle = Oracle()
    oracle.let.set()
    numbers = range(20, 20 + 2 * MOST)
    assert await asyncio.gather(*map(Batcher(oracle.answer).ask, numbers)) == [2 * number for number in numbers]
    assert max(map(len, oracle.rounds)) == MOST


async def test_a_store_answers_each_from_one_statement(store: Store) -> None:
    given = (
        sa.func.jsonb_to_recordset(sa.bindparam("asked", type_=JSONB))
        .table_valued(sa.column("place", sa.Integer), sa.column("word", sa.Text), name="given")
        .render_derived(with_types=True)
    )
    query = sa.select(sa.func.upper(given.c.word).label("loud")).select_from(given).order_by(given.c.place)
    rows = await asyncio.gather(*(store.batched(query, {"word": word}) for word in ("a", None, "售后c")))
    assert [row["loud"] for row in rows] == ["A", None, "售后C"]
