"""A draft: the rules that tickets would go by, made of what is published and of documents that are not.

A drafted policy takes the place of the one in force with its id, and so does a drafted calendar. The documents are
kept by value: what was tried stays readable whatever is published later.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from libs.events import Refused
from services.sla.policies.domain.feasibility import CLOSED, out_of_reach, stays_closed
from services.sla.policies.domain.policy import Flawed, Policy, SiteHours, calendar_flaws, decode, placed
from services.sla.policies.domain.rulebook import Library, Names
from services.sla.policies.domain.when import Flaw

Document = dict[str, Any]
"""A policy or a calendar as it is written in JSON."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that tickets would go by, by name, and the documents among it that are not published."""

    policies: Names
    calendars: Names
    policy: Document | None = None
    hours: dict[str, Document] = {}


def drafted(
    library: Library, policy: Document | str | None, hours: Mapping[str, Document], alone: bool, at: datetime
) -> Draft:
    """What is in force, with these drafts in it: a policy as a document or as the name of a published version, and
    shared calendars by id. `alone` leaves every other policy out.

    Raises Flawed for a document that cannot work, and Refused where something that it needs is not published.
    """
    written = policy if isinstance(policy, dict) else None
    name = written_policy(written).name if written is not None else policy
    if isinstance(policy, str) and policy not in library.policies:
        raise Refused("unknown-rules", f"The policy {policy} is not published.")
    policies = () if alone and name else library.policies_in_force
    draft = Draft(
        policies=_instead(policies, str(name)) if name else policies,
        calendars=_with_all(library.calendars_in_force, (f"{id}/draft" for id in hours)),
        policy=written,
        hours=dict(hours),
    )
    tried = under(library, draft)
    _check(tried)
    _check_reach(tried, draft, at)
    return draft


def under(library: Library, draft: Draft) -> Library:
    """A library of its own in which the draft is in force. Raises Flawed or UnknownRules."""
    policies, calendars = dict(library.policies), dict(library.calendars)
    if draft.policy is not None:
        policy = written_policy(draft.policy)
        policies[policy.name] = policy
    for id, document in draft.hours.items():
        calendars[f"{id}/draft"] = written_hours(document, f"calendars.{id}")
    return Library(policies, calendars, draft.policies, draft.calendars)


def written_policy(document: Document) -> Policy:
    """A policy from its document. Raises Flawed with the places in the draft."""
    try:
        return decode(msgspec.json.encode(document))
    except Flawed as error:
        raise Flawed([(f"policy.{place}", reason) for place, reason in error.flaws]) from error


def written_hours(document: Document, place: str) -> SiteHours:
    """A calendar from its document. Raises Flawed with the places, each after `place`."""
    try:
        hours = msgspec.json.decode(msgspec.json.encode(document), type=SiteHours)
    except (msgspec.MsgspecError, RecursionError) as error:
        where, reason = placed(error)
        raise Flawed([(place if where == "document" else f"{place}.{where}", reason)]) from error
    if flaws := [(f"{place}{where}", reason) for where, reason in calendar_flaws(hours)]:
        raise Flawed(flaws)
    return hours


def _check(library: Library) -> None:
    known = {name.partition("/")[0] for name in library.calendars_in_force}
    missing = sorted(f"{policy.name} counts in {id}" for policy, id in _shared(library) if id not in known)
    if missing:
        raise Refused("unknown-rules", f"No such calendar is in force: {', '.join(missing)}.")
    if not library.policies_in_force:
        raise Refused("unknown-rules", "No policy is in force.")


def _check_reach(library: Library, draft: Draft, at: datetime) -> None:
    """What was drafted has to end in time, as it would have to before it is published."""
    shared = {name.partition("/")[0]: library.calendars[name] for name in library.calendars_in_force}
    written = written_policy(draft.policy).name if draft.policy is not None else None
    flaws: list[Flaw] = []
    for name in library.policies_in_force:
        policy = library.policies[name]
        if name == written or policy.shared_calendars & draft.hours.keys():
            found = out_of_reach(policy, shared, at)
            flaws += ((f"policy.{place}" if name == written else f"calendars ({name})", why) for place, why in found)
    flaws += ((f"calendars.{id}", CLOSED) for id in draft.hours if stays_closed(shared[id], at))
    if flaws:
        raise Flawed(flaws)


def _shared(library: Library) -> Iterator[tuple[Policy, str]]:
    for name in library.policies_in_force:
        policy = library.policies[name]
        yield from ((policy, id) for id in policy.shared_calendars)


def _with_all(names: Names, more: Iterator[str]) -> Names:
    for name in more:
        names = _instead(names, name)
    return names


def _instead(names: Names, name: str) -> Names:
    """The names with this one in the place of its former version, or behind all others."""
    id = name.partition("/")[0]
    if not any(other.partition("/")[0] == id for other in names):
        return (*names, name)
    return tuple(name if other.partition("/")[0] == id else other for other in names)
