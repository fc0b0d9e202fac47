"""Bearer tokens of the people who play parts: by role, or by role and number where one of many is meant."""

from deploy.devstack.issuer import Issuer


def subject_of(who: str) -> str:
    """The `sub` of whoever plays this part."""
    return f"role-{who}"


class Badges(dict[str, str]):
    """Tokens by part, such as `dispatcher`, or `engineer/7` for one engineer of many; made when first asked for."""

    def __init__(self, issuer: Issuer, seconds: float) -> None:
        super().__init__()
        self._issuer, self._seconds = issuer, seconds

    def __missing__(self, who: str) -> str:
        role = who.partition("/")[0]
        self[who] = token = self._issuer.token(subject_of(who), [role], self._seconds)
        return token
