"""Traces of a process: sent to a real receiver, off by default, sampled, and never in the way of what is asked."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.devstack.plain_http import PLAIN
from deploy.devstack.process import free_port
from libs.chassis.running.otlp import OtlpTracer
from libs.events.database.connections import Pool
from libs.events.spans import begun, job_step
from libs.events.trace import Trace
from tests.chassis.conftest import Caller, LiveIssuer
from tests.chassis.running import NOBODY, Running, Start

CALLER = "00f067aa0ba902b7"
AT_THE_END = {"OTEL_BSP_SCHEDULE_DELAY": "600000"}
"""Spans are sent when the process ends, and not before."""

Span = dict[str, Any]


@pytest.fixture
def receiver() -> Iterator[str]:
    """A running receiver's address."""
    url = f"http://127.0.0.1:{(port := free_port(0))}"
    process = subprocess.Popen([sys.executable, "-m", "tests.receiver", str(port)])
    deadline = time.monotonic() + 40
    while not _answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield url
    process.kill()
    process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/traces", **PLAIN).is_success
    except httpx.HTTPError:
        return False


def ask(running: Running, issuer: LiveIssuer, path: str, flags: str = "") -> str:
    """A read by a caller who is in a trace, if there are flags; the trace's id."""
    headers = {"Authorization": f"Bearer {issuer.token('agent')}"}
    if flags:
        headers["traceparent"] = f"00-{uuid4().hex}-{CALLER}-{flags}"
    return str(running.get(path, headers=headers).headers["trace-id"])


def ended(running: Running, receiver: str) -> list[Span]:
    """All spans that the process has sent in its life."""
    running.process.send_signal(signal.SIGTERM)
    _, told = running.process.communicate(timeout=60)
    assert running.process.returncode == 0, told
    spans: list[Span] = httpx.get(f"{receiver}/traces", **PLAIN).json()
    return spans


def test_a_request_is_one_span_of_its_route_sent_at_the_latest_when_the_process_ends(
    start: Start, issuer: LiveIssuer, receiver: str
) -> None:
    running = start("http", OTEL_EXPORTER_OTLP_ENDPOINT=receiver, **AT_THE_END)
    running.until("/health/ready", 200)
    trace_id = ask(running, issuer, f"/v1/jobs/{uuid4()}?min_version=13900000001", "01")
    (span,) = ended(running, receiver)
    assert (span["trace_id"], span["parent_id"], span["kind"]) == (trace_id, CALLER, "server")
    assert (span["name"], span["failed"]) == ("GET /v1/jobs/{id}", False)
    assert span["attributes"]["http.route"] == "/v1/jobs/{id}"
    assert 400 <= span["attributes"]["http.response.status_code"] < 500
    assert 0 < span["ended"] - span["began"] < 60 * 10**9
    assert "13900000001" not in json.dumps(span)
    assert {key: span["resource"][key] for key in ("service.name", "service.namespace", "service.version")} == {
        "service.name": "triage",
        "service.namespace": "aftercare",
        "service.version": "0.1.0",
    }
    assert span["resource"]["service.instance.id"]


def test_a_feed_that_is_asked_in_a_trace_is_a_span_of_it(start: Start, issuer: LiveIssuer, receiver: str) -> None:
    running = start("http", OTEL_EXPORTER_OTLP_ENDPOINT=receiver, **AT_THE_END)
    running.until("/health/ready", 200)
    headers = {"Authorization": f"Bearer {issuer.token('service')}"}
    headers["traceparent"] = f"00-{(trace_id := uuid4().hex)}-{CALLER}-01"
    assert running.get("/internal/lanes", headers=headers).status_code == 200
    (span,) = ended(running, receiver)
    assert (span["trace_id"], span["parent_id"], span["name"]) == (trace_id, CALLER, "GET /internal/lanes")


def test_a_step_of_a_job_is_sent_with_a_link_to_who_asked_for_it(
    receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver)
    asked = Trace.begin()
    tracer = OtlpTracer("triage", 1.0)
    tracer.record(job_step("imports", "7", begun(tracer), time.time_ns(), asked))
    tracer.close()
    (span,) = httpx.get(f"{receiver}/traces", **PLAIN).json()
    assert (span["name"], span["kind"], span["parent_id"]) == ("step imports", "internal", "")
    assert span["links"] == [[asked.trace_id, asked.span_id]]


