"""A test with servers that fails has one second try, and what fails each time fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.second_try import FEW, second_try

TESTS_FAILED = pytest.ExitCode.TESTS_FAILED

RACED = """
from pathlib import Path

def test_raced():
    once = Path(__file__).with_name("once")
    had = once.exists()
    once.touch()
    assert had

def test_sound():
    pass
"""


def test_what_passes_at_its_second_try_is_named(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "test_them.py").write_text(RACED)
    command = [sys.executable, "-m", "pytest", "-q", "--cache-clear", "-n", "1"]
    ended = subprocess.run(command, cwd=tmp_path, check=False).returncode
    assert second_try(tmp_path, ended) == ["test_them.py::test_raced"]


def noted(folder: Path, *failed: str, tests: str) -> Path:
    """Where pytest noted that these of the tests failed."""
    (folder / "pytest.ini").write_text("[pytest]")
    (folder / "test_them.py").write_text(tests)
    cache = folder / ".pytest_cache/v/cache"
    cache.mkdir(parents=True)
    (cache / "lastfailed").write_text(json.dumps(dict.fromkeys(failed, True)))
    return folder


def test_what_fails_each_time_has_failed(tmp_path: Path) -> None:
    wrong = noted(tmp_path, "test_them.py::test_wrong", tests="def test_wrong(): assert False")
    assert second_try(wrong, TESTS_FAILED) == []


def test_what_fails_in_many_places_has_no_second_try(tmp_path: Path) -> None:
    names = [f"test_{n}" for n in range(FEW + 1)]
    tests = "\n".join(f"def {name}(): pass" for name in names)
    many = noted(tmp_path, *(f"test_them.py::{name}" for name in names), tests=tests)
    assert second_try(many, TESTS_FAILED) == []


def test_a_part_that_was_broken_off_has_no_second_try(tmp_path: Path) -> None:
    begun = noted(tmp_path, "test_them.py::test_sound", tests="def test_sound(): pass")
    assert second_try(begun, pytest.ExitCode.INTERRUPTED) == []


def test_a_part_that_broke_before_its_tests_has_no_second_try(tmp_path: Path) -> None:
    assert second_try(tmp_path, TESTS_FAILED) == []
