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
        self._by_cookie: dict[str, SignIn] = {}

    def begin(self, person: Person, at: float) -> tuple[str, SignIn]:
        """A new one and its cookie."""
        self._by_cookie = {cookie: one for cookie, one in self._by_cookie.items() if _goes_on(one, at)}
        cookie, begun = new_secret(), SignIn(new_secret(), person, at)
        self._by_cookie[cookie] = begun
        return cookie, begun

    def of(self, cookie: str | None, at: float) -> SignIn | None:
        """The one of this browser."""
        found = self._by_cookie.get(cookie or "")
        return found if found and _goes_on(found, at) else None

    def goes_on(self, sign_in: SignIn, at: float) -> bool:
        return sign_in in self._by_cookie.values() and _goes_on(sign_in, at)

    def end(self, id: str) -> None:
        """Sign out; nothing where nobody is signed in."""
        self._by_cookie = {cookie: one for cookie, one in self._by_cookie.items() if one.id != id}


def _goes_on(sign_in: SignIn, at: float) -> bool:
    return at < sign_in.at + SIGN_IN_SECONDS