def test_a_defect_is_a_span_that_failed(start: Start, issuer: LiveIssuer, receiver: str) -> None:
    running = start("http", OTEL_EXPORTER_OTLP_ENDPOINT=receiver, **AT_THE_END)
    running.until("/health/ready", 200)
    trace_id = ask(running, issuer, "/v1/jobs/broken/now")
    (span,) = ended(running, receiver)
    assert (span["trace_id"], span["parent_id"], span["failed"]) == (trace_id, "", True)
    assert span["attributes"]["error.type"] == "500"


def test_of_traces_begun_here_a_share_is_sent_and_of_a_caller_s_what_the_caller_wants(
    start: Start, issuer: LiveIssuer, receiver: str
) -> None:
    running = start("http", OTEL_EXPORTER_OTLP_ENDPOINT=receiver, OTEL_TRACES_SAMPLER_ARG="0", **AT_THE_END)
    running.until("/health/ready", 200)
    _, wanted, _ = (ask(running, issuer, "/v1/jobs", flags) for flags in ("", "01", "00"))
    assert [span["trace_id"] for span in ended(running, receiver)] == [wanted]


@pytest.fixture(params=["refuses", "is silent"])
def away(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a receiver that refuses, or takes a connection and never answers."""
    if request.param == "refuses":
        yield f"http://{NOBODY}"
        return
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        yield f"http://127.0.0.1:{silent.getsockname()[1]}"


def test_a_receiver_out_of_reach_holds_up_nobody_and_is_told_in_a_few_lines(
    start: Start, issuer: LiveIssuer, away: str
) -> None:
    """The queue is full after 8 spans, and the thread that sends is waiting for the receiver to the end."""
    small = {"OTEL_BSP_MAX_QUEUE_SIZE": "8", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "4", "OTEL_BSP_SCHEDULE_DELAY": "50"}
    running = start("http", OTEL_EXPORTER_OTLP_ENDPOINT=away, **small)
    running.until("/health/ready", 200)
    headers = {"Authorization": f"Bearer {issuer.token('agent')}"}
    with httpx.Client(base_url=running.url, headers=headers, **PLAIN, timeout=5) as http:
        assert [http.get("/v1/jobs").status_code for _ in range(100)] == [200] * 100
    asked_to_end = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    _, told = running.process.communicate(timeout=60)
    assert (running.process.returncode, "Traceback" in told) == (0, False), told
    assert time.monotonic() - asked_to_end < 9  # OpenTelemetry's own time-out is 10 s a batch
    about = [line for line in map(json.loads, told.splitlines()) if "span" in line["event"].lower()]
    assert 1 <= len(about) <= 6, about


def test_a_setting_that_is_no_address_is_told_in_one_line(start: Start) -> None:
    running = start(OTEL_EXPORTER_OTLP_ENDPOINT="collector:4318")
    _, told = running.process.communicate(timeout=40)
    assert (running.process.returncode, told.count("\n")) == (1, 1)
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in told


def test_a_setting_that_opentelemetry_refuses_is_told_in_one_line(start: Start) -> None:
    running = start(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1", OTEL_BSP_MAX_QUEUE_SIZE="256")
    _, told = running.process.communicate(timeout=40)
    assert (running.process.returncode, told.count("\n")) == (1, 1)
    assert "a setting of OpenTelemetry" in told


async def test_who_sends_no_traces_says_of_those_that_begin_here_that_nobody_records_them(
    anna: Caller, pool: Pool
) -> None:
    await anna.opened()
    assert (await pool.fetchval("SELECT traceparent FROM event")).endswith("-00")


LOADED = """
import sys
import libs.chassis.running.event_process, services.intake.app
print([name for name in sys.modules if name.split(".")[0] in ("requests", "google") or "opentelemetry.sdk" in name])
"""


def test_who_sends_no_traces_does_not_load_what_sends_them() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
