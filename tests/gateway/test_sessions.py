"""Sessions: they end when they should, are renewed once, and leave nothing that could be used."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from deploy.devstack.databases import Database
from libs.chassis.identity.oidc import IssuerUnreachable
from libs.events.database.connections import Pool, connect
from services.gateway.seal import Seal
from services.gateway.sessions.domain import Grant, Limits
from services.gateway.sessions.store import GrantRefused, Sessions, hashed

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIMITS = Limits(idle=timedelta(hours=8), absolute=timedelta(hours=24))
SECRET = "the secret that these tests seal tokens with"


def minutes(number: float) -> datetime:
    """So long after NOW."""
    return NOW + timedelta(minutes=number)


def grant(number: int = 1, at: datetime = NOW, life: float = 15) -> Grant:
    return Grant(f"access-{number}", f"refresh-{number}", "id", at, at + timedelta(minutes=life), "zh-CN")


class Desk:
    """What an issuer does with refresh tokens: each is taken once, and the next one given."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.is_open, self.is_reachable, self.pause = True, True, 0.0
        self.asking = asyncio.Event()

    async def renew(self, given: Grant, at: datetime) -> Grant:
        if not self.is_reachable:
            raise IssuerUnreachable("no answer")
        self.asking.set()
        await asyncio.sleep(self.pause)
        if not self.is_open or given.refresh_token in self.asked:
            raise GrantRefused("invalid_grant")
        self.asked.append(given.refresh_token)
        return grant(len(self.asked) + 1, at)


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    pool = await connect(database.url, 4)
    yield pool
    await pool.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def sessions(pool: Pool, desk: Desk) -> Sessions:
    return of(pool, desk)


def of(pool: Pool, desk: Desk, secret: str = SECRET) -> Sessions:
    """As one process has them."""
    return Sessions(pool, Seal([secret], "sessions"), LIMITS, desk.renew)


async def test_a_session_is_found_by_its_id_with_its_tokens(sessions: Sessions, pool: Pool, desk: Desk) -> None:
    id = await sessions.begin("anna", "sid-1", grant(), NOW)
    found = await of(pool, desk).find(id, minutes(1))
    assert found is not None
    assert (found.subject, found.grant) == ("anna", grant())


async def test_the_database_has_neither_the_id_nor_a_token(sessions: Sessions, pool: Pool) -> None:
    id = await sessions.begin("anna", "sid-1", grant(), NOW)
    row = str(dict(await pool.fetchrow("SELECT * FROM session") or {}))
    assert id not in row
    assert "access-1" not in row
    assert "refresh-1" not in row


@pytest.mark.parametrize("id", [None, "", "x", "a" * 43, "a" * 10_000, "\u5de5\udc80"])
async def test_an_id_that_nobody_gave_finds_nothing(sessions: Sessions, id: str | None) -> None:
    await sessions.begin("anna", None, grant(), NOW)
    assert await sessions.find(id, NOW) is None


async def test_nobody_is_signed_in_by_what_the_table_has(sessions: Sessions) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    assert await sessions.find(hashed(id).hex(), NOW) is None


async def test_a_session_that_nobody_uses_ends(sessions: Sessions) -> None:
    id = await sessions.begin("anna", None, grant(life=3000), NOW)
    assert await sessions.find(id, minutes(8 * 60 - 1)) is not None
    assert await sessions.find(id, minutes(16 * 60 - 2)) is not None
    assert await sessions.find(id, minutes(24 * 60 - 1)) is None


async def test_a_session_ends_however_it_is_used(sessions: Sessions) -> None:
    id = await sessions.begin("anna", None, grant(life=3000), NOW)
    for hour in range(24):
        assert await sessions.find(id, minutes(60 * hour)) is not None, hour
    assert await sessions.find(id, minutes(60 * 24)) is None


async def test_a_person_is_shown_where_they_are_signed_in_and_nobody_else(sessions: Sessions) -> None:
    first = await sessions.begin("anna", None, grant(), NOW)
    second = await sessions.begin("anna", None, grant(), minutes(5))
    await sessions.begin("bert", None, grant(), NOW)
    shown = await sessions.of_person("anna", minutes(6))
    assert [one.id_hash for one in shown] == [hashed(second), hashed(first)]
    assert (shown[1].began_at, shown[1].ends_at) == (NOW, minutes(24 * 60))
    assert [one.id_hash for one in await sessions.of_person("anna", minutes(8 * 60 + 1))] == [hashed(second)]


