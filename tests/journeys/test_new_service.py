"""Adding a service takes a copy of the smallest and three edits, as the guide says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import OUTER_SERVERS
from tests.journeys.new_service import EDITS, ROOT, new_service

pytestmark = pytest.mark.long


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in the tree, with servers of its own where it needs some: topics are named after services."""
    unwanted = (OUTER_SERVERS, "PYTEST_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done


def test_a_new_service_takes_three_edits_and_takes_part_in_a_journey(tmp_path: Path) -> None:
    tree = new_service(tmp_path)
    run(tree, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    run(tree, sys.executable, "-m", "tools.golden")
    assert (tree / "docs/events/asyncapi/care.json").exists()
    journey = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'base'}")
    assert "1 passed" in run(tree, *journey, "tests/journeys/test_care.py").stdout


def test_the_guide_says_exactly_these_edits() -> None:
    guide = (ROOT / "docs/add-a-service.md").read_text(encoding="utf-8")
    for file in EDITS:
        assert f"`{file}`" in guide
