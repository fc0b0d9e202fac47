"""The people who can sign in: one for each role, two engineers more, and one with two roles. `sub` is the username."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.issuer.passwords import fits, hashed, new_password
from deploy.devstack.issuer.state import kept_text

ROLES = (
    *("agent", "triage", "manager", "dispatcher", "engineer", "custodian", "director"),
    *("auditor", "operator", "service"),
)


@dataclass(frozen=True)
class Person:
    """Somebody with a login: `locale` is the language of their pages."""

    username: str
    name: str
    roles: tuple[str, ...]
    region: str | None = None
    locale: str = "zh-CN"


PEOPLE = (
    Person("agent", "王芳", ("agent",)),
    Person("triage", "李静", ("triage",)),
    Person("manager", "张伟", ("manager",)),
    Person("dispatcher", "刘洋", ("dispatcher",)),
    Person("engineer-1", "陈强", ("engineer",), "华北"),
    Person("engineer-2", "杨帆", ("engineer",), "华东"),
    Person("engineer-3", "赵磊", ("engineer",), "华南"),
    Person("custodian", "黄敏", ("custodian",), "华东"),
    Person("director", "周建国", ("director",)),
    Person("auditor", "吴霞", ("auditor",)),
    Person("operator", "徐明", ("operator",), locale="en"),
    Person("lead", "孙丽", ("manager", "dispatcher")),
)
ENGINEERS = tuple(person for person in PEOPLE if "engineer" in person.roles)
"""Who works on a phone, once their login is bound to a record in dispatch."""


class People:
    """Who may sign in here. All have one password at first, in STATE/password; STATE/people has its hashes.

    Once the hashes are there, the file with the password may go.
    """

    def __init__(self, state: Path, people: tuple[Person, ...] = PEOPLE) -> None:
        self._people = {person.username: person for person in people}
        self._hashes = {
            name: kept_text(state / "people" / name, lambda: hashed(shared(state))) for name in self._people
        }
        self._nobody = hashed(new_password())

    def found(self, username: str, password: str) -> Person | None:
        """Who it is. A name that is not there takes as long as a wrong password."""
        fitting = fits(password, self._hashes.get(username, self._nobody))
        return self._people.get(username) if fitting else None


def shared(state: Path) -> str:
    """The password of everybody, made at the first call."""
    return kept_text(state / "password", new_password)


def listed(state: Path) -> Iterator[str]:
    """Lines for whoever started this on their machine: the people, and their password."""
    for person in PEOPLE:
        yield f"{person.username:<12}{', '.join(person.roles):<22}{person.name}  {person.region or ''}".rstrip()
    if (state / "people").exists() and not (state / "password").exists():
        yield f"their password is kept as hashes alone: remove {state / 'people'} and start again for a new one"
    else:
        yield f"password of all: {shared(state)}"


def phones() -> str:
    """The logins of those who work on a phone, in one line."""
    return ", ".join(person.username for person in ENGINEERS)