async def test_use_is_noted_once_a_minute(sessions: Sessions, pool: Pool) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    for second in range(0, 60, 5):
        await sessions.find(id, NOW + timedelta(seconds=second))
    assert await pool.fetchval("SELECT used_at FROM session") == NOW
    await sessions.find(id, minutes(1))
    assert await pool.fetchval("SELECT used_at FROM session") == minutes(1)


async def test_tokens_are_renewed_before_they_end(sessions: Sessions, desk: Desk) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    before, after = await sessions.find(id, minutes(11)), await sessions.find(id, minutes(12))
    assert before
    assert after
    assert (before.grant.access_token, after.grant.access_token) == ("access-1", "access-2")
    assert desk.asked == ["refresh-1"]


async def test_many_at_once_renew_once(sessions: Sessions, pool: Pool, desk: Desk) -> None:
    """Here and in another process: a refresh token that came twice would end the session at the issuer."""
    id = await sessions.begin("anna", None, grant(), NOW)
    desk.pause = 0.1
    processes = [sessions, of(pool, desk)]
    found = await asyncio.gather(*(process.find(id, minutes(13)) for process in processes * 20))
    assert {each.grant.access_token for each in found if each} == {"access-2"}
    assert None not in found
    assert desk.asked == ["refresh-1"]


async def test_who_leaves_while_tokens_are_renewed_loses_none(sessions: Sessions, desk: Desk) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    desk.pause = 0.2
    leaving = asyncio.create_task(sessions.find(id, minutes(13)))
    await desk.asking.wait()
    leaving.cancel()
    found = await sessions.find(id, minutes(13))
    assert found
    assert (found.grant.access_token, desk.asked) == ("access-2", ["refresh-1"])


async def test_a_refused_renewal_ends_the_session(sessions: Sessions, pool: Pool, desk: Desk) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    desk.is_open = False
    assert await sessions.find(id, minutes(13)) is None
    assert await pool.fetchval("SELECT count(*) FROM session") == 0


async def test_with_the_issuer_away_a_token_serves_to_its_end_and_the_session_stays(
    sessions: Sessions, pool: Pool, desk: Desk
) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    desk.is_reachable = False
    still = await sessions.find(id, minutes(14))
    assert still
    assert still.grant.access_token == "access-1"
    with pytest.raises(IssuerUnreachable):
        await sessions.find(id, minutes(15))
    assert await pool.fetchval("SELECT count(*) FROM session") == 1
    desk.is_reachable = True
    again = await sessions.find(id, minutes(16))
    assert again
    assert again.grant.access_token == "access-2"


async def test_a_sign_out_holds_here_at_once_and_elsewhere_in_two_seconds(
    sessions: Sessions, pool: Pool, desk: Desk
) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    other = of(pool, desk)
    assert await other.find(id, NOW)
    session = await sessions.find(id, NOW)
    assert session
    await sessions.end(session)
    assert await sessions.find(id, NOW) is None
    assert await other.find(id, NOW + timedelta(seconds=2)) is None


async def test_a_sign_out_everywhere_is_of_one_person(sessions: Sessions) -> None:
    mine = [await sessions.begin("anna", None, grant(), NOW) for _ in range(3)]
    other = await sessions.begin("bert", None, grant(), NOW)
    for id in (*mine, other):
        assert await sessions.find(id, NOW)
    await sessions.end_all("anna")
    assert [await sessions.find(id, NOW) for id in mine] == [None] * 3
    assert await sessions.find(other, NOW)


async def test_a_key_that_is_gone_ends_what_it_sealed(sessions: Sessions, pool: Pool, desk: Desk) -> None:
    id = await sessions.begin("anna", None, grant(), NOW)
    assert await of(pool, desk, "another secret of at least 32 characters").find(id, NOW) is None


async def test_what_has_ended_is_swept_and_nothing_else(sessions: Sessions, pool: Pool) -> None:
    await sessions.begin("idle", None, grant(), NOW)
    await sessions.begin("over", None, grant(), minutes(-24 * 60))
    await sessions.begin("used", None, grant(), minutes(60))
    await sessions.sweep(minutes(8 * 60))
    assert [row["subject"] for row in await pool.fetch("SELECT subject FROM session")] == ["used"]


async def test_a_thousand_people_are_each_themselves(sessions: Sessions) -> None:
    ids = [await sessions.begin(f"person-{number}", None, grant(number), NOW) for number in range(1000)]
    found = await asyncio.gather(*(sessions.find(id, NOW) for id in ids))
    assert [each.subject if each else None for each in found] == [f"person-{number}" for number in range(1000)]
    assert [each.grant.access_token if each else None for each in found] == [f"access-{n}" for n in range(1000)]
