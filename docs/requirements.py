"""docs/requirements.md: every requirement that software can hold or help to hold, with the tests that show it.

The rows stand in docs/requirements.tsv. A test names those that it shows, `@pytest.mark.requirement("R001")`; this page
is made from these marks.
"""

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from docs.markdown import page, table

HERE = Path(__file__).resolve().parent
LIST = HERE / "requirements.tsv"
TESTS = HERE.parent / "tests"

MARKS = {"Y": "Y: software holds it", "P": "P: software helps people to hold it"}


class Requirement(NamedTuple):
    """A row of the source; `mark` is Y if software can enforce, compute or record it, and P if it can help."""

    id: str
    service: str
    mark: str
    obligation: str
    anchor: str


class Proof(NamedTuple):
    """A test function, by its file below tests/ and its name."""

    path: str
    name: str


Shown = Mapping[str, Sequence[Proof]]
"""The tests that show a requirement, by its id."""


def listed(path: Path = LIST) -> list[Requirement]:
    """Every requirement, in the order of their ids. Raises ValueError for an id twice."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [Requirement(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    _once([row.id for row in rows], path.name)
    return sorted(rows)


def shown(folder: Path = TESTS) -> dict[str, list[Proof]]:
    """The tests below a folder that name each id, in the order of their files."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for name, ids in named(ast.parse(path.read_text(encoding="utf-8")), path.name):
            for id in ids:
                found[id].append(Proof(path.relative_to(folder).as_posix(), name))
    return dict(found)


def named(tree: ast.Module, where: str) -> Iterator[tuple[str, list[str]]]:
    """Every test of a module with the ids that it names: its own, its cases' and the module's `pytestmark`.

    Raises ValueError for a mark that belongs to no test, a mark that names an id twice, and ids that are no literals.
    """
    tables = {name: node.value for node in tree.body if isinstance(node, ast.Assign) for name in _targets(node)}
    used: set[ast.expr] = set()
    for test in tree.body:
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test_"):
            asked = {"pytestmark"}.union(*map(_names, test.decorator_list))
            places = [*test.decorator_list, *(value for name, value in tables.items() if name in asked)]
            marks = [mark for place in places for mark in _marks(place)]
            used.update(mark.func for mark in marks)
            yield test.name, sorted({id for mark in marks for id in _literals(mark, f"{where}: {test.name}")})
    if any(_is_mark(node) and node not in used for node in ast.walk(tree)):
        raise ValueError(f"{where} names a requirement where no test is.")


def _targets(node: ast.Assign) -> set[str]:
    return set().union(*map(_names, node.targets))


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _marks(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_mark(node.func)]


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "requirement"


def _literals(mark: ast.Call, where: str) -> list[str]:
    ids = [argument.value for argument in mark.args if isinstance(argument, ast.Constant)]
    if not ids or len(ids) != len(mark.args) + len(mark.keywords):
        raise ValueError(f"{where} names a requirement otherwise than by its id.")
    _once(ids, where)
    return list(map(str, ids))


def _once(ids: Sequence[object], where: str) -> None:
    twice = [id for number, id in enumerate(ids) if id in ids[:number]]
    if twice:
        raise ValueError(f"{where} names {twice[0]} twice.")


def unknown(rows: Sequence[Requirement], tests: Shown) -> list[str]:
    """The ids that a test names and the list does not have."""
    return sorted(tests.keys() - {row.id for row in rows})


def requirements() -> str:
    """The page, with how many rows of each service are shown at its head."""
    rows, tests = listed(), shown()
    return page(
        "# Requirements",
        "The project follows a source that collects some twenty after-sales plans of companies. These are its "
        "obligations that software can hold (Y: enforce, compute or record) or help people to hold (P: a checklist, a "
        "reminder, an attribute), each with its place in the source, in Chinese, and the tests that fail were it not "
        "held. *Not yet*: no test shows it, mostly because nothing does it so far. The numbers of the plans' time "
        "limits are in [sla-presets.md](sla-presets.md).",
        _head(rows, tests),
        *(part for service in _services(rows) for part in _of_service(service, rows, tests)),
    )


def _services(rows: Sequence[Requirement]) -> list[str]:
    return list(dict.fromkeys(row.service for row in rows))


def _head(rows: Sequence[Requirement], tests: Shown) -> str:
    lines = [
        _counts(f"[{name}](#{name})", [row for row in rows if row.service == name], tests) for name in _services(rows)
    ]
    return table(["service", *(f"{text}, shown" for text in MARKS.values())], [*lines, _counts("all", rows, tests)])


def _counts(name: str, rows: Sequence[Requirement], tests: Shown) -> list[str]:
    return [name, *(_ratio([row for row in rows if row.mark == mark], tests) for mark in MARKS)]


def _ratio(rows: Sequence[Requirement], tests: Shown) -> str:
    return f"{sum(row.id in tests for row in rows)} of {len(rows)}"


def _of_service(service: str, rows: Sequence[Requirement], tests: Shown) -> Iterator[str]:
    yield f"## {service}"
    yield table(["id", "mark", "obligation", "in the source", "shown by"], _lines(service, rows, tests))


def _lines(service: str, rows: Sequence[Requirement], tests: Shown) -> Iterator[list[str]]:
    for row in rows:
        if row.service == service:
            by = "<br>".join(_linked(test) for test in tests.get(row.id, ())) or "not yet"
            yield [row.id, row.mark, row.obligation, row.anchor, by]


def _linked(test: Proof) -> str:
    sentence = test.name.removeprefix("test_").replace("_", " ")
    return f"[{test.path.split('/')[0]}: {sentence}](../tests/{test.path})"
