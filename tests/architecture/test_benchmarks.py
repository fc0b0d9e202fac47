"""What was measured stays: a run of one benchmark leaves the rows of the others as they are."""

from pathlib import Path

import pytest

from bench import latest
from bench.comparison import Row

APPEND = Row("append", "bare insert", 0.7, 0.5, 0.8, 7, 120.0)
RELAY = Row("relay", "raw send", 0.9, 0.7, 1.4, 7, 60.0)


def test_a_run_of_one_benchmark_keeps_the_rows_of_the_others_and_their_order(tmp_path: Path) -> None:
    path, again = tmp_path / "latest.json", Row("append", "bare insert", 0.8, 0.5, 0.8, 7, 110.0)
    latest.write([APPEND, RELAY], path)
    latest.write(latest.merged(latest.read(path), [again]), path)
    assert latest.read(path) == [again, RELAY]


def test_the_same_path_against_another_peer_is_another_row() -> None:
    other = Row("append", "an ORM", 12.0, 4, 6, 7, 140.0)
    assert latest.merged([APPEND, RELAY], [other]) == [APPEND, RELAY, other]


def test_nothing_was_measured_yet(tmp_path: Path) -> None:
    assert latest.merged(latest.read(tmp_path / "latest.json"), [APPEND]) == [APPEND]


def test_a_row_says_when_and_of_which_revision_it_is() -> None:
    row = latest.stamped(APPEND, "0123abc")
    assert (row.path, row.ratio, row.revision) == ("append", 0.7, "0123abc")
    assert row.measured_at.endswith("Z")


def test_without_git_nobody_knows_which_commit_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert latest.revision() == ""


def test_what_stands_has_each_row_once() -> None:
    found = [(row.path, row.against) for row in latest.read()]
    assert found
    assert len(set(found)) == len(found)
