"""An account (用户档案): beside how to reach a customer, what kind of one they are, their people and their sites.

Names, numbers, addresses and positions are texts about the customer; events carry their ids. What was noted before
stays in the account's history until the customer is erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never, get_args

import msgspec

from libs.events import Catalogue, Decider, Event, event
from libs.events.kept_list import Bounds, Refusal, found, having, without

CustomerKind = Literal["person", "organisation"]
PEOPLE = Bounds(
    200,
    Refusal("too-many-people", "The customer has 200 people: remove one first."),
    Refusal("unknown-person", "Nobody of this id is among the customer's people."),
)
SITES = Bounds(
    200,
    Refusal("too-many-sites", "The customer has 200 sites: remove one first."),
    Refusal("unknown-site", "The customer has no site of this id."),
)
"""Of one account: all are shown at once, and the sites are one message of the contacts' topic."""
PersonRole = Literal["management", "engineering", "property", "security", "finance", "operation", "other"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to speak to. One of them answers for all on the owner's side; name and numbers are a text."""

    id: str
    role: PersonRole
    responsible: bool = False
    contact_id: str


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place of theirs. Its name, address and position are a text; `region` is as dispatch names it."""

    id: str
    region: str | None = None
    timezone: str
    place_id: str


@event("intake.CustomerClassified")
class CustomerClassified(Event, frozen=True, kw_only=True):
    """A person, or an organisation."""

    customer_id: str
    kind: CustomerKind


@event("intake.PersonNoted")
class PersonNoted(Event, frozen=True, kw_only=True):
    """Somebody to speak to, or what is other about them now."""

    customer_id: str
    person: Person


@event("intake.PersonRemoved")
class PersonRemoved(Event, frozen=True, kw_only=True):
    """They are nobody to speak to any more."""

    customer_id: str
    person_id: str


@event("intake.SiteNoted")
class SiteNoted(Event, frozen=True, kw_only=True):
    """A site, or what is other about it now."""

    customer_id: str
    site: Site


@event("intake.SiteRemoved")
class SiteRemoved(Event, frozen=True, kw_only=True):
    """The customer is there no more."""

    customer_id: str
    site_id: str


@dataclass(frozen=True, slots=True)
class ClassifyCustomer:
    customer_id: str
    kind: CustomerKind


@dataclass(frozen=True, slots=True)
class NotePerson:
    """Put somebody on the list; whose id is there already is put in their place, `known` says that it has to be."""

    customer_id: str
    person: Person
    known: bool = False


@dataclass(frozen=True, slots=True)
class RemovePerson:
    customer_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class NoteSite:
    """Put a site on the list; `known`: in the place of the one of its id."""

    customer_id: str
    site: Site
    known: bool = False


@dataclass(frozen=True, slots=True)
class RemoveSite:
    customer_id: str
    site_id: str


AccountCommand = ClassifyCustomer | NotePerson | RemovePerson | NoteSite | RemoveSite
AccountEvent = CustomerClassified | PersonNoted | PersonRemoved | SiteNoted | SiteRemoved


@dataclass(frozen=True, slots=True)
class Account:
    """The people and sites that are on the list, those noted first in front."""

    kind: CustomerKind | None = None
    people: tuple[Person, ...] = ()
    sites: tuple[Site, ...] = ()


def decide(command: AccountCommand, account: Account, at: datetime) -> Sequence[AccountEvent]:
    """The events of a command. Refuses to change or remove what is not on the list."""
    match command:
        case ClassifyCustomer(customer_id, kind):
            return [] if account.kind == kind else [CustomerClassified(customer_id=customer_id, kind=kind)]
        case NotePerson(customer_id, person, known):
            PEOPLE.check(account.people, person.id, known)
            return [PersonNoted(customer_id=customer_id, person=person)]
        case RemovePerson(customer_id, person_id):
            there = found(account.people, person_id)
            return [PersonRemoved(customer_id=customer_id, person_id=person_id)] if there else []
        case NoteSite(customer_id, site, known):
            SITES.check(account.sites, site.id, known)
            return [SiteNoted(customer_id=customer_id, site=site)]
        case RemoveSite(customer_id, site_id):
            stands = found(account.sites, site_id)
            return [SiteRemoved(customer_id=customer_id, site_id=site_id)] if stands else []
        case _:
            assert_never(command)


def evolve(account: Account, event: AccountEvent) -> Account:
    match event:
        case CustomerClassified():
            return replace(account, kind=event.kind)
        case PersonNoted():
            return replace(account, people=_with(account.people, event.person))
        case PersonRemoved():
            return replace(account, people=without(account.people, event.person_id))
        case SiteNoted():
            return replace(account, sites=having(account.sites, event.site))
        case SiteRemoved():
            return replace(account, sites=without(account.sites, event.site_id))
        case _:
            assert_never(event)


def _with(people: Sequence[Person], noted: Person) -> tuple[Person, ...]:
    """Them with who was noted; who is responsible from now on is so alone."""
    all_of_them = having(people, noted)
    if not noted.responsible:
        return all_of_them
    return tuple(each if each.id == noted.id else _beside(each) for each in all_of_them)


def _beside(person: Person) -> Person:
    return msgspec.structs.replace(person, responsible=False)


def status(account: Account) -> str:
    """One word for a command's answer."""
    return "on_file"


account: Decider[AccountCommand, Account, AccountEvent] = Decider(
    "account", Catalogue(*get_args(AccountEvent)), Account(), decide, evolve, status
)
