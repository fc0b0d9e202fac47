"""Pages and tables in Markdown, as the made pages have them."""

from collections.abc import Iterable

MADE = "<!-- Made by `make golden` from the code: change it there. -->"


def page(title: str, *parts: str) -> str:
    """A made page: a title, and parts with a blank line between them."""
    return "\n\n".join([title, MADE, *parts]) + "\n"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table; what would end a cell early is escaped."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
