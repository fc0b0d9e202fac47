"""The figures of each desk's first page, and the rows that they lead to."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.web.conftest import Visit
from tests.web.pages import Stage
from tests.web.visitor import Visitor

LIST = "main [role=grid], main .empty, #pool, main table.plain"
"""What stands on a list's page once it is read: rows, or why there are none."""
SHOWS = """(number) => {
  const grid = document.querySelector("main [role=grid]");
  if (grid) {
    grid.scrollTop = grid.scrollHeight;
    return Number(grid.getAttribute("aria-rowcount")) === number + 1;
  }
  const rows = document.querySelectorAll("#pool ~ ul:first-of-type > li, main table.plain tbody tr");
  return rows.length === number;
}"""
"""Whether a page shows so many rows; of a long list the next ones are asked for."""


@pytest.mark.parametrize("role", ["agent", "triage", "dispatcher", "director"])
def test_each_figure_is_the_number_of_the_rows_that_it_leads_to(visit: Visit, stage: Stage, role: str) -> None:
    visitor: Visitor = visit()
    visitor.come_back(role, "/home")
    figures = visitor.page.locator(".home-figures a")
    figures.first.wait_for()
    for number in range(figures.count()):
        assert any(leads_to_its_rows(visitor, figures.nth(number)) for _ in range(5)), f"{role}'s figure {number}"


def leads_to_its_rows(visitor: Visitor, figure: Locator) -> bool:
    """Whether the list has as many rows as the figure said; between the two, what other tests left may go on."""
    visitor.page.goto(f"{visitor.desk.url}/home")
    expect(figure).to_have_text(re.compile(r"^\d+ "))
    number = int(figure.inner_text().split()[0])
    figure.click()
    visitor.page.locator(LIST).first.wait_for()
    return shows(visitor, number)


def shows_now(visitor: Visitor, number: int) -> bool:
    """Whether the page shows so many rows; where there are more to read, it begins to."""
    return bool(visitor.page.evaluate(SHOWS, number))


def shows(visitor: Visitor, number: int) -> bool:
    """Whether the page comes to show so many rows."""
    for _ in range(50):
        if shows_now(visitor, number):
            return True
        visitor.page.wait_for_timeout(200)
    return False
