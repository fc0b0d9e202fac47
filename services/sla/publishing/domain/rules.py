"""Publishing: how a policy or a shared calendar becomes a rule that clocks go by, and ceases to be one.

Somebody drafts it, somebody else approves it, then it is published as the next version, which never changes. Clocks
name the version that they go by (ADR 19.9): what is published later is for new tickets, until those that are open are
ordered to be worked out again. Retiring takes a rule out of force; a clock that goes by it keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal, assert_never

import msgspec

from libs.events import Catalogue, Decider, Refused
from libs.events.contracts.sla.rules import CalendarPublished, PolicyPublished, RulePublished
from services.sla.policies.domain.feasibility import CLOSED, out_of_reach, stays_closed
from services.sla.policies.domain.policy import Flawed, Policy, SiteHours, decode
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shared_calendar import SharedCalendar, decode_calendar
from services.sla.policies.domain.shipped import LIBRARY, SHIPPED
from services.sla.publishing.domain.reassessment import ReassessmentRequested
from services.sla.publishing.domain.rule import (
    Approve,
    Approved,
    CalendarApproved,
    CalendarDrafted,
    CalendarReassessmentOrdered,
    CalendarRetired,
    Create,
    Document,
    Draft,
    Drafted,
    OrderReassessment,
    PolicyApproved,
    PolicyDrafted,
    PolicyReassessmentOrdered,
    PolicyRetired,
    Publish,
    ReassessmentOrdered,
    Retire,
    Retired,
    RuleCommand,
    RuleEvent,
    RuleState,
)

Rule = Policy | SharedCalendar

UNKNOWN = "unknown-rule"
"""The code with which a command is refused for a rule that is not there."""


@dataclass(frozen=True)
class Kind:
    """Policies, or shared calendars: how one is read, the events of its life, and by id what ships of it, in force."""

    name: Literal["policy", "calendar"]
    read: Callable[[bytes], Rule]
    drafted: type[Drafted]
    approved: type[Approved]
    published: type[RulePublished]
    retired: type[Retired]
    ordered: type[ReassessmentOrdered]
    shipped: Mapping[str, Rule]

    def rule(self, document: Document) -> Rule:
        """The rule that a document is. Raises Flawed with every place and reason that is to be corrected."""
        try:
            return self.read(msgspec.json.encode(document))
        except RecursionError as error:
            raise Flawed([("document", "it is nested too deeply")]) from error

    def shipped_version(self, id: str) -> int:
        """The version of this id that came with the service; 0 if none did."""
        return self.shipped[id].version if id in self.shipped else 0


POLICY = Kind(
    "policy",
    decode,
    PolicyDrafted,
    PolicyApproved,
    PolicyPublished,
    PolicyRetired,
    PolicyReassessmentOrdered,
    SHIPPED,
)
CALENDAR = Kind(
    "calendar",
    decode_calendar,
    CalendarDrafted,
    CalendarApproved,
    CalendarPublished,
    CalendarRetired,
    CalendarReassessmentOrdered,
    {},
)
KINDS = (POLICY, CALENDAR)


def evolve(state: RuleState, event: RuleEvent) -> RuleState:
    match event:
        case Drafted():
            return replace(state, draft=event.document, author=event.by, approved=False)
        case Approved():
            return replace(state, approved=True)
        case RulePublished():
            return replace(state, draft=None, version=event.number, retired=False)
        case Retired():
            return replace(state, retired=True)
        case ReassessmentOrdered():
            return state
        case _:
            assert_never(event)


def decide(kind: Kind, library: Library, command: RuleCommand, state: RuleState, at: datetime) -> Sequence[RuleEvent]:
    """What comes of a command. Raises Refused, and Flawed for a document that cannot work.

    Who approves, publishes or retires what is so already says nothing.
    """
    if isinstance(command, Create):
        return _created(kind, command, state, at)
    version = _known(kind, command.id, state)
    match command:
        case Draft():
            return _drafted(kind, command, state, at)
        case Approve():
            return _approved(kind, library, command, state, at)
        case Publish():
            return _published(kind, library, command, state, version + 1, at)
        case Retire():
            return _retired(kind, library, command, state, version)
        case OrderReassessment():
            return _ordered(kind, command, version)
        case _:
            assert_never(command)


def _created(kind: Kind, command: Create, state: RuleState, at: datetime) -> list[RuleEvent]:
    if state.version or kind.shipped_version(command.id) or state.draft:
        raise Refused("id-taken", f"There is a {kind.name} with this id: write a draft of its next version.")
    return _drafted(kind, command, state, at)


def _known(kind: Kind, id: str, state: RuleState) -> int:
    """The newest version in force, 0: none yet. Raises Refused where there is not even a draft."""
    version = state.version or kind.shipped_version(id)
    if not version and not state.draft:
        raise Refused(UNKNOWN, f"There is no such {kind.name}.")
    return version


def _ordered(kind: Kind, command: OrderReassessment, version: int) -> list[RuleEvent]:
    if not version:
        raise Refused("not-published", f"The {kind.name} was never published.")
    return [kind.ordered(**asdict(command))]


def requested(kind: Kind, order: OrderReassessment) -> ReassessmentRequested:
    """The job that carries an order out."""
    return ReassessmentRequested(
        id=order.order_id, kind=kind.name, rule=order.id, by=order.by, metric=order.metric, ticket_ids=order.ticket_ids
    )


def _drafted(kind: Kind, command: Create | Draft, state: RuleState, at: datetime) -> list[RuleEvent]:
    rule = kind.rule(command.document)
    _check_reach(rule, {}, at)
    if rule.id != command.id:
        raise Flawed([("id", f"it is the draft of {command.id}")])
    if (state.draft, state.author) == (command.document, command.by):
        return []
    return [kind.drafted(id=command.id, document=dict(command.document), by=command.by)]


def _approved(kind: Kind, library: Library, command: Approve, state: RuleState, at: datetime) -> list[RuleEvent]:
    if state.draft is None:
        raise Refused("no-draft", f"The {kind.name} has no draft.")
    if state.author == command.by:
        raise Refused("own-draft", "Nobody approves a draft of their own.")
    if state.approved:
        return []
    _check_reach(kind.rule(state.draft), _shared(library), at)
    return [kind.approved(id=command.id, by=command.by)]


def _published(
    kind: Kind, library: Library, command: Publish, state: RuleState, version: int, at: datetime
) -> list[RuleEvent]:
    if state.draft is None:
        raise Refused("no-draft", f"The {kind.name} has no draft.")
    if not state.approved:
        raise Refused("not-approved", "Only a draft that was approved is published.")
    document = {**state.draft, "version": version}
    rule = kind.rule(document)
    if isinstance(rule, Policy):
        _check_calendars(library, rule)
    else:
        _check_users(library, rule, at)
    _check_reach(rule, _shared(library), at)
    return [kind.published(id=rule.id, number=version, known_as=rule.name, document=document, by=command.by)]


def _retired(kind: Kind, library: Library, command: Retire, state: RuleState, version: int) -> list[RuleEvent]:
    if not version:
        raise Refused("not-published", f"The {kind.name} was never published.")
    if state.retired:
        return []
    users = _users(library, command.id) if kind is CALENDAR else []
    if users:
        raise Refused(
            "calendar-in-use", f"Policies in force count in this calendar: {', '.join(users)}.", policies=users
        )
    return [kind.retired(id=command.id, number=version, by=command.by)]


def _check_calendars(library: Library, policy: Policy) -> None:
    in_force = {name.partition("/")[0] for name in library.calendars_in_force}
    if missing := sorted(policy.shared_calendars - in_force):
        raise Refused(
            "calendar-not-published",
            f"It counts in calendars that are not in force: {', '.join(missing)}.",
            calendars=missing,
        )


def _check_reach(rule: Rule, shared: Mapping[str, SiteHours], at: datetime) -> None:
    """No rule passes by which a clock could wait for ever. Raises Flawed."""
    if isinstance(rule, Policy):
        if flaws := list(out_of_reach(rule, shared, at)):
            raise Flawed(flaws)
    elif stays_closed(rule, at):
        raise Flawed([("holidays", CLOSED)])


def _check_users(library: Library, calendar: SharedCalendar, at: datetime) -> None:
    users = _users(library, calendar.id)
    short = [name for name in users if any(out_of_reach(library.policies[name], {calendar.id: calendar}, at))]
    if short:
        raise Refused(
            "calendar-too-short", f"It does not hold the targets of these policies: {', '.join(short)}.", policies=short
        )


def _shared(library: Library) -> Mapping[str, SiteHours]:
    return {name.partition("/")[0]: library.calendars[name] for name in library.calendars_in_force}


def _users(library: Library, calendar_id: str) -> list[str]:
    return [name for name in library.policies_in_force if calendar_id in library.policies[name].shared_calendars]


def rules_under(kind: Kind, library: Library) -> Decider[RuleCommand, RuleState, RuleEvent]:
    """The decider of one kind's rules; the library tells which others are in force."""
    return Decider(
        name=kind.name,
        events=Catalogue(kind.drafted, kind.approved, kind.published, kind.retired, kind.ordered),
        initial=RuleState(),
        decide=partial(decide, kind, library),
        evolve=evolve,
        status=lambda state: state.stage,
    )


policies = rules_under(POLICY, LIBRARY)
"""The policies, by id."""

calendars = rules_under(CALENDAR, LIBRARY)
"""The shared calendars, by id."""
