"""Peer: the same rows written by SQLAlchemy's ORM, one transaction a command."""

from datetime import UTC, datetime
from typing import Any, Self
from zlib import crc32

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped
from uuid_utils import uuid7

from bench import domain
from libs.events.database import schema


class Base(DeclarativeBase):
    """The tables that ours writes, as entities."""


class Event(Base):
    __table__ = schema.event
    position: Mapped[int]


class Outbox(Base):
    __table__ = schema.outbox


class IdempotencyKey(Base):
    __table__ = schema.idempotency


class Job(Base):
    __table__ = domain.jobs


class Orm:
    """Sessions over a pool of `size`."""

    def __init__(self, url: str, size: int) -> None:
        address = make_url(url).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(address, pool_size=size, max_overflow=0)
        self._session: async_sessionmaker[AsyncSession] = async_sessionmaker(self._engine, expire_on_commit=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._engine.dispose()

    async def take_note(self) -> None:
        """One command."""
        id, now = str(uuid7()), datetime.now(UTC)
        async with self._session.begin() as session:
            body = f'{{"id":"{id}"}}'
            session.add(IdempotencyKey(scope="orm", key=id, request_hash="hash", status=201, body=body, etag='"1"'))
            recorded = Event(**self._event(id, now))
            session.add(recorded)
            await session.flush()
            session.add(Outbox(position=recorded.position, lane=crc32(id.encode()) % 16))
            session.add(Job(id=id, notes=1, author="bench", touched_at=now))

    def _event(self, id: str, now: datetime) -> dict[str, Any]:
        return {
            "id": str(uuid7()),
            "stream": f"orm-{id}",
            "version": 1,
            "type": "bench.NoteTaken",
            "schema_version": 1,
            "data": {"ticket_id": id, "number": 1, "author": "bench", "words": domain.WORDS, "due_at": None},
            "key": id,
            "occurred_at": now,
            "recorded_at": now,
            "actor": "system",
        }
