"""The two recipes that a newcomer follows first cost what ADR 81 says, and what they make is there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.recipes import COMMAND, COUNT, ROOT, follow

LINES = {"a command with its event and its route": 36, "a count over many streams": 57}
"""By hand. Whoever makes a recipe longer says in ADR 81 what the line is for."""

PARTS = ("libs", "services", "docs/dispatch.md", "docs/operate.md", "docs/zh-CN", "web/src/words")

LOOK = """
from datetime import UTC, datetime
from types import SimpleNamespace

from libs.events.contracts.dispatch.work_orders import PartUsed, WorkOrderCreated
from services.dispatch.app import service
from services.dispatch.work_orders.domain.visit import UsePart, Visit, decide
from services.dispatch.work_orders.view import PartsRow, parts_count

created = WorkOrderCreated(
    ticket_id="t1", work_order_id="w1", customer_id="c1", visit=1, job_type="repair", skills=[]
)
(used,) = decide(UsePart("C-1", 2), created, "e1", Visit("on_site"))
assert used == PartUsed(ticket_id="t1", work_order_id="w1", part_number="C-1", quantity=2)
others = [SimpleNamespace(event=used), SimpleNamespace(event=created), SimpleNamespace(event=used)]
assert parts_count.added(others) == {"t1": PartsRow(ticket_id="t1", quantity=4)}

document = service.http().openapi()
command = document["paths"]["/v1/work-orders/{work_order_id}/parts"]["post"]
assert list(document["components"]["schemas"]["UsedPart"]["properties"]) == ["occurred_at", "part_number", "quantity"]
refused = command["responses"]["409"]["content"]["application/problem+json"]["schema"]["allOf"][1]
assert {"work-paused", "not-on-site", "overlap"} <= set(refused["properties"]["code"]["enum"])
listed = document["paths"]["/v1/parts"]["get"]
assert [parameter["name"] for parameter in listed["parameters"]] == ["ticket_id", "limit", "cursor"]
assert "dispatch.PartUsed" in service.catalogue
"""


def _copy(tree: Path) -> None:
    for part in (*PARTS, "CHANGELOG.md"):
        source, copy = ROOT / part, tree / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """A copy of the tree in which both recipes were followed, and how many lines each took."""
    folder = tmp_path_factory.mktemp("recipes")
    _copy(folder)
    return folder, [follow(COMMAND, folder), follow(COUNT, folder)]


def test_a_recipe_takes_as_many_lines_as_is_said(tree: tuple[Path, list[int]]) -> None:
    assert dict(zip(LINES, tree[1], strict=True)) == LINES


def test_what_the_recipes_make_is_as_lint_wants_it(tree: tuple[Path, list[int]]) -> None:
    files = sorted({str(tree[0] / name) for name in (*COMMAND, *COUNT) if name.endswith(".py")})
    ruff, config = [sys.executable, "-m", "ruff"], ["--no-cache", "--config", str(ROOT / "pyproject.toml"), *files]
    for wish in (["check", "--ignore", "I"], ["format", "--check"]):
        found = subprocess.run([*ruff, *wish, *config], capture_output=True, text=True)
        assert found.returncode == 0, found.stdout + found.stderr


def test_what_the_recipes_make_is_decided_counted_and_in_the_document(tree: tuple[Path, list[int]]) -> None:
    found = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=tree[0], env={"PYTHONPATH": str(tree[0])}, capture_output=True, text=True
    )
    assert (found.returncode, found.stderr) == (0, "")
