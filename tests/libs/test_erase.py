"""After a restore, every erasure is repeated: by the database's own ledger, and by those of the other services."""

from collections.abc import Awaitable, Callable

from libs.events.erase import repeat
from libs.events.intent import Intent
from libs.events.texts import Text
from tests.libs.conftest import Post
from tests.libs.parcel import Move, parcel

NewPost = Callable[[int], Awaitable[Post]]


async def said(post: Post, subject_id: str) -> None:
    await post.store.run(parcel.on(subject_id, Move(1)), Intent(texts=[Text.of(subject_id, f"words of {subject_id}")]))


async def words(post: Post) -> list[str]:
    return [row["body"] for row in await post.store.pool.fetch("SELECT body FROM text ORDER BY body")]


async def order(post: Post, subject_id: str) -> None:
    await post.store.pool.execute("INSERT INTO erasure (subject_id, ordered_at) VALUES ($1, now())", subject_id)


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
