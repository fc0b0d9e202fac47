"""The virtual clock in real databases: it stands, reaches, releases and walks on, and never goes back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from demo.clock import VirtualClock, install
from demo.databases import Databases, connected
from demo.runner import window_end
from deploy.devstack.databases import Database
from tests.conftest import NewDatabase

MONDAY = datetime(2012, 4, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def pair(new_database: NewDatabase) -> dict[str, Database]:
    """Two services' databases on the virtual clock."""
    made = {service: await new_database(service) for service in ("intake", "survey")}
    for database in made.values():
        await install(database.owner_url, MONDAY)
    return made


@pytest.fixture
async def databases(pair: dict[str, Database]) -> AsyncIterator[Databases]:
    async with connected({name: database.owner_url for name, database in pair.items()}) as connections:
        yield connections


@pytest.fixture
def clock(databases: Databases) -> VirtualClock:
    return VirtualClock(databases)


async def app_clock(database: Database) -> tuple[datetime, datetime]:
    """clock_now() and clock_release() as the service itself reads them."""
    connection = await asyncpg.connect(database.url)
    try:
        (row,) = await connection.fetch("SELECT clock_now(), clock_release()")
        return row[0], row[1]
    finally:
        await connection.close()


async def test_it_stands_where_it_was_installed_for_the_service_itself(
    pair: dict[str, Database], clock: VirtualClock
) -> None:
    for database in pair.values():
        assert await app_clock(database) == (MONDAY, MONDAY)


async def test_to_reach_an_instant_and_to_release_it_are_two_steps(
    pair: dict[str, Database], clock: VirtualClock
) -> None:
    await clock.reach(MONDAY + HOUR)
    assert await app_clock(pair["intake"]) == (MONDAY + HOUR, MONDAY)
    await clock.release(MONDAY + HOUR)
    assert await app_clock(pair["intake"]) == (MONDAY + HOUR, MONDAY + HOUR)


async def test_it_never_goes_back(clock: VirtualClock, pair: dict[str, Database]) -> None:
    await clock.reach(MONDAY + HOUR)
    await clock.release(MONDAY + HOUR)
    await clock.reach(MONDAY)
    await clock.release(MONDAY)
    assert await app_clock(pair["survey"]) == (MONDAY + HOUR, MONDAY + HOUR)


async def test_installing_again_keeps_its_time(clock: VirtualClock, pair: dict[str, Database]) -> None:
    await clock.reach(MONDAY + HOUR)
    await install(pair["intake"].owner_url, MONDAY)
    assert await clock.now() == MONDAY + HOUR


async def test_a_timer_is_overdue_only_once_its_instant_is_released(databases: Databases, clock: VirtualClock) -> None:
    await databases.rows("survey", "INSERT INTO timer VALUES ('t', 's', $1)", MONDAY + HOUR)
    await clock.reach(MONDAY + HOUR)
    assert await clock.next_due() == MONDAY + HOUR
    assert await clock.overdue() == 0
    await clock.release(MONDAY + HOUR)
    assert await clock.overdue() == 1


async def test_played_out_it_walks_on_from_where_it_stood(clock: VirtualClock, pair: dict[str, Database]) -> None:
    await clock.walk_on()
    first, _ = await app_clock(pair["intake"])
    second, released = await app_clock(pair["intake"])
    assert MONDAY < first < second < MONDAY + HOUR
    assert second == released


async def test_the_services_own_role_cannot_turn_it(pair: dict[str, Database], clock: VirtualClock) -> None:
    connection = await asyncpg.connect(pair["intake"].url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE virtual_clock SET at = now()")
    finally:
        await connection.close()


@pytest.mark.parametrize(("minutes", "end"), [(0, 0), (1, 15), (15, 15), (16, 30)])
def test_an_instant_lies_in_the_window_that_ends_at_the_next_line_of_the_grid(minutes: int, end: int) -> None:
    at = MONDAY + timedelta(minutes=minutes)
    assert window_end(at, timedelta(minutes=15)) == MONDAY + timedelta(minutes=end)
