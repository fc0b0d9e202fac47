"""Peer: the `eventsourcing` library on PostgreSQL, as its documentation has it: an aggregate, an application, save."""

from urllib.parse import urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.domain import WORDS


class Job(Aggregate):
    """A job and its notes."""

    @event("Opened")
    def __init__(self, author: str, words: str) -> None:
        self.author = author
        self.words = words


class Notes:
    """An application over a pool of `size`."""

    def __init__(self, url: str, size: int) -> None:
        parts = urlsplit(url)
        self._application: Application[UUID] = Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": parts.path.lstrip("/"),
                "POSTGRES_HOST": str(parts.hostname),
                "POSTGRES_PORT": str(parts.port),
                "POSTGRES_USER": str(parts.username),
                "POSTGRES_PASSWORD": str(parts.password),
                "POSTGRES_POOL_SIZE": str(size),
            }
        )

    def take(self) -> None:
        """One command: the first event of a new aggregate."""
        self._application.save(Job(author="bench", words=WORDS))
