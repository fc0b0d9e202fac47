"""Candidates (推荐人选): who can be sent on a visit at a time, who cannot, and why not. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

Obstacle = Literal["skill-missing", "overlap"]
"""The code that a plan would be refused with."""


@dataclass(frozen=True, slots=True)
class Person:
    """An engineer as the question finds them: `visits` are those still to be made on that day."""

    engineer_id: str
    skills: AbstractSet[str]
    visits: int
    is_taken: bool
    knows_customer: bool


def obstacle(person: Person, needed: AbstractSet[str]) -> Obstacle | None:
    """The first thing that stands in the way, in the order in which a plan asks."""
    if not needed <= person.skills:
        return "skill-missing"
    return "overlap" if person.is_taken else None


def candidates(people: Iterable[Person], needed: AbstractSet[str]) -> tuple[Sequence[Person], Mapping[Obstacle, int]]:
    """Who can go, best first, and how many cannot, by why.

    Best is who was at this customer's before, then who has least to do on that day.
    """
    free: list[Person] = []
    blocked: dict[Obstacle, int] = {}
    for person in people:
        if (why := obstacle(person, needed)) is None:
            free.append(person)
        else:
            blocked[why] = blocked.get(why, 0) + 1
    return sorted(free, key=lambda one: (not one.knows_customer, one.visits, one.engineer_id)), blocked
