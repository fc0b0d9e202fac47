"""Actors: events carry a pseudonym, the same in every service; name and subject stand in one table beside the log."""

import hashlib
import hmac
from uuid import UUID

import asyncpg
import pytest

from libs.chassis.identity.pseudonyms import Pseudonyms
from libs.chassis.running.settings import MissingSetting, Settings
from libs.events.database.connections import Pool
from libs.events.log.actors import Actor, Actors
from tests.chassis.conftest import As, Caller, LiveIssuer


async def actors(pool: Pool) -> list[asyncpg.Record]:
    return await pool.fetch("SELECT id, issuer, subject, name, xmin::text FROM actor ORDER BY subject")


def named(issuer: LiveIssuer, caller: Caller, subject: str, name: str | None) -> Caller:
    token = issuer.signer.token(subject, ["agent"], 600, name)
    return Caller(caller.http, {"Authorization": f"Bearer {token}"})


def test_a_pseudonym_is_the_same_everywhere_and_another_under_another_key() -> None:
    one, same, other = Pseudonyms(b"k" * 16), Pseudonyms(b"k" * 16), Pseudonyms(b"l" * 16)
    id = one.actor_id("https://issuer", "anna")
    assert id == same.actor_id("https://issuer", "anna")
    assert len({id, other.actor_id("https://issuer", "anna"), one.actor_id("https://issuer/", "anna")}) == 3
    mac = hmac.new(b"k" * 16, b"https://issuer\nanna", hashlib.sha256).hexdigest()
    plain = id.replace("-", "")
    assert (plain[:12], plain[13:16], plain[17:]) == (mac[:12], mac[13:16], mac[17:32])
    assert (UUID(id).version, UUID(id).variant) == (8, "specified in RFC 4122")


def test_a_short_key_is_none() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Pseudonyms(b"short")


async def test_a_command_writes_who_gave_it_once(anna: Caller, pool: Pool, issuer: LiveIssuer) -> None:
    await anna.opened()
    (first,) = await actors(pool)
    assert (first["id"], first["issuer"]) == (issuer.actor_id("anna"), issuer.url)
    assert (first["subject"], first["name"]) == ("anna", None)
    await anna.opened()
    assert await actors(pool) == [first]
    assert {row["actor"] for row in await pool.fetch("SELECT actor FROM event")} == {first["id"]}


async def test_a_new_name_takes_the_place_of_the_old_one(anna: Caller, pool: Pool, issuer: LiveIssuer) -> None:
    for name in ("李娜", "李娜", "王娜"):
        await named(issuer, anna, "li", name).opened()
        assert [row["name"] for row in await actors(pool)] == [name]


async def test_a_command_that_was_refused_leaves_the_row_to_the_next(anna: Caller, pool: Pool, caller: As) -> None:
    id = await anna.opened()
    bert = caller("agent", subject="bert")
    refused = await bert.post(f"/v1/jobs/{id}/count", {"by": 1}, headers={"If-Match": '"7"'})
    assert refused.status_code == 412
    assert [row["subject"] for row in await actors(pool)] == ["anna"]
    assert (await bert.post(f"/v1/jobs/{id}/count", {"by": 1})).status_code == 200
    assert [row["subject"] for row in await actors(pool)] == ["anna", "bert"]


async def test_no_subject_and_no_name_stands_in_the_log(anna: Caller, pool: Pool, issuer: LiveIssuer) -> None:
    await named(issuer, anna, "li.na@example.com", "李娜").opened()
    for table in ("event", "idempotency", "outbox", "published"):
        rows = "".join(row["row"] for row in await pool.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} AS t"))
        assert "li.na" not in rows
        assert "李娜" not in rows


def test_memory_of_actors_is_bounded(issuer: LiveIssuer) -> None:
    actors = Actors(most=2)
    several = [Actor(str(n), "i", str(n)) for n in range(3)]
    for one in several:
        actors.written(one)
    assert [bool(actors.rows(one)) for one in several] == [True, False, False]


SETTINGS = {"OIDC_ISSUER": "https://issuer", "TRIAGE_DATABASE_URL": "postgresql://x"}


@pytest.mark.parametrize("key", [{}, {"ACTOR_KEY": "short"}, {"ACTOR_KEY_FILE": "/nowhere"}])
def test_no_service_starts_without_a_key(key: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (SETTINGS | key).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(MissingSetting, match="ACTOR_KEY"):
        Settings.load("triage")
