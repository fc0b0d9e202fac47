"""Findings: what a comparison has found so far, by group, and as a part that is kept while the rest is looked at.

Parts are put together in the order of their tickets: however a set of tickets is split, the result is the same.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from services.sla.policies.domain.when import Traits
from services.sla.replays.domain.summary import Count, Group, Label, Pair, group
from services.sla.replays.domain.verdict import Verdict

GROUPS_AT_MOST = 200
CHANGES_AT_MOST = 100
"""So that a result stays one event of less than 256 KiB, whatever there is to tell."""

SAME: tuple[Literal["kind", "channel", "region"], ...] = ("kind", "channel", "region")
"""What a ticket is under whichever rules; level and policy are each side's own."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A clock whose verdict is another under the draft; None where there was, or would be, no such clock."""

    ticket_id: str
    metric: str
    was: Verdict | None
    would_be: Verdict | None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison. Groups: every metric's all first, then the largest; `left_out` says how many more there are.

    `changed` verdicts there are, the first of them in `changes`, by when their tickets were opened.
    """

    tickets: int
    groups: tuple[Group, ...]
    left_out: int
    changed: int
    changes: tuple[Change, ...]


class _Counted(msgspec.Struct, frozen=True, array_like=True):
    how: dict[str, int]
    seconds: bytes


class _Paired(msgspec.Struct, frozen=True, array_like=True):
    label: Label
    was: _Counted
    would_be: _Counted
    newly_breached: int
    no_longer_breached: int


class _Part(msgspec.Struct, frozen=True, array_like=True):
    tickets: int
    changed: int
    changes: list[Change]
    pairs: list[_Paired]


@dataclass
class Findings:
    """What was found of the tickets so far."""

    tickets: int = 0
    changed: int = 0
    changes: list[Change] = field(default_factory=list)
    pairs: defaultdict[Label, Pair] = field(default_factory=lambda: defaultdict(Pair))

    def add(self, ticket_id: str, metric: str, traits: Traits, was: Verdict | None, would_be: Verdict | None) -> None:
        """One more clock, as it was and as it would be."""
        late, would_be_late = was is not None and was.breached, would_be is not None and would_be.breached
        if was is not None:
            for label in _labels(metric, was, traits):
                self.pairs[label].was.add(was)
                self.pairs[label].no_longer_breached += late and not would_be_late
        if would_be is not None:
            for label in _labels(metric, would_be, traits):
                self.pairs[label].would_be.add(would_be)
                self.pairs[label].newly_breached += would_be_late and not late
        if late != would_be_late:
            self.changed += 1
            self._keep([Change(ticket_id=ticket_id, metric=metric, was=was, would_be=would_be)])

    def part(self) -> bytes:
        """These findings, to be kept."""
        pairs = [
            _Paired(label, _counted(pair.was), _counted(pair.would_be), pair.newly_breached, pair.no_longer_breached)
            for label, pair in self.pairs.items()
        ]
        return msgspec.msgpack.encode(_Part(self.tickets, self.changed, self.changes, pairs))

    def add_part(self, kept: bytes) -> None:
        """The findings of the tickets that come next."""
        part = msgspec.msgpack.decode(kept, type=_Part)
        self.tickets += part.tickets
        self.changed += part.changed
        self._keep(part.changes)
        for more in part.pairs:
            pair = self.pairs[more.label]
            _add(pair.was, more.was)
            _add(pair.would_be, more.would_be)
            pair.newly_breached += more.newly_breached
            pair.no_longer_breached += more.no_longer_breached

    def result(self) -> Result:
        """What all tickets so far came to."""
        labels = sorted(self.pairs, key=self._importance)
        return Result(
            tickets=self.tickets,
            groups=tuple(group(label, self.pairs[label]) for label in labels[:GROUPS_AT_MOST]),
            left_out=max(0, len(labels) - GROUPS_AT_MOST),
            changed=self.changed,
            changes=tuple(self.changes),
        )

    def _keep(self, changes: list[Change]) -> None:
        self.changes += changes[: CHANGES_AT_MOST - len(self.changes)]

    def _importance(self, label: Label) -> tuple[bool, int, Label]:
        """Metrics as wholes first, then by size; what is equally large stands in the order of its name."""
        pair, (metric, by, value) = self.pairs[label], label
        return by != "all", -pair.was.how["clocks"] - pair.would_be.how["clocks"], (metric, by, value or "")


def _counted(count: Count) -> _Counted:
    return _Counted(dict(count.how), count.seconds.tobytes())


def _add(count: Count, more: _Counted) -> None:
    for how, clocks in more.how.items():
        count.how[how] += clocks
    count.seconds.extend(array("I", more.seconds))


def _labels(metric: str, verdict: Verdict, traits: Traits) -> Iterator[Label]:
    yield metric, "all", None
    yield metric, "level", str(verdict.level)
    yield metric, "policy", verdict.policy
    for trait in SAME:
        value = traits.get(trait)
        yield metric, trait, None if value is None else str(value)
