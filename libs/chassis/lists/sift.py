"""What no index finds quickly: rows are tested for it one by one, in the list's order, and so many at most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Passes = Callable[[sa.FromClause], Sequence[sa.ColumnElement[bool]]]


def directed(ends: Sequence[sa.ColumnElement[Any]], ascending: bool) -> list[sa.UnaryExpression[Any]]:
    """What a list is ordered by."""
    return [end.asc() if ascending else end.desc() for end in ends]


@dataclass(frozen=True, slots=True)
class Sift:
    """Conditions of a row, which the first `most` rows from a place on are tested for.

    A page may hold fewer rows than its limit, or none, and have a next one all the same: that goes on behind the last
    row that was tested. So an answer comes in time whatever is asked for, and who pages on misses nothing.
    """

    passes: Passes
    most: int

    def page(
        self, statement: sa.Select[Any], ends: Sequence[sa.ColumnElement[Any]], limit: int, ascending: bool = False
    ) -> sa.Select[Any]:
        """At most `limit` rows that pass, and as `tested_to` the last that was tested, if so many were.

        One statement answers both: between two, rows would come and go.
        """
        names = [f"end_{n}" for n in range(len(ends))]
        labels = [end.label(name) for name, end in zip(names, ends, strict=True)]
        tested = statement.add_columns(*labels).order_by(*directed(ends, ascending)).limit(self.most).cte("tested")
        order = directed([tested.c[name] for name in names], ascending)
        found = sa.select(tested, sa.false().label("tested_to")).where(*self.passes(tested))
        last = sa.select(tested, sa.true().label("tested_to")).order_by(*order).offset(self.most - 1).limit(1)
        either = sa.union_all(
            sa.select(found.order_by(*order).limit(limit).subquery()), sa.select(last.subquery())
        ).subquery()
        wanted = [either.c[column.name] for column in (*statement.selected_columns, either.c.tested_to)]
        return sa.select(*wanted).order_by(*directed([either.c[name] for name in names], ascending))

    def parted(self, rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """What `page` found: the rows that pass, and the last that was tested if the list goes on behind it."""
        told = [(row, row.pop("tested_to")) for row in rows]
        return [row for row, is_last in told if not is_last], next((row for row, is_last in told if is_last), None)

    def counted(self, statement: sa.Select[Any], value: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """By `value`, of the first `most` rows of an ordered statement: how many were `tested`, and how many pass."""
        tested = statement.add_columns(value.label("value")).limit(self.most).subquery()
        passed = sa.func.count().filter(*self.passes(tested)).label("count")
        return sa.select(tested.c.value, passed, sa.func.count().label("tested")).group_by(tested.c.value)

    def counts(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What `counted` found, as `Counts`."""
        passed = sorted((row for row in rows if row["count"]), key=lambda row: (row["value"] is None, row["value"]))
        items = [{"value": row["value"], "count": row["count"]} for row in passed]
        complete = sum(row["tested"] for row in rows) < self.most
        return {"total": sum(row["count"] for row in items), "complete": complete, "items": items}
