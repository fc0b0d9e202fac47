"""Which tickets may be about one matter, and which were merged."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.customers.view import contact, found
from services.intake.tickets.domain.likeness import Likeness
from services.intake.tickets.view.queue import lines
from services.intake.tickets.view.search import having_address
from services.intake.tickets.view.tickets import tickets

MOST = 50
"""So many tickets are looked at for each thing that they may share, and shown of those merged: the newest of them.

So many customers who have one number are looked at, too.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is known of a ticket that may be about the matter of another: None is not known, and is not looked for."""

    customer_id: str | None = None
    asset_id: str | None = None
    phones: Collection[str] = ()
    address: str | None = None


def alike(matter: Matter, since: datetime, but: str | None = None) -> sa.Select[Any]:
    """The open tickets since then that share something with the matter, once for each thing: id and reason."""
    arms = [_shared(reason, column.in_(ids), since, but) for reason, column, ids in _shares(matter)]
    every = sa.union_all(*arms).subquery()
    return sa.select(every.c.id, every.c.reason)


def _shares(matter: Matter) -> list[tuple[Likeness, sa.Column[Any], Any]]:
    shares: list[tuple[Likeness, sa.Column[Any], Any]] = [
        ("customer", tickets.c.customer_id, [matter.customer_id]),
        ("asset", tickets.c.asset_id, [matter.asset_id]),
    ]
    # PostgreSQL takes 1 in 200 customers for one who has the number, and would go through all tickets for them.
    having = [found(digits=digits).limit(MOST) for digits in matter.phones]
    shares += [("phone", tickets.c.customer_id, _others(customers, matter)) for customers in having]
    if matter.address:
        shares.append(("address", tickets.c.customer_id, _others(having_address(matter.address), matter)))
    return shares


def _others(customers: sa.Select[Any], matter: Matter) -> sa.Select[Any]:
    """Of a customer's own tickets it says nothing that they have one number and one address."""
    found = customers.subquery()
    return sa.select(found.c.id).where(found.c.id != (matter.customer_id or ""))


def _shared(reason: Likeness, condition: sa.ColumnElement[bool], since: datetime, but: str | None) -> sa.Select[Any]:
    going_on = tickets.c.status.not_in(("closed", "cancelled"))
    newest = (
        sa.select(tickets.c.id, sa.literal(reason, sa.Text).label("reason"))
        .where(condition, going_on, tickets.c.opened_at >= since, tickets.c.id != (but or ""))
        .order_by(tickets.c.opened_at.desc(), tickets.c.id.desc())
        .limit(MOST)
    ).subquery()
    return sa.select(newest.c.id, newest.c.reason)


def merged(ticket_id: str) -> sa.Select[Any]:
    """The tickets that this one stands for, those too that were merged into one of them, as lines of the queue.

    One more than MOST where there are more.
    """
    direct = sa.select(tickets.c.id).where(tickets.c.duplicate_of == ticket_id).cte("merged", recursive=True)
    every = direct.union(sa.select(tickets.c.id).where(tickets.c.duplicate_of == direct.c.id))
    newest = (tickets.c.opened_at.desc(), tickets.c.id.desc())
    return lines({}).where(tickets.c.id.in_(sa.select(every.c.id))).order_by(*newest).limit(MOST + 1)


def reached(customer_id: str) -> sa.Select[Any]:
    """By what a customer can be reached, to look for others who share it."""
    return sa.select(contact.c.phones, contact.c.address).where(contact.c.id == customer_id)
