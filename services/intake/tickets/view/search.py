"""Tickets by words: any part of a number or a phone, a name, an address, what the customer said.

What is a word, and how its parts are found, say functions of the database (migration 0012), for the rows as for what is
asked, so that both mean the same. The indices stand on the tables that hold the words: there is no copy of them.
"""

import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from libs.events.database.schema import text
from services.intake.customers.view import contact
from services.intake.tickets.view.tickets import tickets

Match = Literal["number", "name", "phone", "address", "words"]

LEAST, LEAST_DIGITS, MOST_WORDS = 2, 3, 8
"""What each word has to have, and how many there are: one letter, or two digits, would find a part of all tickets."""

LEAST_OF_ADDRESS, MOST_OF_ADDRESS = 6, 200
"""A shorter address is of half a town; and of one house no more customers are looked at."""

_LETTERS: dict[str, str] = {"name": "n", "phones": "p", "address": "a"}
"""Of a contact's fields: what stands before their terms in its index."""
_MATCHES: dict[str, Match] = {"name": "name", "phones": "phone", "address": "address"}

_DIGITS = (
    "regexp_replace((jsonb_path_query_array(contact.phones, '$[*].e164')::text || ',') || "
    "jsonb_path_query_array(contact.phones, '$[*].typed')::text, '[^0-9,]', '', 'g')"
)


def _terms(sql: str) -> sa.ColumnElement[Any]:
    return sa.literal_column(sql, TSVECTOR)


OF_TICKET = _terms("search_terms('#', ticket.number)")
OF_CONTACT = _terms(
    f"((search_terms('n', contact.name) || search_terms('a', contact.address)) || search_terms('p', {_DIGITS}))"
)
OF_TEXT = _terms("search_terms('w', text.body)")
PLAIN = sa.literal_column("text.media_type = 'text/plain'", sa.Boolean)
"""Written out, as the index of some rows has it."""

sa.Index("ticket_search", sa.text("search_terms('#', number)"), postgresql_using="gin", _table=tickets)
sa.Index(
    "contact_search",
    sa.text(str(OF_CONTACT).replace("contact.", "")),
    postgresql_using="gin",
    _table=contact,
)


def words_of(asked: str) -> list[str]:
    """The words that are looked for. Raises ValueError for too many, and for one that is too short."""
    words = asked.split()
    if len(words) > MOST_WORDS:
        raise ValueError(f"should have at most {MOST_WORDS} words")
    for word in words:
        letters = [c for c in unicodedata.normalize("NFKC", word) if unicodedata.category(c)[0] in "LNM"]
        if len(letters) < (LEAST_DIGITS if all(c.isdigit() for c in letters) else LEAST):
            raise ValueError(
                f"should have words of at least {LEAST} letters, or {LEAST_DIGITS} digits, each: {word[:20]} is none"
            )
    return words


def sought(words: Sequence[str], fields: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """That a ticket has all of these words, each in whatever it is found by: of a contact in these fields alone."""
    return [tickets.c.id.in_(_with_word(word, fields)) for word in words]


def _with_word(word: str, fields: Collection[str]) -> sa.Select[Any]:
    """The ids of tickets with one word. Each index is asked alone and first: they find few, or nothing helps."""
    number = _first(sa.select(tickets.c.id).where(has(OF_TICKET, "#", word)))
    said = _first(sa.select(text.c.id, text.c.subject_id).where(has(OF_TEXT, "w", word), PLAIN))
    of_words = sa.select(tickets.c.id).join(
        said,
        (tickets.c.customer_id == said.c.subject_id)
        & ((tickets.c.summary_id == said.c.id) | (tickets.c.requirements_id == said.c.id)),
    )
    found = [sa.select(number.c.id), of_words]
    if fields:
        whose = _first(sa.select(contact.c.id).where(has(OF_CONTACT, letters_of(fields), word)))
        found.append(sa.select(tickets.c.id).join(whose, tickets.c.customer_id == whose.c.id))
    either = sa.union_all(*found).subquery()
    return sa.select(either.c.id)


def _first(query: sa.Select[Any]) -> sa.CTE:
    return query.cte().prefix_with("MATERIALIZED")


def letters_of(fields: Collection[str]) -> str:
    """What stands before the terms of these fields of a contact."""
    return "".join(_LETTERS[field] for field in fields)


def has(terms: sa.ColumnElement[Any], letters: str, word: str) -> sa.ColumnElement[bool]:
    """That these terms have the word, in fields with one of these letters."""
    return terms.op("@@", is_comparison=True)(sa.func.search_query(letters, word, type_=TSQUERY))


def having_address(written: str) -> sa.Select[Any]:
    """The ids of customers whose address has all of this one, however it is spaced and whatever its width."""
    if len("".join(written.split())) < LEAST_OF_ADDRESS:
        return sa.select(contact.c.id).where(sa.false())
    few = _first(sa.select(contact.c.id).where(has(OF_CONTACT, _LETTERS["address"], written)).limit(MOST_OF_ADDRESS))
    return sa.select(few.c.id)


def matches(ids: Sequence[str], words: Sequence[str], fields: Collection[str]) -> sa.Select[Any]:
    """Why each of these tickets was found: its id, and of each field whether a word was found there."""

    def any_word(terms: sa.ColumnElement[Any], letters: str) -> sa.ColumnElement[bool]:
        return sa.or_(*(has(terms, letters, word) for word in words))

    said = sa.select(sa.true()).where(
        text.c.id.in_([tickets.c.summary_id, tickets.c.requirements_id]), PLAIN, any_word(OF_TEXT, "w")
    )
    of_contact = [any_word(OF_CONTACT, _LETTERS[field]).label(_MATCHES[field]) for field in fields]
    return (
        sa.select(
            tickets.c.id,
            any_word(OF_TICKET, "#").label("number"),
            *of_contact,
            said.correlate(tickets).exists().label("words"),
        )
        .select_from(tickets.outerjoin(contact, contact.c.id == tickets.c.customer_id))
        .where(tickets.c.id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Text))))
    )
