"""`make golden` adds to what was published, and refuses to change it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from libs.events import Published, event
from libs.events.contracts.language import PUBLISHERS
from tools.golden import ASYNCAPI, GOLDEN, SCHEMAS, main

Release = Callable[..., int]


@event("notes.Taken")
class Taken(Published, frozen=True, kw_only=True):
    """A note was taken."""

    note_id: str


@event("notes.Taken")
class Coloured(Published, frozen=True, kw_only=True):
    """The same with an optional field more."""

    note_id: str
    colour: str | None = None


@event("notes.Taken")
class Renamed(Published, frozen=True, kw_only=True):
    """The same version with a field by another name."""

    paper_id: str


@event("notes.Taken", version=2)
class Second(Published, frozen=True, kw_only=True):
    """The next version, where that is allowed."""

    paper_id: str


def rename(fields: dict[str, Any]) -> dict[str, Any]:
    """Version 1 to 2."""
    return {"paper_id": fields["note_id"]}


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Release:
    """`make golden` after the notes service's one event became this class: the exit status."""

    def make(cls: type[Published] | None, upcasters: Mapping[tuple[str, int], Any] | None = None) -> int:
        notes, concept = ModuleType("notes", "What notes tell the others."), ModuleType(__name__)
        vars(concept).update({"UPCASTERS": upcasters or {}} | ({cls.__name__: cls} if cls else {}))
        vars(notes).update({"CONCEPTS": (concept,)})
        monkeypatch.setitem(PUBLISHERS, "notes", notes)
        return main(tmp_path)

    return make


def files(root: Path) -> dict[str, bytes]:
    """Every golden file of notes.Taken, by name."""
    return {path.name: path.read_bytes() for path in (root / GOLDEN / "notes.Taken").glob("*")}


def test_a_first_version_gets_its_schema_and_its_golden_file(release: Release, tmp_path: Path) -> None:
    assert release(Taken) == 0
    assert list(files(tmp_path)) == ["1.json"]
    assert json.loads((tmp_path / SCHEMAS / "notes.Taken/1.json").read_text())["required"] == ["note_id"]
    assert "Taken-1" in json.loads((tmp_path / ASYNCAPI / "notes.json").read_text())["components"]["messages"]


def test_a_second_run_writes_nothing(release: Release, capsys: pytest.CaptureFixture[str]) -> None:
    release(Taken)
    capsys.readouterr()
    assert release(Taken) == 0
    assert capsys.readouterr().out == ""


def test_an_optional_field_adds_a_golden_file_and_changes_none(release: Release, tmp_path: Path) -> None:
    release(Taken)
    before = files(tmp_path)
    assert release(Coloured) == 0
    assert files(tmp_path).items() > before.items()
    assert set(files(tmp_path)) == {"1.json", "1.2.json"}


def test_an_optional_field_may_not_go_again(release: Release, capsys: pytest.CaptureFixture[str]) -> None:
    release(Coloured)
    assert release(Taken) == 1
    assert "version 1: colour was removed" in capsys.readouterr().err


def test_a_renamed_field_is_refused_and_nothing_is_written(release: Release, tmp_path: Path) -> None:
    release(Taken)
    before = (tmp_path / SCHEMAS / "notes.Taken/1.json").read_bytes()
    assert release(Renamed) == 1
    assert (tmp_path / SCHEMAS / "notes.Taken/1.json").read_bytes() == before
    assert list(files(tmp_path)) == ["1.json"]


def test_a_new_version_needs_an_upcaster(release: Release, capsys: pytest.CaptureFixture[str]) -> None:
    release(Taken)
    assert release(Second) == 1
    assert "notes.Taken version 1: an upcaster is missing" in capsys.readouterr().err


def test_a_new_version_with_an_upcaster_stands_beside_the_old_one(release: Release, tmp_path: Path) -> None:
    release(Taken)
    assert release(Second, {("notes.Taken", 1): rename}) == 0
    assert set(files(tmp_path)) == {"1.json", "2.json"}
    messages = json.loads((tmp_path / ASYNCAPI / "notes.json").read_text())["components"]["messages"]
    assert list(messages) == ["Taken-1", "Taken-2"]


def test_a_published_type_may_not_disappear(release: Release, capsys: pytest.CaptureFixture[str]) -> None:
    release(Taken)
    assert release(None) == 1
    assert "no class has this type name any more" in capsys.readouterr().err
