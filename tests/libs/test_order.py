"""What lists are sorted by: the first of some columns that is not null, and rows without any at the end."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex

from libs.events.order import Order

DIALECT = make_url("postgresql+asyncpg://").get_dialect()()
EARLY, LATE = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)

visit = sa.Table(
    "visit",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("who", sa.Text),
    sa.Column("agreed", sa.DateTime(timezone=True)),
    sa.Column("offered", sa.DateTime(timezone=True)),
    sa.Column("level", sa.Integer),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
)
WHEN = Order(visit.c.agreed, visit.c.offered)


def told(clause: sa.ClauseElement) -> str:
    return str(clause.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))


def test_the_first_value_counts() -> None:
    assert WHEN.value({"agreed": LATE, "offered": EARLY}) == LATE
    assert WHEN.value({"agreed": None, "offered": EARLY}) == EARLY
    assert WHEN.value({"agreed": None, "offered": None}) is None


def test_a_row_without_one_is_the_last_by_the_expression_that_is_indexed() -> None:
    assert told(WHEN.by) == "coalesce(visit.agreed, visit.offered, 'infinity'::timestamptz)"
    assert told(WHEN.bound(None)) == "'infinity'::timestamptz"
    assert told(Order(visit.c.level).by) == "coalesce(visit.level, 2147483647)"


def test_what_is_never_null_is_compared_as_it_is() -> None:
    assert told(Order(visit.c.opened_at).by) == "visit.opened_at"


def test_its_indexes_are_named_by_what_they_are_for() -> None:
    WHEN.index()
    WHEN.index("who")
    WHEN.index(where="who IS NULL")
    when = "coalesce(agreed, offered, 'infinity'::timestamptz), id"
    assert {told(CreateIndex(index)) for index in visit.indexes} == {
        f"CREATE INDEX visit_by_agreed ON visit ({when})",
        f"CREATE INDEX visit_who_by_agreed ON visit (who, {when})",
        f"CREATE INDEX visit_open_by_agreed ON visit ({when}) WHERE who IS NULL",
    }
