"""What is told: nothing personal in logs, and one trace from header to answer."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
import structlog

from libs.chassis.telemetry import MASK, configure_logs, masked
from libs.chassis.tracing import enter, trace
from libs.events.trace import Trace

CANARIES = [
    "13900000001",
    "+86 139 0000 0001",
    "139-0000-0001",
    "010-12345678",
    "11010519491231002X",
    "wang.fang@example.com",
    "京A12345",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
]


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_masked_wherever_it_stands(canary: str) -> None:
    for value in (
        canary,
        f"call {canary}, please",
        f"({canary})",
        {"detail": canary},
        [canary],
        {"a": [{"b": canary}]},
    ):
        assert canary not in json.dumps(masked(value), ensure_ascii=False)


def test_numbers_are_masked_too_and_what_is_not_personal_stays() -> None:
    assert masked(13900000001) == MASK
    for harmless in (
        "0197a2b4-11d2-7c5e-8000-13900000001a",
        "2026-11-23T00:39:18Z",
        "triage.FaultClassified",
        42,
        1.5,
        None,
    ):
        assert masked(harmless) == harmless


@pytest.mark.parametrize(
    "key", ["name", "phones", "address", "summary", "comment", "signature", "latitude", "authorization"]
)
def test_what_a_personal_key_holds_is_masked_whole(key: str) -> None:
    assert masked({key: "anything at all"}) == {key: MASK}
    assert masked({"deep": [{key: {"more": 1}}]}) == {"deep": [{key: MASK}]}


def test_database_errors_do_not_show_the_row() -> None:
    told = masked('duplicate key value violates unique constraint "x"\nDETAIL:  Key (name)=(Wang Fang) already exists.')
    assert "Wang Fang" not in told


@pytest.mark.parametrize(
    "quoting",
    [
        'null value in column "age" violates\nDETAIL:  Failing row contains (1, Wang Fang, (null)).',
        "invalid input for query argument $2: 'Wang Fang' (an integer is required)",
        'invalid input syntax for type integer: "Wang Fang"',
    ],
)
def test_what_another_logger_writes_of_a_database_error_is_masked(quoting: str) -> None:
    assert "Wang Fang" not in masked(f"before\n{quoting}")


DEFECT = """
import asyncio, asyncpg, logging, structlog
from libs.chassis.telemetry import configure_logs, of_loop
configure_logs("intake")
error = asyncpg.DataError("invalid input for query argument $2: 'Wang Fang'")
row = asyncpg.NotNullViolationError("null value")
row.detail, row.table_name = "Failing row contains (1, Wang Fang).", "contact"
try:
    raise RuntimeError("a defect") from row
except RuntimeError as defect:
    structlog.get_logger().error("failed", exc_info=defect)
    logging.getLogger("uvicorn.error").error("failed", exc_info=defect)
async def main():
    asyncio.get_running_loop().set_exception_handler(of_loop)
    async def fail():
        raise error
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
asyncio.run(main())
"""


def test_a_defect_is_logged_with_its_place_and_without_the_row() -> None:
    done = subprocess.run([sys.executable, "-c", DEFECT], capture_output=True, text=True, check=True)
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert "Wang" not in done.stderr
    ours, theirs, forgotten = (line["exception"] for line in lines)
    assert "NotNullViolationError: sqlstate 23502, table contact" in ours
    assert "RuntimeError: a defect" in ours
    assert ours == theirs
    assert "query argument $2" in forgotten


LOG = """
import logging, structlog
from libs.chassis.telemetry import configure_logs
from libs.chassis.tracing import enter
configure_logs("intake")
enter("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
log = structlog.get_logger("a")
log.info("customer 13900000001 called", phone="13900000001", note="secret words", count=3)
log.debug("not at this level")
logging.getLogger("uvicorn.error").warning("peer %s", "13900000001")
try:
    raise ValueError("row of 13900000001")
except ValueError:
    log.exception("failed", ticket_id="0197a2b4")
"""


def test_logs_are_json_lines_with_service_and_trace_and_no_canary() -> None:
    done = subprocess.run([sys.executable, "-c", LOG], capture_output=True, text=True, check=True)
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert "13900000001" not in done.stderr
    assert "secret words" not in done.stderr
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert all(line["service"] == "intake" and line["timestamp"].endswith("Z") for line in lines)
    assert lines[0]["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert (lines[0]["count"], lines[0]["phone"]) == (3, MASK)
    assert "ValueError" in lines[2]["exception"]


def test_a_trace_is_continued_with_a_span_of_our_own_or_begun() -> None:
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
    ours = enter(given)
    assert ours.traceparent.startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
    assert ours.traceparent.endswith("-00")
    assert ours.span_id != "00f067aa0ba902b7"
    assert enter(None) == trace()
    assert Trace.parse(trace().traceparent) == trace()


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ],
)
def test_a_malformed_traceparent_is_no_trace(malformed: str) -> None:
    assert Trace.parse(malformed) is None


def test_a_later_version_of_traceparent_may_say_more() -> None:
    assert Trace.parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more") is not None


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Any:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()


def test_the_level_is_a_setting() -> None:
    configure_logs("intake", "warning")
    assert structlog.get_logger().is_enabled_for(logging.WARNING)
    assert not structlog.get_logger().is_enabled_for(logging.INFO)
