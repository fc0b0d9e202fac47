"""The table of who sees which field of a contact says in both languages what the code does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from libs.chassis.http.contacts import Sees
from services.dispatch.contacts.api import SEES as DISPATCH
from services.intake.customers.api.forms import SEES as INTAKE
from services.survey.callbacks.api import SEES as SURVEY

DOCS = Path(__file__).parents[2] / "docs"
COLUMNS: tuple[Sees, ...] = (INTAKE, DISPATCH, SURVEY)
WORDS: Mapping[str, Mapping[str, str]] = {
    "privacy.md": {"name": "name", "phones": "phones", "address": "address"},
    "zh-CN/privacy.md": {"姓名": "name", "电话": "phones", "地址": "address"},
}


@pytest.mark.parametrize("page", WORDS)
def test_the_table_is_the_code(page: str) -> None:
    words = WORDS[page]
    roles = {role for sees in COLUMNS for role in sees}
    rows = [line.strip("|").split("|") for line in (DOCS / page).read_text().splitlines() if line.startswith("| ")]
    told = {row[0].split()[0]: [_fields(cell, words) for cell in row[1:]] for row in rows if row[0].split()[0] in roles}
    assert told == {role: [set(sees.get(role, ())) for sees in COLUMNS] for role in roles}


def _fields(cell: str, words: Mapping[str, str]) -> set[str]:
    return {words[word.strip()] for word in cell.replace("、", ",").split(",") if word.strip()}
