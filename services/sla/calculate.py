"""Calendar arithmetic for any program: `python -m services.sla.calculate` answers JSON lines with JSON lines.

One case a line on standard input, one answer a line: {"id", "result"} or {"id", "error"}; a bad line answers with its
error and the rest goes on. It needs no database and no settings. A case is opening hours (`timezone`, `weekly_hours`,
`holidays`, `extra_working`), a `start` with offset, `pauses` and an `op`: `add` of `amount_seconds` → ISO instant in
the calendar's zone; `elapsed` to `end` → seconds, negative for a reversed span; `is_open` → true or false.

Beyond that: `public_holidays` "CN" (with `makeup_days`, `makeup_hours`) takes China's days from what is shipped, and an
answer that needed a year that is not known says "provisional": true. `unit` "business_days" counts days: `add` of
`amount_days`, with `end_of_day` to that day's last closing, and with
`count_from` "day_of_receipt" from the date of `start`; `elapsed` → how many days have come. Each field is
explained in docs/sla-calculator.md.
"""

import json
import math
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec

from services.sla.calendars.domain.calendar import Calendar
from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.opening_hours import Instant, OpeningHours

Result = str | int | float | bool
Raw = msgspec.Raw
NULL = Raw(b"null")
BOM = b"\xef\xbb\xbf"


class Case(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One line. The opening hours stay as they were written, so that equal ones are compiled once.

    `expected`, `requires` and `note` are what a suite of cases keeps beside a question: they are taken and not read.
    """

    id: Any = None
    expected: Raw = NULL
    requires: Raw = NULL
    note: Raw = NULL
    timezone: Raw
    weekly_hours: Raw
    holidays: Raw = Raw(b"[]")
    extra_working: Raw = Raw(b"[]")
    public_holidays: Raw = NULL
    makeup_days: Raw = Raw(b"true")
    makeup_hours: Raw = NULL
    op: Literal["add", "elapsed", "is_open"]
    unit: Literal["seconds", "business_days"] = "seconds"
    start: Instant
    end: Instant | None = None
    amount_seconds: int | float | None = None
    amount_days: int | None = None
    end_of_day: bool = False
    count_from: CountFrom = "next_business_day"
    pauses: tuple[tuple[Instant, Instant], ...] = ()

    @property
    def calendar(self) -> Calendar:
        """The calendar of its opening hours. Raises ValueError."""
        hours = (self.timezone, self.weekly_hours, self.holidays, self.extra_working)
        return _calendar(*map(bytes, (*hours, self.public_holidays, self.makeup_days, self.makeup_hours)))


decode = msgspec.json.Decoder(Case).decode
encode = msgspec.json.Encoder().encode


def answers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One answer for every line that is not blank, in order."""
    for number, line in enumerate(lines):
        case = line.removeprefix(BOM) if number == 0 else line
        if case.strip():
            yield _answer(case)


def _answer(line: bytes) -> bytes:
    try:
        return _right(line)
    except OverflowError:
        return _wrong(line, "an amount or instant is beyond what a calendar holds")
    except RecursionError:
        return _wrong(line, "it is nested too deeply")
    except ValueError as error:
        return _wrong(line, str(error))


def _right(line: bytes) -> bytes:
    line.decode()  # also in the fields that nobody reads: it is not JSON otherwise
    case = decode(line)
    calendar = case.calendar
    result, needed = OPERATIONS[case.unit, case.op](calendar, case)
    answer = {"id": case.id, "result": result}
    if calendar.known_until and any(map(calendar.provisional, needed)):
        answer["provisional"] = True
    return encode(answer)


def _wrong(line: bytes, error: str) -> bytes:
    """The error, under the line's id as far as it can be read: Python's reader forgives more than JSON allows."""
    try:
        read = json.loads(line.decode(errors="replace"), parse_constant=str, parse_float=_finite)
        id = json.dumps(read.get("id") if isinstance(read, dict) else None)
    except (ValueError, RecursionError):
        id = "null"
    return f'{{"id":{id},"error":{json.dumps(error)}}}'.encode()


def _finite(number: str) -> float | str:
    return float(number) if math.isfinite(float(number)) else number


Answer = tuple[Result, tuple[datetime, ...]]
"""A result, and the instants up to which the calendar had to be known for it."""


def _add(calendar: Calendar, case: Case) -> Answer:
    if case.amount_seconds is None:
        raise ValueError("add needs `amount_seconds`")
    due = calendar.add(case.start, timedelta(seconds=case.amount_seconds), case.pauses)
    return _said(calendar, due), (case.start, due)


def _elapsed(calendar: Calendar, case: Case) -> Answer:
    end = _end(case)
    seconds = calendar.elapsed(case.start, end, case.pauses).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds, (case.start, end)


def _is_open(calendar: Calendar, case: Case) -> Answer:
    return calendar.is_open(case.start), (case.start + datetime.resolution,)


def _add_days(calendar: Calendar, case: Case) -> Answer:
    if case.amount_days is None:
        raise ValueError("add of business days needs `amount_days`")
    _unpaused(case)
    due = calendar.add_days(case.start, case.amount_days, case.end_of_day, case.count_from)
    return _said(calendar, due), (case.start, due)


def _elapsed_days(calendar: Calendar, case: Case) -> Answer:
    _unpaused(case)
    end = _end(case)
    return calendar.elapsed_days(case.start, end, case.count_from), (case.start, end)


OPERATIONS: dict[tuple[str, str], Callable[[Calendar, Case], Answer]] = {
    ("seconds", "add"): _add,
    ("seconds", "elapsed"): _elapsed,
    ("seconds", "is_open"): _is_open,
    ("business_days", "add"): _add_days,
    ("business_days", "elapsed"): _elapsed_days,
    ("business_days", "is_open"): _is_open,
}


def _end(case: Case) -> datetime:
    if case.end is None:
        raise ValueError("elapsed needs `end`")
    return case.end


def _unpaused(case: Case) -> None:
    if case.pauses:
        raise ValueError("business days are whole dates: they have no pauses")


def _said(calendar: Calendar, at: datetime) -> str:
    return at.astimezone(calendar.hours.zone).isoformat()


@lru_cache(maxsize=512)
def _calendar(*written: bytes) -> Calendar:
    fields = b'"timezone":%b,"weekly_hours":%b,"holidays":%b,"extra_working":%b'
    public = b'"public_holidays":%b,"makeup_days":%b,"makeup_hours":%b'
    return Calendar(msgspec.json.decode(b"{" + (fields + b"," + public) % written + b"}", type=OpeningHours))


def main() -> None:
    """Standard input to standard output, each answer as soon as it is known."""
    if sys.argv[1:]:
        print(__doc__)
        return
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # Ctrl-C, or a reader that left, ends it without a word, as any filter
    for answer in answers(sys.stdin.buffer):
        sys.stdout.buffer.write(answer + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
