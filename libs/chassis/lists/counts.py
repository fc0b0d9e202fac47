"""Counts of a list: how many rows fit its filters, by a value that they share."""

from pydantic import BaseModel, Field

MOST_COUNTED = 100_000
"""Rows of one answer: so many are counted in a third of a second at most, whatever the list holds. A search whose words
are common stops earlier."""


class Count(BaseModel):
    """数量 / How many rows share a value."""

    value: str | None = Field(
        description="取值 / As the filter of that name takes it; null: rows without one", examples=["open"]
    )
    count: int = Field(ge=1, description="数量 / Rows", examples=[12])


class Counts(BaseModel):
    """分组数量 / The rows of a list by a value of theirs."""

    total: int = Field(ge=0, description="合计 / All rows that were counted", examples=[12])
    complete: bool = Field(
        description=f"是否数完 / false: counting stopped, at {MOST_COUNTED:,} rows at the latest; there may be more",
        examples=[True],
    )
    items: list[Count] = Field(description="各值 / Values that some row has, in their order")
