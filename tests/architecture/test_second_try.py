"""A test with servers that fails has one second try, and what fails each time fails."""

import subprocess
import sys
from pathlib import Path

from tests.second_try import FEW, second_try

RACED = """
def test_raced():
    once = Path(__file__).with_name("once")
    had = once.exists()
    once.touch()
    assert had
"""


def failed(folder: Path, tests: str) -> Path:
    """Where these tests were run, as `python -m tests` runs a part."""
    (folder / "pytest.ini").write_text("[pytest]")
    (folder / "test_them.py").write_text(f"from pathlib import Path\n{tests}")
    command = [sys.executable, "-m", "pytest", "-q", "--cache-clear", "-n", "1"]
    assert subprocess.run(command, cwd=folder, check=False).returncode == 1
    return folder


def test_what_passes_at_its_second_try_is_named(tmp_path: Path) -> None:
    assert second_try(failed(tmp_path, RACED + "def test_sound(): pass")) == ["test_them.py::test_raced"]


def test_what_fails_each_time_has_failed(tmp_path: Path) -> None:
    assert second_try(failed(tmp_path, RACED + "def test_wrong(): assert False")) == []


def test_what_fails_in_many_places_has_no_second_try(tmp_path: Path) -> None:
    many = "\n".join(RACED.replace("raced", f"raced_{n}").replace("once", f"once_{n}") for n in range(FEW + 1))
    assert second_try(failed(tmp_path, many)) == []


def test_a_part_that_broke_before_its_tests_has_no_second_try(tmp_path: Path) -> None:
    assert second_try(tmp_path) == []
