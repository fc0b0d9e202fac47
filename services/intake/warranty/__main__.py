"""Warranty verdicts for any program: `python -m services.intake.warranty` answers JSON lines with JSON lines.

One case a line on standard input, {"id", "given": {"asset", "contracts", "products"}, "ask"}; one answer a line, in
order: {"id", "result": {"verdict", "from", "until", "clause", "why"}} or {"id", "error": {"field", "sentence"}}; a bad
line answers with its error and the rest goes on. With `--reasons` a result has its `reasons`, too, and `would_change`.
It needs no database and no settings. Each field is explained in docs/warranty.md.
"""

import json
import math
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain

import msgspec

from libs.chassis.input.visible import honest_name, shows
from services.intake.warranty.domain.cover import Clause
from services.intake.warranty.domain.flaw import flaw
from services.intake.warranty.domain.question import Ask, Given
from services.intake.warranty.domain.verdict import Verdict, assess

Raw = msgspec.Raw
NULL = Raw(b"null")
BOM = b"\xef\xbb\xbf"
PLACE = re.compile(r" - at `\$\.?(?:(?:given|ask)(?:\.|(?=`)))?(.*)`$")
NAMED = re.compile(r"field `([^`]+)`")
REASONS = "--reasons"
INVISIBLE = "It has a character that does not show."


class Case(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One line. What is left unread is what a suite of cases keeps beside a question."""

    id: Raw = NULL
    given: Given
    ask: Ask
    expect: Raw = NULL
    group: Raw = NULL
    lenient: Raw = NULL
    reasoning: Raw = NULL


decode = msgspec.json.Decoder(Case).decode
encode = msgspec.json.Encoder().encode


def now() -> datetime:
    """The machine's clock: after it lies the future."""
    return datetime.now(UTC)


class Brief(msgspec.Struct):
    """A verdict without all that led to it."""

    verdict: str
    begin: date | None = msgspec.field(name="from")
    until: date | None
    clause: Clause | None
    why: str

    @classmethod
    def of(cls, verdict: Verdict) -> "Brief":
        """Of what was worked out."""
        return cls(verdict.verdict, verdict.begin, verdict.until, verdict.clause, verdict.why)


Told = Callable[[Verdict], Verdict | Brief]


def whole(verdict: Verdict) -> Verdict:
    """With its reasons."""
    return verdict


def answers(lines: Iterable[bytes], clock: Callable[[], datetime] = now, told: Told = Brief.of) -> Iterator[bytes]:
    """One answer for every line that is not blank, in order."""
    for number, line in enumerate(lines):
        case = line.removeprefix(BOM) if number == 0 else line
        if case.strip():
            yield _answer(case, clock(), told)


def _answer(line: bytes, at: datetime, told: Told) -> bytes:
    try:
        return _right(line, at, told)
    except msgspec.ValidationError as error:
        return _wrong(_id(line), *_named(str(error)))
    except UnicodeDecodeError:
        return _wrong(_id(line), None, "The line is not UTF-8.")
    except msgspec.DecodeError as error:
        return _wrong(_id(line), None, f"The line is not JSON: {error}.")
    except RecursionError:
        return _wrong(_id(line), None, "The line is nested too deeply.")
    except (ValueError, OverflowError):
        return _wrong(_id(line), None, "A day lies beyond what a calendar holds.")


def _right(line: bytes, at: datetime, told: Told) -> bytes:
    line.decode()  # also in the fields that nobody reads: it is not JSON otherwise
    case = decode(line)
    if not line.isascii() or b"\\" in line:
        texts = chain.from_iterable(_texts("", msgspec.to_builtins(part)) for part in (case.given, case.ask))
        for where, text in texts:
            if not (shows(text) and honest_name(text)):
                return _wrong(bytes(case.id), where, INVISIBLE)
    if found := flaw(case.given, case.ask, at):
        return _wrong(bytes(case.id), *found)
    return encode({"id": case.id, "result": told(assess(case.given, case.ask))})


def _texts(where: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text of a case and its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(f"{where}.{name}" if where else name, inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(f"{where}[{place}]", inner)


def _named(error: str) -> tuple[str | None, str]:
    """The place that msgspec names, as a path inside `given` or `ask`, and its sentence."""
    found = PLACE.search(error)
    sentence = error[: found.start()] if found else error
    inner = NAMED.search(sentence) if sentence.startswith("Object ") else None
    parts = [part for part in (found and found[1], inner and inner[1]) if part]
    return ".".join(parts) or None, f"{sentence}."


def _id(line: bytes) -> bytes:
    """The line's id as far as it can be read: Python's reader forgives more than JSON allows."""
    try:
        read = json.loads(line.decode(errors="replace"), parse_constant=str, parse_float=_finite)
    except (ValueError, RecursionError):
        return b"null"
    return json.dumps(read.get("id") if isinstance(read, dict) else None).encode()


def _finite(number: str) -> float | str:
    return float(number) if math.isfinite(float(number)) else number


def _wrong(id: bytes, field: str | None, sentence: str) -> bytes:
    return encode({"id": Raw(id), "error": {"field": field, "sentence": sentence}})


def main() -> None:
    """Standard input to standard output, each answer as soon as it is known."""
    if sys.argv[1:] not in ([], [REASONS]):
        print(__doc__)
        return
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # Ctrl-C, or a reader that left, ends it without a word, as any filter
    told = whole if sys.argv[1:] else Brief.of
    for answer in answers(sys.stdin.buffer, told=told):
        sys.stdout.buffer.write(answer + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
