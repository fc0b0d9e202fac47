"""Who is signed in at the issuer, by the cookie of their browser. In memory: a restart signs everybody out."""

from dataclasses import dataclass

from deploy.devstack.issuer.people import Person
from deploy.devstack.issuer.state import new_secret

SIGN_IN_SECONDS = 12 * 3600
"""A shift, and then the password is asked for again."""


@dataclass(frozen=True)
class SignIn:
    """One of a person, at a Unix time. Clients know it by `id`, the browser by a cookie that no client sees."""

    id: str
    person: Person
    at: float


class SignIns:
    """Those that go on."""

    def __init__(self) -> None:
        self._by_id: dict[str, SignIn] = {}
        self._ids: dict[str, str] = {}
        """By cookie."""

    def begin(self, person: Person, at: float) -> tuple[str, SignIn]:
        """A new one and its cookie."""
        self._by_id = {id: one for id, one in self._by_id.items() if _in_time(one, at)}
        self._ids = {cookie: id for cookie, id in self._ids.items() if id in self._by_id}
        cookie, begun = new_secret(), SignIn(new_secret(), person, at)
        self._by_id[begun.id], self._ids[cookie] = begun, begun.id
        return cookie, begun

    def of(self, cookie: str | None, at: float) -> SignIn | None:
        """The one of this browser."""
        found = self._by_id.get(self._ids.get(cookie or "", ""))
        return found if found and _in_time(found, at) else None

    def goes_on(self, sign_in: SignIn, at: float) -> bool:
        return sign_in.id in self._by_id and _in_time(sign_in, at)

    def end(self, id: str) -> None:
        """Sign out; nothing where nobody is signed in."""
        self._by_id.pop(id, None)


def _in_time(sign_in: SignIn, at: float) -> bool:
    return at < sign_in.at + SIGN_IN_SECONDS
