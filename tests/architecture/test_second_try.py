"""A test with servers that fails has one second try, and what fails each time fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import __main__ as parts
from tests.second_try import FEW, second_try

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
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 1
    assert second_try(tmp_path) == ["test_them.py::test_raced"]


def noted(folder: Path, *failed: str) -> Path:
    """Where pytest noted that these tests failed."""
    cache = folder / ".pytest_cache/v/cache"
    cache.mkdir(parents=True)
    (cache / "lastfailed").write_text(json.dumps(dict.fromkeys(failed, True)))
    return folder


def test_what_fails_each_time_has_failed(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "test_them.py").write_text("def test_wrong(): assert False")
    assert second_try(noted(tmp_path, "test_them.py::test_wrong")) == []


def test_what_fails_in_many_places_has_no_second_try(tmp_path: Path) -> None:
    names = [f"test_{n}" for n in range(FEW + 1)]
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "test_them.py").write_text("\n".join(f"def {name}(): pass" for name in names))
    assert second_try(noted(tmp_path, *(f"test_them.py::{name}" for name in names))) == []


PURE_AND_SERVED = """
import pytest

def test_pure():
    pass

@pytest.mark.served
def test_with_a_server():
    pass
"""


@pytest.mark.parametrize(
    ("failed", "again"),
    [(["test_with_a_server"], True), (["test_pure"], False), (["test_with_a_server", "test_pure"], False)],
)
def test_what_bears_no_mark_where_one_is_asked_for_has_no_second_try(
    failed: list[str], again: bool, tmp_path: Path
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = served")
    (tmp_path / "test_them.py").write_text(PURE_AND_SERVED)
    names = [f"test_them.py::{name}" for name in failed]
    assert second_try(noted(tmp_path, *names), "served") == (names if again else [])


def test_who_has_a_server_beside_it_bears_the_mark() -> None:
    files = ["tests/chassis/test_process.py", "tests/triage/test_api.py", "tests/triage/test_domain_case.py"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "served", "-p", "no:cacheprovider", *files]
    told = subprocess.run(command, cwd=parts.ROOT, capture_output=True, text=True, check=True).stdout
    assert [file in told for file in files] == [True, True, False]


def test_a_part_that_broke_before_its_tests_has_no_second_try(tmp_path: Path) -> None:
    assert second_try(tmp_path) == []


def test_a_file_that_was_not_read_has_no_second_try(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "test_them.py").write_text("def test_sound(): pass")
    assert second_try(noted(tmp_path, "test_them.py")) == []


@pytest.mark.parametrize(
    ("part", "status", "passed"),
    [("browser", 1, True), ("browser", 3, False), ("unit", 1, True), ("architecture", 1, False)],
)
def test_only_a_part_with_servers_that_ran_to_its_end_has_a_second_try(
    part: str, status: int, passed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "second_try", lambda root, mark: ["test_them.py::test_raced"])
    raced: list[str] = []
    assert parts.run(part, iter([[sys.executable, "-c", f"raise SystemExit({status})"]]), raced) is passed
    assert bool(raced) is passed
