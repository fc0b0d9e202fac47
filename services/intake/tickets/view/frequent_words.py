"""Words that a great part of all tickets have: tickets are tested for them in the list's order, and not gathered."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from libs.events.database.schema import text
from services.intake.customers.view import contact
from services.intake.tickets.view.search import OF_CONTACT, OF_TEXT, OF_TICKET, PLAIN, has, letters_of
from services.intake.tickets.view.tickets import tickets

MOST_GATHERED, MOST_CUSTOMERS = 20_000, 5_000
"""Of more numbers or texts, or of more customers, a word is common: 8 µs a ticket that is gathered."""

MOST_TESTED = 2_500
"""Tickets of one answer: 60 µs each."""


def commonness(words: Sequence[str], fields: Collection[str]) -> sa.Select[Any]:
    """One row, and in it of each word, in their order, whether it is common."""
    flags: list[Any] = [_is_common(word, fields).label(f"word_{n}") for n, word in enumerate(words)]
    return sa.select(*flags)


def _is_common(word: str, fields: Collection[str]) -> sa.ColumnElement[bool]:
    found = [
        _more_than(MOST_GATHERED, sa.select(tickets.c.id).where(has(OF_TICKET, "#", word))),
        _more_than(MOST_GATHERED, sa.select(text.c.id).where(has(OF_TEXT, "w", word), PLAIN)),
    ]
    if fields:
        whose = sa.select(contact.c.id).where(has(OF_CONTACT, letters_of(fields), word))
        found.append(_more_than(MOST_CUSTOMERS, whose))
    return sa.or_(*found)


def _more_than(most: int, query: sa.Select[Any]) -> sa.ColumnElement[bool]:
    some = query.limit(most + 1).subquery()
    return sa.select(sa.func.count() > most).select_from(some).scalar_subquery()


def having(row: sa.FromClause, words: Sequence[str], fields: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """That a ticket's row has all of these words: each is looked for where the row's own keys lead.

    What is asked of texts and of the contact are values, not existences: for these the planner would gather after all.
    """
    return [sa.or_(*_has_word(row, word, fields)) for word in words]


def _has_word(row: sa.FromClause, word: str, fields: Collection[str]) -> list[sa.ColumnElement[bool]]:
    number = has(sa.func.search_terms("#", row.c.number), "#", word)
    own = (text.c.id.in_([row.c.summary_id, row.c.requirements_id]), text.c.subject_id == row.c.customer_id, PLAIN)
    found = [number, sa.select(sa.func.bool_or(has(OF_TEXT, "w", word))).where(*own).scalar_subquery()]
    if fields:
        whose = sa.select(has(OF_CONTACT, letters_of(fields), word)).where(contact.c.id == row.c.customer_id)
        found.append(whose.scalar_subquery())
    return found
