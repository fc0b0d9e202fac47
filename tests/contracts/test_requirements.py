"""What docs/requirements.md is made of: rows with one id each, and marks of tests that name rows which exist."""

import ast
from pathlib import Path

import pytest

from docs.requirements import LIST, listed, named, shown, unknown

MODULE = """
pytestmark = pytest.mark.requirement("R001")
CASES = [
    pytest.param(1, marks=pytest.mark.requirement("R002")),
    pytest.param(2, marks=[pytest.mark.requirement("R003")]),
]

@pytest.mark.requirement("R004", "R005")
@pytest.mark.parametrize("case", CASES)
def test_a(case): ...

@pytest.mark.parametrize("case", [pytest.param(1, marks=pytest.mark.requirement("R006")), 2])
async def test_b(case): ...

def test_c(): ...
"""


def test_every_requirement_that_a_test_names_is_listed() -> None:
    assert unknown(listed(), shown()) == []


def test_an_id_that_is_not_listed_is_noticed() -> None:
    assert unknown(listed(), {"R001": [], "R999": []}) == ["R999"]


def test_a_list_with_an_id_twice_is_refused(tmp_path: Path) -> None:
    head, row, *_ = LIST.read_text(encoding="utf-8").splitlines()
    twice = tmp_path / "twice.tsv"
    twice.write_text("\n".join([head, row, row]), encoding="utf-8")
    with pytest.raises(ValueError, match=r"twice\.tsv names R001 twice"):
        listed(twice)


def test_a_test_names_its_own_ids_and_those_of_its_cases_and_its_module() -> None:
    assert dict(named(ast.parse(MODULE), "test_x.py")) == {
        "test_a": ["R001", "R002", "R003", "R004", "R005"],
        "test_b": ["R001", "R006"],
        "test_c": ["R001"],
    }


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ('@pytest.mark.requirement("R001", "R001")\ndef test_a(): ...', "test_x.py: test_a names R001 twice"),
        ("@pytest.mark.requirement(*IDS)\ndef test_a(): ...", "otherwise than by its id"),
        ("@pytest.mark.requirement()\ndef test_a(): ...", "otherwise than by its id"),
        ('@pytest.mark.requirement("R001")\ndef a(): ...', "where no test is"),
        ('CASES = [pytest.param(1, marks=pytest.mark.requirement("R001"))]', "where no test is"),
        ("requirement = pytest.mark.requirement\ndef test_a(): ...", "where no test is"),
    ],
)
def test_a_mark_that_shows_nothing_is_refused(module: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list(named(ast.parse(module), "test_x.py"))
