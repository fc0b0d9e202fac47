"""Bearer tokens of the people who play parts: by role, by role and number where one of many is meant, or by login."""

from deploy.devstack.issuer import Issuer
from deploy.devstack.issuer.people import ENGINEERS

LOGINS = {person.username: person for person in ENGINEERS}


def subject_of(who: str) -> str:
    """The `sub` of whoever plays this part: engineers who can sign in play it as themselves."""
    return who if who in LOGINS else f"role-{who}"


class Badges(dict[str, str]):
    """Tokens by part, made when first asked for.

    A part is such as `dispatcher`, `engineer/7` for one engineer of many, or `engineer-1`, who can sign in.
    """

    def __init__(self, issuer: Issuer, seconds: float) -> None:
        super().__init__()
        self._issuer, self._seconds = issuer, seconds

    def __missing__(self, who: str) -> str:
        roles = LOGINS[who].roles if who in LOGINS else (who.partition("/")[0],)
        self[who] = token = self._issuer.token(subject_of(who), roles, self._seconds)
        return token
