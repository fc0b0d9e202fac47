"""What went through the gateways, as pure functions over rows: steps of phones, and ratings by links."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from tests.faults.checker import BY_LINK, LEFT_BEHIND
from tests.faults.evidence import EventRow
from tests.faults.ledger import Rated, Step

T = TypeVar("T", str, int)

STEPS = ("departure", "arrival", "pause", "resumption", "completion", "acceptance", "rejection")
LEFT_BY_STEPS = frozenset(type for verb in STEPS for type in LEFT_BEHIND[verb][1])


def steps_in_order(lanes: Mapping[str, Sequence[Step]], events: Iterable[EventRow]) -> list[str]:
    """Each step of a phone stands once in its visit, in their order and at the time of the phone; nothing refused."""
    found: dict[str, list[tuple[str, datetime | None]]] = defaultdict(list)
    for event in sorted(events, key=lambda event: event.version):
        if event.type in LEFT_BY_STEPS:
            found[event.stream].append((event.type, event.occurred_at))
    wrong = []
    for id, steps in lanes.items():
        done = [(type, step.at) for step in steps if not step.refused for type in LEFT_BEHIND[step.verb][1]]
        if (there := found[f"work_order-{id}"]) != done:
            wrong.append(f"a phone did {_told(done)} at work order {id}, where {_told(there)} stands")
    return wrong


def ratings_once(ratings: Mapping[str, Rated], events: Iterable[EventRow]) -> list[str]:
    """What counts by a link used it once, and nothing else did: one score at its callback, and no other by a link."""
    used: Counter[tuple[str, str]] = Counter()
    scored: Counter[tuple[str, int]] = Counter()
    for event in events:
        if event.type == "intake.LinkUsed":
            used[event.data["link_id"], event.data["answer_id"]] += 1
        elif event.type == "survey.CallbackCompleted" and event.data["outcome"] == BY_LINK:
            scored[event.data["callback_id"], event.data["score"]] += 1
    told = Counter((rated.link_id, rated.answer_id) for rated in ratings.values())
    counted = Counter((callback_id, rated.score) for callback_id, rated in ratings.items())
    return _differences("use of a link", told, used) + _differences("score by a link", counted, scored)


def _differences(what: str, told: Counter[tuple[str, T]], found: Counter[tuple[str, T]]) -> list[str]:
    lost = [f"the {what} {one} was taken, and is not there" for one in (told - found)]
    return lost + [f"the {what} {one} is there too often, or was never taken" for one in (found - told)]


def _told(steps: Sequence[tuple[str, datetime | None]]) -> str:
    return ", ".join(f"{type.partition('.')[2]} at {at:%H:%M:%S.%f}" for type, at in steps) or "nothing"
