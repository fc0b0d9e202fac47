"""A stream to a client that has stopped reading, or is gone, is let go."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.types import Message

from libs.chassis.streaming import sse
from libs.chassis.streaming.sse import EventStream

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


class Following:
    """A stream without an end; `let_go` once it was closed, `left` by as many as were counted."""

    let_go = False
    left = 0

    def leave(self) -> None:
        self.left += 1

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b": heartbeat\n\n"
        finally:
            self.let_go = True


async def silent() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nothing sets it")


async def stuck(_: Message) -> None:
    await asyncio.Event().wait()


async def test_a_client_that_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "PATIENCE_SECONDS", 0.01)
    following = Following()
    async with asyncio.timeout(40):
        await EventStream(following.blocks(), following.leave)(SCOPE, silent, stuck)
    assert not following.let_go  # it had not even begun
    assert following.left == 1


async def test_a_client_that_stops_taking_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "PATIENCE_SECONDS", 0.01)
    following, taken = Following(), list[Message]()

    async def send(message: Message) -> None:
        taken.append(message)
        if len(taken) == 3:
            await asyncio.Event().wait()

    async with asyncio.timeout(40):
        await EventStream(following.blocks(), following.leave)(SCOPE, silent, send)
    assert [message["type"].split(".")[-1] for message in taken] == ["start", "body", "body"]
    assert (following.let_go, following.left) == (True, 1)


async def test_a_client_that_leaves_is_let_go_at_once() -> None:
    following, taken = Following(), asyncio.Event()

    async def send(_: Message) -> None:
        taken.set()
        await asyncio.sleep(0)

    async def gone() -> Message:
        await taken.wait()
        await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async with asyncio.timeout(40):
        await EventStream(following.blocks(), following.leave)(SCOPE, gone, send)
    assert (following.let_go, following.left) == (True, 1)
