"""What the tree must look like, so that who knows one service knows all, and what must never stand in it."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from libs.services import EVENT_SERVICES, PROCESSES, SERVICES

ROOT = Path(__file__).resolve().parents[2]

PARTS = {"__init__.py", "__main__.py", "app.py", "migrations", "reactions.py", "refusals.py", "tables.py"}
"""What every service has, beside its concepts."""

OPTIONAL = {"erasures.py", "roles.py", "timers.py"}
"""What a service has that follows erasures, names groups of roles, or waits for deadlines."""

OWN = {"sla": {"calculate.py", "replay.py"}}
"""What one service has and says so here: command lines."""

KINDS = {"api", "domain", "view"}
"""What stands in a concept, beside its command line: a module each, or a package of modules by noun."""

WORK = {"alarm", "reassessment", "rules_in_force", "worker"}
"""What works beside requests; data lies beside them in folders and files of JSON."""

VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "constants"}
IMPURE = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid7"}
TEXTS = {
    *(".py", ".md", ".toml", ".lock", ".json", ".yaml", ".yml", ".sql", ".ini", ".mako", ".sh", ".cfg", ".txt", ""),
    *(".css", ".html", ".ts", ".tsx"),
}

KNOWN = (
    r"json-schema\.org|www\.apache\.org|semver\.org|doi\.org|cloudevents\.io|127\.0\.0\.1"
    r"|schemas\.openxmlformats\.org|[\w.-]*\bexample\.org|[\w-]+\.test|prometheus\.monitoring|kubernetes\.default"
)
HOSTS = re.compile(rf"https?://(?!(?:{KNOWN})\b)[\w-]+\.[\w.-]+|-index-url\b", re.IGNORECASE)
"""An address of the public internet that this project has no word about: most of all a package registry's."""

MACHINE = re.compile(r"(?<![\w.])(/work/|/root/|/home/[a-z]|/Users/[A-Za-z]|/tmp/(?!aftercare)[a-z]\w+/)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def files() -> list[Path]:
    """Every text file that is, or could be, committed."""
    run = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    paths = [ROOT / name for name in names]
    return [path for path in paths if path.is_file() and path.suffix in TEXTS and path != Path(__file__)]


def lines(pattern: re.Pattern[str]) -> list[str]:
    """Every line that the pattern finds, as path:number."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def modules(*folders: str) -> Iterator[Path]:
    """Every Python file under these folders."""
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def test_the_services_are_those_of_the_one_list() -> None:
    assert {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")} == set(SERVICES)


def concepts(service: str) -> list[Path]:
    """The folders of one service that each hold one concept."""
    folders = sorted(path.parent for path in (ROOT / "services" / service).glob("*/__init__.py"))
    assert folders
    return folders


@pytest.mark.parametrize("service", sorted(EVENT_SERVICES))
def test_every_service_has_the_same_parts(service: str) -> None:
    found = {path.name for path in (ROOT / "services" / service).iterdir() if path.name != "__pycache__"}
    found -= {path.name for path in concepts(service)}
    assert found - OPTIONAL - OWN.get(service, set()) == PARTS


@pytest.mark.parametrize("process", sorted(PROCESSES))
def test_every_process_without_a_log_has_the_same_parts(process: str) -> None:
    found = {path.name for path in (ROOT / "services" / process).iterdir()}
    assert PARTS - {"reactions.py"} <= found
    assert all((concept / "api.py").exists() for concept in concepts(process))


@pytest.mark.parametrize("service", sorted(EVENT_SERVICES))
def test_every_concept_has_the_same_names(service: str) -> None:
    for concept in concepts(service):
        found = {path.stem for path in concept.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
        assert found - WORK - {"__init__", "__main__"} <= KINDS, concept


def test_the_contracts_of_imports_name_every_concept() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    (named,) = (contract["containers"] for contract in contracts if contract["id"] == "concepts")
    found = [path.relative_to(ROOT) for service in sorted(EVENT_SERVICES) for path in concepts(service)]
    assert named == [path.as_posix().replace("/", ".") for path in found]


@pytest.mark.parametrize("service", sorted(EVENT_SERVICES))
def test_every_service_says_in_a_paragraph_what_it_is_responsible_for(service: str) -> None:
    tree = ast.parse((ROOT / "services" / service / "__init__.py").read_text(encoding="utf-8"))
    assert len(ast.get_docstring(tree) or "") > 80


def test_a_module_is_named_by_its_noun() -> None:
    everything = modules("libs", "services", "tools", "deploy", "demo", "bench", "tests")
    assert [path for path in everything if VAGUE & set(re.split(r"[_.]", path.stem))] == []


def test_no_registry_host_stands_in_the_tree() -> None:
    assert lines(HOSTS) == []


def test_no_path_of_a_machine_stands_in_the_tree() -> None:
    assert lines(MACHINE) == []


def test_nothing_is_left_unfinished() -> None:
    assert lines(UNFINISHED) == []


def test_every_ignored_type_error_has_a_code_and_a_reason() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\]\s+#\s*\w\w.+)")
    assert lines(bare) == []


def test_deciders_reactions_and_views_take_time_and_ids_as_arguments() -> None:
    pure = [
        path
        for path in modules("services")
        if any(part.removesuffix(".py") in {"domain", "view"} for part in path.relative_to(ROOT).parts[3:])
    ]
    pure += [ROOT / "services" / service / "reactions.py" for service in EVENT_SERVICES]
    assert [where for path in pure for where in impure_calls(path)] == []


def test_a_view_says_something_about_every_event() -> None:
    views = [path for path in modules("services") if "view" in {part.removesuffix(".py") for part in path.parts}]
    assert [where for path in views for where in open_matches(path)] == []


def open_matches(path: Path) -> Iterator[str]:
    """Every `match` in a file that a new type could go through in silence: its last case is not `assert_never`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Match) and not _closed(node.cases[-1].body):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def _closed(body: list[ast.stmt]) -> bool:
    call = body[0].value if isinstance(body[0], ast.Expr) else None
    return isinstance(call, ast.Call) and _called(call.func) == "assert_never"


def impure_calls(path: Path) -> Iterator[str]:
    """Every call in a file that reads a clock or makes a random id."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _called(node.func) in IMPURE:
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {_called(node.func)}()"


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_one_place_begins_transactions() -> None:
    begins = re.compile(r"\.transaction\(|\bBEGIN\b(?! ATOMIC)")
    found = {
        path for path in modules("libs/events", "services") if _says(path, begins) and "migrations" not in path.parts
    }
    assert {path.relative_to(ROOT).as_posix() for path in found} == {"libs/events/database/connections.py"}


def _says(path: Path, pattern: re.Pattern[str]) -> bool:
    code = ast.unparse(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))
    return pattern.search(code) is not None


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [line for line in node.body if not _docstring(line)] or [ast.Pass()]
    return tree


def _docstring(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)
