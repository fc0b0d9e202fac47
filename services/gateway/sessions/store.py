"""Sessions in PostgreSQL: begun, found, renewed, ended and swept.

The id is a secret of the cookie; the table has its hash, and the tokens sealed. What was found is believed for
RECENT_SECONDS by this process: a sign-out in another process holds here within them, one in this process at once.
"""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import asyncpg
import msgspec

from libs.chassis.identity.oidc import ATTEMPT_SECONDS, PAUSE_SECONDS, IssuerUnreachable
from libs.events.database.connections import Pool, transact
from services.gateway.seal import Seal
from services.gateway.sessions.domain import TOUCHED, Grant, Limits, Session, Standing

RECENT_SECONDS = 2.0
RECENT = 10_000
"""So many sessions at most are believed without asking."""
LONGEST_ID = 64

ADD = """
INSERT INTO session (id_hash, subject, issuer_session, sealed, created_at, used_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $5, $6)
"""
FIND = "SELECT id_hash, subject, sealed, used_at, ends_at FROM session WHERE id_hash = $1"
TOUCH = "UPDATE session SET used_at = $2 WHERE id_hash = $1 AND used_at < $2"
RENEW = "UPDATE session SET sealed = $2 WHERE id_hash = $1"
END = "DELETE FROM session WHERE id_hash = $1"
END_ALL = "DELETE FROM session WHERE subject = $1"
STANDING = "SELECT id_hash FROM session WHERE id_hash = ANY($1) AND ends_at > $2 AND used_at > $3"
OF_PERSON = """
SELECT id_hash, created_at AS began_at, used_at, ends_at FROM session
WHERE subject = $1 AND ends_at > $2 AND used_at > $3 ORDER BY used_at DESC, created_at DESC LIMIT 100
"""
SWEEP = "DELETE FROM session WHERE ends_at <= $1 OR used_at <= $2"


class GrantRefused(Exception):
    """The issuer takes a refresh token no more: the session has ended there."""


Renewal = Callable[[Grant, datetime], Awaitable[Grant]]
"""The next grant for one. Raises GrantRefused, or IssuerUnreachable."""


