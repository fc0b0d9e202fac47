"""Which Pythons the unit tests run on: those that answer, however they are kept."""

import sys
from pathlib import Path

import pytest

from tests.pythons import found, others

ANSWERS, REFUSES = "#!/bin/sh\necho Python\n", "#!/bin/sh\nexit 127\n"


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_one_on_the_path_that_answers_is_taken(commands: Path) -> None:
    there = script(commands / "python3.12", ANSWERS)
    assert found("3.12") == there


def test_a_shim_of_pyenv_that_is_not_chosen_leads_to_the_one_behind_it(commands: Path, tmp_path: Path) -> None:
    script(commands / "python3.12", REFUSES)
    behind = script(tmp_path / "3.12.1/bin/python", ANSWERS)
    script(commands / "pyenv", f"#!/bin/sh\n[ $1 = prefix ] && echo {tmp_path}/$2.1\n")
    assert found("3.12") == behind


@pytest.mark.parametrize("shim", [REFUSES, None])
def test_one_that_is_nowhere_is_none(shim: str | None, commands: Path) -> None:
    if shim:
        script(commands / "python3.13", shim)
    assert found("3.13") is None


def test_the_newest_is_asked_always_and_those_between_by_full(commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FULL", raising=False)
    running = "{}.{}".format(*sys.version_info)
    assert [version for version, _ in others()] == [version for version in ["3.13"] if version != running]
    monkeypatch.setenv("FULL", "1")
    assert {version for version, _ in others()} == {"3.11", "3.12", "3.13"} - {running}
