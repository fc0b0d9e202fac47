"""Outage: a server out of reach is one line in the log, not one a second, and what works for ever goes on."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Any

import asyncpg
import structlog

from libs.events.database.connections import TRANSIENT, UNREACHABLE
from libs.events.errors import described

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 30.0
PAUSE_SECONDS = 1.0


def reason(error: BaseException) -> str:
    """What an operator can act on. PostgreSQL's own words are kept where it let us in nowhere: they name our role or
    our database, and no value.
    """
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError | asyncpg.InvalidCatalogNameError):
        return f"{type(error).__name__}: {error}"
    return described(error)


class Outage:
    """What one task says of its servers: a new reason at once, the same one again after half a minute."""

    def __init__(self, message: str, **context: Any) -> None:
        self._message, self._context = message, context
        self._reason, self._until = "", 0.0

    def note(self, error: BaseException) -> None:
        """The server did not answer, or refused us."""
        because = reason(error)
        if because != self._reason or monotonic() > self._until:
            self._reason, self._until = because, monotonic() + AGAIN_SECONDS
            log.warning(self._message, **self._context, reason=because)

    def over(self) -> None:
        """It answers: whatever comes next is news."""
        self._reason = ""

    @asynccontextmanager
    async def ridden_out(self, *more: type[Exception]) -> AsyncIterator[None]:
        """One turn of work that goes on for ever: a database out of reach, or what `more` names, is noted and costs
        a second. Anything else is a defect, and raised.
        """
        borne: tuple[type[Exception], ...] = (*UNREACHABLE, *TRANSIENT, *more)
        try:
            yield
        except borne as error:
            self.note(error)
            await asyncio.sleep(PAUSE_SECONDS)  # what is out of reach is asked again, at ease


@contextmanager
def plainly(what: str) -> Iterator[None]:
    """A command line's work: a server out of reach, or one that refuses us, ends it with one line and status 1."""
    try:
        yield
    except KeyError as error:
        sys.exit(f"{what}: {error.args[0]} is not set")
    except UNREACHABLE as error:
        sys.exit(f"{what}: {reason(error)}")