class Sessions:
    """All sessions of the gateway. `at` is now, as whoever asks knows it."""

    def __init__(self, pool: Pool, seal: Seal, limits: Limits, renewal: Renewal) -> None:
        self._pool, self._seal, self.limits, self._renewal = pool, seal, limits, renewal
        self._recent: OrderedDict[bytes, tuple[Session, datetime]] = OrderedDict()
        self._renewing: dict[bytes, asyncio.Task[Session | None]] = {}
        self._turns = asyncio.Semaphore(max(1, pool.get_max_size() // 2))  # who waits for the issuer leaves some free
        self._no_sooner: datetime | None = None

    async def begin(self, subject: str, issuer_session: str | None, grant: Grant, at: datetime) -> str:
        """A new session; its id, which nobody else knows."""
        id, ends_at = secrets.token_urlsafe(32), at + self.limits.absolute
        sealed = self._sealed(grant, at)
        await self._pool.execute(ADD, hashed(id), subject, issuer_session, sealed, at, ends_at)
        return id

    async def find(self, id: str | None, at: datetime) -> Session | None:
        """The session of that id, if it stands; its tokens are renewed in time. Raises IssuerUnreachable."""
        if not id or len(id) > LONGEST_ID:
            return None
        session = await self._known(hashed(id), at)
        if session is None or at < session.grant.renew_at:
            return session
        return await self._renewed(session, at)

    async def peek(self, id: str | None, at: datetime) -> Session | None:
        """The same, with whatever tokens it has: for its end."""
        return await self._known(hashed(id), at) if id and len(id) <= LONGEST_ID else None

    async def end(self, session: Session) -> None:
        """Sign out at this browser."""
        await self._pool.execute(END, session.id_hash)
        self._forget(session.id_hash)

    async def end_all(self, subject: str) -> None:
        """Sign out everywhere."""
        await self._pool.execute(END_ALL, subject)
        for id_hash in [key for key, (session, _) in self._recent.items() if session.subject == subject]:
            self._forget(id_hash)

    async def standing(self, id_hashes: Iterable[bytes], at: datetime) -> set[bytes]:
        """Those that stand, asked in the database and not believed. To be looked at is no use of a session."""
        rows = await self._pool.fetch(STANDING, list(id_hashes), at, at - self.limits.idle)
        return {row["id_hash"] for row in rows}

    async def of_person(self, subject: str, at: datetime) -> list[Standing]:
        """Where somebody is signed in, the last used first; a hundred of them at most."""
        rows = await self._pool.fetch(OF_PERSON, subject, at, at - self.limits.idle)
        return [Standing(**row) for row in rows]

    async def sweep(self, at: datetime) -> None:
        """Delete what has ended."""
        await self._pool.execute(SWEEP, at, at - self.limits.idle)

    async def _known(self, id_hash: bytes, at: datetime) -> Session | None:
        session, until = self._recent.get(id_hash, (None, at))
        if session is None or at >= until:
            session = await self._read(id_hash, at)
        return session if session is not None and self.limits.allow(session, at) else None

    async def _read(self, id_hash: bytes, at: datetime) -> Session | None:
        session = self._opened(await self._pool.fetchrow(FIND, id_hash), at)
        if session is None or not self.limits.allow(session, at):
            return None
        if at - session.used_at >= TOUCHED:
            await self._pool.execute(TOUCH, id_hash, at)
            session = msgspec.structs.replace(session, used_at=at)
        return self._remember(session, at)

    async def _renewed(self, session: Session, at: datetime) -> Session | None:
        """With its next tokens. Who asks meanwhile waits for the same answer, and who leaves stops nothing."""
        key = session.id_hash
        if key not in self._renewing:
            task = self._renewing[key] = asyncio.create_task(self._renew(session, at), name="renewal")
            task.add_done_callback(lambda done: self._over(key, done))
        return await asyncio.shield(self._renewing[key])

    async def _renew(self, session: Session, at: datetime) -> Session | None:
        try:
            async with asyncio.timeout(2 * ATTEMPT_SECONDS), self._turns:
                self._check_pause(at)
                return await self._ask(session.id_hash, at)
        except (IssuerUnreachable, TimeoutError):
            if at >= session.grant.expires_at:
                raise IssuerUnreachable("the session's token cannot be renewed for now") from None
            return session

    def _over(self, key: bytes, done: "asyncio.Task[Session | None]") -> None:
        """Nobody may be left to see what it failed of."""
        del self._renewing[key]
        if not done.cancelled():
            done.exception()

    async def _ask(self, id_hash: bytes, at: datetime) -> Session | None:
        """Under the row's lock, so that a refresh token is used once by all processes."""
        async with transact(self._pool) as connection:
            session = self._opened(await connection.fetchrow(f"{FIND} FOR UPDATE", id_hash), at)
            if session is None or at < session.grant.renew_at:
                return session
            try:
                grant = await self._renewal(session.grant, at)
            except GrantRefused:
                await connection.execute(END, id_hash)
                self._forget(id_hash)
                return None
            except IssuerUnreachable:
                self._no_sooner = at + timedelta(seconds=PAUSE_SECONDS)
                raise
            await connection.execute(RENEW, id_hash, self._sealed(grant, at))
        return self._remember(msgspec.structs.replace(session, grant=grant), at)

    def _check_pause(self, at: datetime) -> None:
        """Raises IssuerUnreachable a moment after somebody else found it so."""
        if self._no_sooner is not None and at < self._no_sooner:
            raise IssuerUnreachable("asked a moment ago")

    def _sealed(self, grant: Grant, at: datetime) -> bytes:
        return self._seal.seal(msgspec.json.encode(grant), at)

    def _opened(self, row: asyncpg.Record | None, at: datetime) -> Session | None:
        """None, too, where the key that sealed it is gone."""
        content = self._seal.open(row["sealed"], at) if row else None
        if row is None or content is None:
            return None
        grant = msgspec.json.decode(content, type=Grant)
        return Session(row["id_hash"], row["subject"], grant, row["used_at"], row["ends_at"])

    def _remember(self, session: Session, at: datetime) -> Session:
        self._recent[session.id_hash] = session, at + timedelta(seconds=RECENT_SECONDS)
        self._recent.move_to_end(session.id_hash)
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return session

    def _forget(self, id_hash: bytes) -> None:
        self._recent.pop(id_hash, None)


def hashed(id: str) -> bytes:
    """What the table has of an id."""
    return hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()
