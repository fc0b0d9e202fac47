"""The rules in force, brought up to date in the transaction that decides by them.

One question before each decision tells which versions stand; documents are read when there is a new one, for a
published name never changes its content. What ships with the service is in force until something is published or
retired under its id.
"""

from collections.abc import Sequence

import asyncpg
import msgspec

from libs.chassis.department import department
from libs.events.database.connections import Source, render
from services.sla.policies.domain.policy import Policy
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shared_calendar import SharedCalendar
from services.sla.policies.domain.shipped import LIBRARY, work_in
from services.sla.publishing.domain.rules import CALENDAR, KINDS, POLICY, Kind
from services.sla.publishing.view.rules import RULES

STANDING = render(RULES)[0]

DOCUMENTS = """
SELECT kind, name, document FROM rule_version WHERE (kind, rule) IN (SELECT * FROM unnest($1::text[], $2::text[]))
"""


class Rules:
    """Keeps a library as one database has it; another database's versions take the place of those by the same name."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._standing: list[asyncpg.Record] = []
        self._loaded: dict[tuple[str, str], object] = {}

    async def prepare(self, source: Source) -> None:
        """Bring the library up to date with what is committed."""
        standing = await source.fetch(STANDING)
        if standing == self._standing:
            return
        published = [row for row in standing if row["number"] and self._loaded.get(_rule(row)) != row["published_at"]]
        if published:
            kinds, rules = [row["kind"] for row in published], [row["rule"] for row in published]
            self._learn(await source.fetch(DOCUMENTS, kinds, rules))
            self._loaded |= {_rule(row): row["published_at"] for row in published}
        self._put_in_force(standing)
        self._standing = standing

    def _learn(self, versions: Sequence[asyncpg.Record]) -> None:
        written: dict[str, dict[str, str]] = {kind.name: {} for kind in KINDS}
        for version in versions:
            written[version["kind"]][version["name"]] = version["document"]
        # What could work when it was published is not held against the checks of a later release.
        self.library.add(
            {name: msgspec.json.decode(text, type=Policy) for name, text in written["policy"].items()},
            {name: msgspec.json.decode(text, type=SharedCalendar) for name, text in written["calendar"].items()},
        )

    def _put_in_force(self, standing: Sequence[asyncpg.Record]) -> None:
        library = self.library
        library.policies_in_force = tuple(_names(POLICY, standing, frozenset()))
        used = frozenset[str]().union(*(library.policies[name].shared_calendars for name in library.policies_in_force))
        # One that was retired at the very moment at which a policy that counts in it was published stays in force.
        library.calendars_in_force = tuple(_names(CALENDAR, standing, used))


def _names(kind: Kind, standing: Sequence[asyncpg.Record], used: frozenset[str]) -> list[str]:
    """The names in force of a kind, in order of ids."""
    names = {id: rule.name for id, rule in kind.shipped.items()}
    for row in standing:
        if row["kind"] == kind.name:
            if row["number"]:
                names[row["rule"]] = f"{row['rule']}/{row['number']}"
            if row["retired"] and row["rule"] not in used:
                names.pop(row["rule"], None)
    return [names[id] for id in sorted(names)]


def _rule(row: asyncpg.Record) -> tuple[str, str]:
    return row["kind"], row["rule"]


work_in(department().timezone)
rules = Rules(LIBRARY)
"""Those of this process."""
