"""Errors as text: enough to find the defect, and never a value that the database quotes."""

from collections.abc import AsyncIterator

import asyncpg
import pydantic
import pytest

from libs.events.errors import described, traced
from libs.events.inbox import parking
from libs.events.log.intent import Intent
from libs.events.log.store import Conflict
from libs.events.texts import Text
from tests.libs.conftest import Desk, Post
from tests.libs.parcel import Move, parcel

NAME = "王芳"
MAKE = """
CREATE TEMP TABLE person (
    id int PRIMARY KEY, name text NOT NULL UNIQUE, age int NOT NULL, boss text REFERENCES person (name),
    CONSTRAINT grown CHECK (age > 17), EXCLUDE USING btree (lower(name) WITH =)
)
"""
QUOTING = {
    "a missing value": ("INSERT INTO person VALUES (1, $1::text, NULL)", "column age"),
    "a check": ("INSERT INTO person VALUES (1, $1::text, 5)", "constraint grown"),
    "a taken key": ("INSERT INTO person VALUES (1, $1::text, 20), (2, $1::text, 20)", "constraint person_name_key"),
    "an exclusion": ("INSERT INTO person VALUES (1, $1::text, 20), (2, upper($1::text) || '', 20)", "sqlstate 23"),
    "a foreign key": ("INSERT INTO person VALUES (1, $1::text, 20, $1::text || '!')", "constraint person_boss_fkey"),
    "a cast": ("SELECT $1::text::int", "sqlstate 22P02"),
    "a cast to a date": ("SELECT ($1::text)::date", "sqlstate 22007"),
    "JSON": ("SELECT ($1::text)::jsonb", "sqlstate 22P02"),
    "a raised sentence": ("DO $$BEGIN RAISE EXCEPTION 'no 王芳' USING ERRCODE = 'AC409'; END$$", "sqlstate AC409"),
}


@pytest.fixture
async def connection(post: Post) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(post.database.owner_url)
    await connection.execute(MAKE)
    yield connection
    await connection.close()


@pytest.mark.parametrize("kind", QUOTING)
async def test_a_database_error_says_where_and_never_what(kind: str, connection: asyncpg.Connection) -> None:
    sql, where = QUOTING[kind]
    with pytest.raises(asyncpg.PostgresError) as error:
        await connection.execute(sql, *([NAME] if "$1" in sql else []))
    assert NAME in str(error.value)
    assert where in described(error.value)
    assert NAME not in described(error.value)
    assert NAME not in traced(error.value)


async def test_an_argument_that_does_not_fit_is_named_by_its_number(connection: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.DataError) as error:
        await connection.execute("SELECT $1::int", NAME)
    assert NAME in str(error.value)
    assert described(error.value) == "DataError: sqlstate 22000, query argument $1"
    assert NAME not in traced(error.value)


async def test_what_the_store_makes_of_it_quotes_nothing_either(post: Post) -> None:
    odd = Text(id="1", subject_id=NAME, body=NAME)
    with pytest.raises(Conflict) as error:
        await post.store.run(parcel.on("a", Move(1)), Intent(texts=[odd, odd]))
    assert NAME not in f"{error.value} {traced(error.value)}"
    wrong = Text(id="1", subject_id=NAME, body=[NAME])  # type: ignore[arg-type]  # such a defect
    with pytest.raises(asyncpg.DataError) as defect:
        await post.store.run(parcel.on("a", Move(1)), Intent(texts=[wrong]))
    assert NAME not in traced(defect.value)


def test_causes_contexts_and_groups_are_all_told_without_their_values() -> None:
    def fail(error: Exception, before: Exception | None = None) -> Exception:
        try:
            if before:
                raise error from before
            raise error
        except (RuntimeError, ExceptionGroup) as raised:
            return raised

    quoting = asyncpg.DataError(f"invalid input for query argument $2: '{NAME}'")
    group = ExceptionGroup("tasks", [fail(RuntimeError("outer"), quoting)])
    told = traced(fail(group))
    assert NAME not in told
    for word in ("RuntimeError: outer", "query argument $2", "tasks (1)", "test_errors.py", "line"):
        assert word in told


def test_errors_of_forms_and_of_text_quote_nothing() -> None:
    class Form(pydantic.BaseModel):
        age: int

    with pytest.raises(pydantic.ValidationError) as error:
        Form(age=NAME)  # type: ignore[arg-type]  # the very case
    assert NAME not in described(error.value)
    with pytest.raises(UnicodeError) as mangled:
        NAME.encode("ascii")
    assert NAME not in described(mangled.value)
    assert described(KeyError("ticket_id")) == "KeyError: 'ticket_id'"


async def test_a_parked_event_keeps_no_value_of_the_row_that_failed(desk: Desk, post: Post) -> None:
    owner = await asyncpg.connect(desk.database.owner_url)
    await owner.execute("ALTER TABLE tally ADD CONSTRAINT none_today CHECK (moves < 0)")
    try:
        await post.move(NAME)
        await desk.inbox.take(await post.said())
        (row,) = await parking.listed(desk.pool)
    finally:
        await owner.execute("ALTER TABLE tally DROP CONSTRAINT none_today")
        await owner.close()
    assert row.error is not None
    assert NAME not in row.error
    assert "CheckViolationError: sqlstate 23514, schema public, table tally, constraint none_today" in row.error
