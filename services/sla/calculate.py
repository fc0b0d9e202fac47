"""Calendar arithmetic for any program: `python -m services.sla.calculate` answers JSON lines with JSON lines.

One case a line on standard input, one answer a line: {"id", "result"} or {"id", "error"}; a bad line answers with its
error and the rest goes on. It needs no database and no settings. A case is opening hours (`timezone`, `weekly_hours`,
`holidays`, `extra_working`), a `start` with offset, `pauses` and an `op`: `add` of `amount_seconds` → ISO instant in
the calendar's zone; `elapsed` to `end` → seconds, negative for a reversed span; `is_open` → true or false.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from services.sla.domain.calendar import Calendar, Pause
from services.sla.domain.opening_hours import Instant, OpeningHours

Result = str | int | float | bool


class Named(msgspec.Struct):
    """What a line needs to be answered at all."""

    id: str | int | None = None


class Case(Named, kw_only=True):
    """One line. The opening hours stay as they were written, so that equal ones are compiled once."""

    timezone: msgspec.Raw
    weekly_hours: msgspec.Raw
    holidays: msgspec.Raw = msgspec.Raw(b"[]")
    extra_working: msgspec.Raw = msgspec.Raw(b"[]")
    op: Literal["add", "elapsed", "is_open"]
    start: Instant
    end: Instant | None = None
    amount_seconds: int | float | None = None
    pauses: tuple[tuple[Instant, Instant], ...] = ()


def answers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One answer for every line that is not blank, in order."""
    for line in lines:
        if line.strip():
            yield msgspec.json.encode(_answer(line))


def _answer(line: bytes) -> dict[str, object]:
    try:
        case = msgspec.json.decode(line, type=Case)
        return {"id": case.id, "result": _result(case)}
    except OverflowError:
        return {"id": _id(line), "error": "an amount or instant is beyond what a calendar holds"}
    except (ValueError, RecursionError) as error:
        return {"id": _id(line), "error": str(error)}


def _id(line: bytes) -> str | int | None:
    try:
        return msgspec.json.decode(line, type=Named).id
    except (ValueError, RecursionError):
        return None


def _result(case: Case) -> Result:
    written = (case.timezone, case.weekly_hours, case.holidays, case.extra_working)
    calendar = _calendar(*map(bytes, written))
    operations: dict[str, Callable[[Calendar, Case, tuple[Pause, ...]], Result]] = {
        "add": _add,
        "elapsed": _elapsed,
        "is_open": lambda calendar, case, _: calendar.is_open(case.start),
    }
    return operations[case.op](calendar, case, case.pauses)


def _add(calendar: Calendar, case: Case, pauses: tuple[Pause, ...]) -> str:
    if case.amount_seconds is None:
        raise ValueError("add needs `amount_seconds`")
    due = calendar.add(case.start, timedelta(seconds=case.amount_seconds), pauses)
    return due.astimezone(ZoneInfo(calendar.hours.timezone)).isoformat()


def _elapsed(calendar: Calendar, case: Case, pauses: tuple[Pause, ...]) -> int | float:
    if case.end is None:
        raise ValueError("elapsed needs `end`")
    seconds = calendar.elapsed(case.start, case.end, pauses).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


@lru_cache(maxsize=512)
def _calendar(timezone: bytes, weekly_hours: bytes, holidays: bytes, extra_working: bytes) -> Calendar:
    written = b'{"timezone":%b,"weekly_hours":%b,"holidays":%b,"extra_working":%b}'
    hours = written % (timezone, weekly_hours, holidays, extra_working)
    return Calendar(msgspec.json.decode(hours, type=OpeningHours))


def main() -> None:
    """Standard input to standard output, answer by answer."""
    for answer in answers(sys.stdin.buffer):
        sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
