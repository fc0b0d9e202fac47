"""A policy tried on the past: `python -m services.sla.replay --log FILE --policy FILE` judges every case of a log.

It prints one JSON object a case, in the log's order: {case, metric, target_seconds, counted_seconds, breached,
deadline}. It needs no database and no settings. A line that cannot be judged is named on standard error and the rest
goes on. Exit status: 0, or 1 if a case has no answer, or 2 if none has, because a file or an option is wrong.
"""

import gzip
import os
import sys
import zlib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from services.sla.calendars.domain.calendar import Calendar
from services.sla.replays.domain.log_case import Course, LogCase, LogPolicy, course

A_DAY = timedelta(days=1)
"""What the clock that wrote a log may be ahead of this one."""
GZIP = b"\x1f\x8b"
CLOSED = "standard output was closed before all was written"
Row = dict[str, Any]


class Unreadable(Exception):
    """A file that nothing can be answered from: which, and why."""


class Line(NamedTuple):
    """A case of the log as far as it has to be kept until the log's last instant is known."""

    number: int
    case: str | int
    course: Course


class Replay:
    """One log under one policy: `read` it, then ask for the `rows`. `wrong` counts the lines that have none."""

    def __init__(self, policy: LogPolicy, now: datetime | None = None) -> None:
        self.policy = policy
        self._latest = (datetime.now(UTC) if now is None else now) + A_DAY
        self.wrong = 0
        self._calendar = Calendar(policy.calendar)
        self._lines: list[Line] = []
        self._last = datetime.min.replace(tzinfo=UTC)

    def read(self, log: Iterable[bytes]) -> None:
        """Take in the cases, one a line; blank lines do not count."""
        decoder = msgspec.json.Decoder(LogCase)
        for number, line in enumerate(log, 1):
            if line.strip():
                with self._naming(number):
                    self._take(number, decoder.decode(line))

    def rows(self) -> Iterator[Row]:
        """What is printed of each case, in the log's order."""
        for line in self._lines:
            with self._naming(line.number):
                yield self._row(line)

    def _take(self, number: int, case: LogCase) -> None:
        # One slip, such as the year 2999, would be the log's last instant, by which all open cases are judged.
        if (late := max(change.at for change in case.events)) > self._latest:
            raise ValueError(f"a change lies in the future: {late.isoformat()}")
        # The instants of a case without a target are in the log all the same.
        self._last = max(self._last, *(change.at for change in case.events))
        self._lines.append(Line(number, case.case, course(case.events, self.policy)))

    def _row(self, line: Line) -> Row:
        verdict = line.course.judge(self._calendar, self._last)
        return {
            "case": line.case,
            "metric": self.policy.metric,
            "target_seconds": _seconds(line.course.target),
            "counted_seconds": _seconds(verdict.counted),
            "breached": verdict.breached,
            "deadline": verdict.deadline and verdict.deadline.astimezone(self.policy.calendar.zone).isoformat(),
        }

    @contextmanager
    def _naming(self, number: int) -> Iterator[None]:
        try:
            yield
        except (ValueError, OverflowError, RecursionError) as error:
            self.wrong += 1
            complain(f"line {number}: {error}")


def policy_of(path: Path) -> LogPolicy:
    """The policy in a file. Raises Unreadable with the place and the reason."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=LogPolicy)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: {error}") from error


def read(replay: Replay, path: Path) -> None:
    """Take in a log, packed with gzip or not. Raises Unreadable, also for a packed one that breaks off."""
    try:
        with path.open("rb") as file:
            replay.read(_unpacked(file, path))
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _unpacked(file: BufferedReader, path: Path) -> Iterable[bytes]:
    packed = path.suffix == ".gz" or file.peek(2)[:2] == GZIP
    return gzip.open(file) if packed else file


def _seconds(counted: timedelta) -> int | float:
    seconds = counted.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def complain(sentence: str) -> None:
    """One line on standard error."""
    print(f"replay: {' '.join(sentence.split())}", file=sys.stderr)


def _asked() -> Namespace:
    options = ArgumentParser("python -m services.sla.replay", description="Judge every case of a log under a policy.")
    options.add_argument("--log", type=Path, required=True, help="cases, one JSON object a line: .jsonl or .jsonl.gz")
    options.add_argument("--policy", type=Path, required=True, help="metric, calendar, targets and statuses as JSON")
    return options.parse_args()


def main() -> int:
    """Both files in, the answers to standard output. Returns the exit status."""
    asked = _asked()
    try:
        replay = Replay(policy_of(asked.policy))
        read(replay, asked.log)
    except Unreadable as trouble:
        complain(str(trouble))
        return 2
    try:
        _write(replay)
    except OSError as error:
        # The interpreter flushes once more as it ends: into nothing, so that this stays the only line.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        complain(CLOSED if isinstance(error, BrokenPipeError) else f"standard output: {error.strerror}")
        return 1
    return 1 if replay.wrong else 0


def _write(replay: Replay) -> None:
    encode, out = msgspec.json.Encoder().encode, sys.stdout.buffer
    for row in replay.rows():
        out.write(encode(row) + b"\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
