"""After a restore, every erasure is repeated: by the database's own ledger, and by those of the other services."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from deploy.devstack.databases import Database
from deploy.devstack.process import free_port
from libs.events.log.erase import Order, repeat
from libs.events.log.intent import Intent
from libs.events.texts import Text
from tests.conftest import NewDatabase
from tests.libs.conftest import Post
from tests.libs.parcel import Move, parcel

NewPost = Callable[[int], Awaitable[Post]]


async def said(post: Post, subject_id: str) -> None:
    await post.store.run(parcel.on(subject_id, Move(1)), Intent(texts=[Text.of(subject_id, f"words of {subject_id}")]))


async def words(post: Post) -> list[str]:
    return [row["body"] for row in await post.store.pool.fetch("SELECT body FROM text ORDER BY body")]


async def order(post: Post, subject_id: str) -> None:
    await post.store.pool.execute("INSERT INTO erasure (subject_id, ordered_at) VALUES ($1, now())", subject_id)


async def test_an_order_that_no_ledger_knows_is_carried_out(new_post: NewPost) -> None:
    restored = await new_post(2)
    for subject in ("a", "b"):
        await said(restored, subject)
    assert await repeat(restored.store.pool, orders=[Order("b", datetime.now(UTC))]) == 1
    assert await words(restored) == ["words of a"]


async def test_what_a_backup_brought_back_is_deleted_again(new_post: NewPost) -> None:
    restored, other = await new_post(2), await new_post(2)
    for subject in ("a", "b", "c"):
        await said(restored, subject)
    await order(other, "b")
    await order(restored, "a")
    assert await words(restored) == ["words of b", "words of c"]
    await restored.store.pool.execute("INSERT INTO text VALUES ('old', 'a', 'words of a', 'text/plain')")
    assert await repeat(restored.store.pool, [other.store.pool]) == 2
    assert await words(restored) == ["words of c"]
    assert await repeat(restored.store.pool, [other.store.pool]) == 2


async def test_words_about_somebody_erased_are_not_kept(new_post: NewPost) -> None:
    post = await new_post(2)
    await order(post, "a")
    await said(post, "a")
    await said(post, "b")
    assert await words(post) == ["words of b"]


async def test_words_belong_to_whom_the_stream_is_about(new_post: NewPost) -> None:
    post = await new_post(2)
    await post.store.run(parcel.on("a", Move(1)), Intent(texts=[Text.said("hello")]))
    assert await post.store.pool.fetchval("SELECT subject_id FROM text") == "a"


def settings(database: Database, password_file: Path, **changes: int) -> dict[str, str]:
    """What the tools of dispatch are given, and nothing else: the password stands in a file."""
    url = make_url(database.url)
    password_file.write_text(f"{url.password}\n")
    bare = f"postgresql://{url.username}@{url.host}:{changes.get('port', url.port)}/{url.database}"
    kept = {name: value for name, value in os.environ.items() if "_DATABASE" not in name}
    return {**kept, "DISPATCH_DATABASE_URL": bare, "DISPATCH_DATABASE_PASSWORD_FILE": str(password_file)}


def run(tool: str, environment: dict[str, str]) -> tuple[int, list[str]]:
    """Exit status, and the lines of its answer or of its complaint."""
    command = [sys.executable, "-m", f"libs.events.{tool}", "dispatch"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, (done.stderr or done.stdout).splitlines()


@pytest.mark.parametrize("tool", ["log.erase", "transport.copies"])
async def test_a_tool_reads_its_password_from_a_file_and_complains_in_one_line(
    tool: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    database, file = await new_database("dispatch"), tmp_path / "password"
    status, answer = run(tool, settings(database, file))
    assert (status, len(answer)) == (0, 1), answer
    status, answer = run(tool, settings(database, file, port=free_port(0)))
    assert (status, len(answer)) == (1, 1), answer
    assert answer[0].startswith("dispatch: ")
    environment = settings(database, file)
    file.unlink()
    status, answer = run(tool, environment)
    assert (status, len(answer)) == (1, 1), answer


def test_what_cannot_be_reached_is_named_though_it_is_anothers_ledger(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port(0)}/none"
    environment = {**os.environ, "DISPATCH_DATABASE_URL": nowhere, "ARCHIVE_DATABASE_URL": nowhere}
    status, answer = run("log.erase", environment)
    assert (status, len(answer)) == (1, 1), answer
    assert answer[0].startswith("archive: ")
