"""Tickets by any part of their number, of their words, and of their customer's name, phones and address."""

import sqlalchemy as sa
from alembic import op

revision = "intake_0012"
down_revision = "intake_0011"

# What is written one way and meant the same: width (NFKC), case, dashes, and what nobody sees. The rest of what is no
# letter and no digit parts words. Collations that every server has, so that an index means the same on each.
WORDS = r"""
CREATE FUNCTION search_words(written text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
    SELECT found.word[1] FROM regexp_matches(
        regexp_replace(
            lower(normalize(written, NFKC) COLLATE pg_c_utf8),
            '[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\-\u2010-\u2015\u2212]', '', 'g'
        ),
        '[a-z0-9]+|[^\u0001-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u3004\u3008-\u3020\u3030\u30fb\ufffd]+', 'g'
    ) AS found (word);
END
"""

# The beginning of every ending of a word: 24 characters of a number or a Latin word, two of any other script, whose
# words no blanks part. Before each stands what it is of, one letter.
TERMS = """
CREATE FUNCTION search_terms(field text, written text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
BEGIN ATOMIC
    SELECT coalesce(array_to_tsvector(array_agg(
        DISTINCT field || substr(word, start, CASE WHEN word < '{' COLLATE "C" THEN 24 ELSE 2 END)
    )), '')
    FROM search_words(written) AS word, generate_series(1, length(word)) AS start;
END
"""

# That one of these fields, a letter each, holds all of what was written: cut as the terms are, the last piece as a
# beginning.
QUERY = """
CREATE FUNCTION search_query(fields text, written text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
BEGIN ATOMIC
    SELECT string_agg(asked.pieces, ' | ')::tsquery FROM (
        SELECT '(' || string_agg(format('%L:*', field || substr(word, start, width)), ' & ') || ')' AS pieces
        FROM regexp_split_to_table(fields, '') AS field, search_words(written) AS word,
            LATERAL (SELECT CASE WHEN word < '{' COLLATE "C" THEN 24 ELSE 2 END) AS one (width),
            generate_series(1, greatest(length(word) - width + 1, 1)) AS start
        GROUP BY field
    ) AS asked;
END
"""

DIGITS = (
    "regexp_replace((jsonb_path_query_array(phones, '$[*].e164')::text || ',') || "
    "jsonb_path_query_array(phones, '$[*].typed')::text, '[^0-9,]', '', 'g')"
)
INDEXES = {
    "ticket_search": ("ticket", "search_terms('#', number)", None),
    "contact_search": (
        "contact",
        f"((search_terms('n', name) || search_terms('a', address)) || search_terms('p', {DIGITS}))",
        None,
    ),
    "text_search": ("text", "search_terms('w', body)", "media_type = 'text/plain'"),
}


def upgrade() -> None:
    for function in (WORDS, TERMS, QUERY):
        op.execute(function)
    with op.get_context().autocommit_block():
        for name, (table, terms, where) in INDEXES.items():
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                table,
                [sa.text(terms)],
                postgresql_using="gin",
                postgresql_where=sa.text(where) if where else None,
                if_not_exists=True,
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.drop_index(name, postgresql_concurrently=True)
    for function in ("search_query(text, text)", "search_terms(text, text)", "search_words(text)"):
        op.execute(f"DROP FUNCTION {function}")
