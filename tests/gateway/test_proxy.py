"""What passes the proxy, what does not, and how an exchange ends: over sockets, before a real server."""

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from deploy.devstack.process import free_port
from libs.chassis import tracing
from services.gateway.proxy import caller, client
from tests.gateway.serving import PATIENCE, Wire, proxying, serving, wire
from tests.tracer import Kept

GET = b"GET /api/intake/v1/%b HTTP/1.1\r\nHost: front\r\nCookie: sid=anna\r\n%b\r\n"
POST = b"POST /api/intake/v1/tickets HTTP/1.1\r\nHost: front\r\nCookie: sid=anna\r\n%b\r\n\r\n"
MIB = 1024 * 1024

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


class Intake:
    """A service that answers as the test wants, and keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, list[Scope]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        await self.answer(scope, receive, send)


@asynccontextmanager
async def before(answer: Answer) -> AsyncIterator[tuple[Wire, Intake]]:
    """A connection to a gateway before such a service."""
    intake = Intake(answer)
    async with serving(intake) as url, proxying({"intake": url}) as gateway, wire(gateway) as browser:
        yield browser, intake


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """What came: method, target, headers and body."""
    body = await Request(scope, receive).body()
    target = scope["raw_path"] + (b"?" if scope["query_string"] else b"") + scope["query_string"]
    headers = [[name.decode(), value.decode()] for name, value in scope["headers"]]
    came = {"method": scope["method"], "target": target.decode(), "headers": headers, "size": len(body)}
    await JSONResponse(came)(scope, receive, send)


async def never(_scope: Scope, receive: Receive, _send: Send) -> None:
    """No answer, until the caller leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass


def always(response: Callable[[], Response]) -> Answer:
    """The same answer to all."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await response()(scope, receive, send)

    return answer


def values(headers: list[list[str]], name: str) -> list[str]:
    return [value for key, value in headers if key == name]


def problem(head: bytes, body: bytes) -> tuple[int, str]:
    """Status and code of an answer that is a problem."""
    assert b"content-type: application/problem+json" in head, (head, body)
    told: dict[str, Any] = json.loads(body)
    return told["status"], told["code"]


async def test_a_request_arrives_as_it_was_sent() -> None:
    query = b"?q=%E7%A9%BA%2F%2f+%25&a=1&a=2&odd=\"<|>'"
    async with before(echo) as (browser, _):
        lines = b'Content-Length: 10\r\nIf-Match: W/"3"\r\nX-Two: 1\r\nX-Two: 2\r\nX-Name: \xe7\x8e\x8b'
        request = (POST % lines).replace(b"tickets", b"tickets/WX-1%20a;b" + query, 1)
        _, body = await browser.ask(request + b"x" * 10)
    came = json.loads(body)
    assert (came["method"], came["size"]) == ("POST", 10)
    assert came["target"].encode() == b"/v1/tickets/WX-1%20a;b" + query
    headers = came["headers"]
    assert values(headers, "if-match") == ['W/"3"']
    assert values(headers, "x-two") == ["1", "2"]
    assert values(headers, "x-name") == ["王"]
    assert values(headers, "content-length") == ["10"]


async def test_a_service_is_told_nothing_that_is_the_connection_s_or_the_session_s() -> None:
    dropped = [
        *("Keep-Alive: 5", "TE: trailers", "Trailer: X-Late", "Upgrade: h2c", "Proxy-Authorization: Basic x"),
        *("Forwarded: for=1.2.3.4", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: evil", "X-Real-IP: 1.2.3.4"),
        *("Expect: 100-continue", "X-Mine: secret", "Connection: keep-alive, X-Mine"),
    ]
    lines = "\r\n".join([*dropped, "Authorization: Bearer forged", "X-Request-Id: 7", "Content-Length: 0"]).encode()
    async with before(echo) as (browser, intake):
        _, body = await browser.ask(POST % lines)
        ((host, port),) = [scope["server"] for scope in intake.asked]
    headers = json.loads(body)["headers"]
    names = {line.partition(":")[0].lower() for line in dropped} | {"cookie"}
    assert names & {name for name, _ in headers} == set()
    assert values(headers, "authorization") == ["Bearer token of anna"]
    assert values(headers, "host") == [f"{host}:{port}"]
    assert values(headers, "x-request-id") == ["7"]
    assert {name for name, _ in headers} == {"authorization", "content-length", "host", "traceparent", "x-request-id"}


async def test_a_caller_is_told_nothing_that_is_the_connection_s_or_the_service_s_own() -> None:
    told = {"Set-Cookie": "sid=bert", "Connection": "X-Mine", "X-Mine": "1", "Keep-Alive": "timeout=5"}
    kept = {"ETag": 'W/"3"', "Retry-After": "1", "Location": "/v1/tickets/7", "Cache-Control": "public"}
    async with before(always(lambda: Response(b"{}", 201, {**told, **kept}))) as (browser, _):
        head, _ = await browser.ask(GET % (b"tickets", b""))
    lines = [line.partition(b": ") for line in head.lower().split(b"\r\n")[1:-2]]
    names = sorted(name for name, _, _ in lines)
    edge = [b"cache-control", b"date", b"referrer-policy", b"trace-id", b"x-content-type-options"]
    assert names == sorted([*edge, b"content-length", b"etag", b"location", b"retry-after"])
    assert (b"location", b": ", b"/api/intake/v1/tickets/7") in lines
    assert (b"cache-control", b": ", b"no-store") in lines


async def test_a_trace_goes_on_with_the_gateway_s_own_span_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "tracer", kept := Kept())
    trace_id, caller_s = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    async with before(echo) as (browser, _):
        head, body = await browser.ask(GET % (b"tickets", f"traceparent: 00-{trace_id}-{caller_s}-01\r\n".encode()))
    (span,) = kept.spans
    assert (span.name, span.at.trace_id, span.at.parent_id) == ("GET /api/intake/v1/{path:path}", trace_id, caller_s)
    assert values(json.loads(body)["headers"], "traceparent") == [span.at.traceparent]
    assert f"trace-id: {trace_id}".encode() in head


@pytest.mark.parametrize(
    "target",
    [
        *("/api/intake/internal/heads", "/api/intake/metrics", "/api/intake/docs", "/api/intake/openapi.json"),
        *("/api/intake/health/ready", "/api/intake/v1", "/api/intake/v1/", "/api/intake/v1/tickets/"),
        *("/api/intake/v1/../internal/heads", "/api/intake/v1/%2e%2e/internal", "/api/intake/v1/.%2E/internal"),
        *("/api/intake/v1/./tickets", "/api/intake/v1/tickets/%2e", "/api/intake/v1/tickets/.."),
        *("/api/intake/v1/..%2finternal", "/api/intake/v1/a%2Fb", "/api/intake/v1/a%5cb", "/api/intake/v1/a\\b"),
        *("/api/intake/v1/%252e%252e/internal", "/api/intake/v1/a%25b", "/api/intake/v1//tickets", "/api/intake//v1/a"),
        *("/api/intake/v1/a%00b", "/api/intake/v1/a%0d%0ab", "/api/intake/v1/a%zzb", "/api/intake/v1/a%"),
        *("/api/intake/%76%31/tickets", "/api/%69ntake/v1/tickets", "/api/intake/v2/tickets", "/api/Intake/v1/tickets"),
        *("/api/intake/http://127.0.0.1/v1/tickets", "/api/intake/v1/http://127.0.0.1/", "/api/127.0.0.1/v1/tickets"),
        *("/api/intake@127.0.0.1/v1/tickets", "/v1/tickets", "/api/triage/v1/cases", "//api/intake/v1/tickets"),
    ],
)
async def test_an_address_that_is_none_of_a_service_s_v1_does_not_pass(target: str) -> None:
    async with before(echo) as (browser, intake):
        head, body = await browser.ask((GET % (b"x", b"")).replace(b"/api/intake/v1/x", target.encode()))
    assert intake.asked == []
    assert problem(head, body)[0] in (404, 422)  # 422: NUL, which no address has


async def test_a_target_in_absolute_form_leads_to_the_service_and_nowhere_else() -> None:
    async with before(echo) as (browser, intake):
        _, body = await browser.ask((GET % (b"x", b"")).replace(b"/api/", b"http://elsewhere.test:1/api/"))
        ((host, port),) = [scope["server"] for scope in intake.asked]
    came = json.loads(body)
    assert (came["target"], values(came["headers"], "host")) == ("/v1/x", [f"{host}:{port}"])


@pytest.mark.parametrize("line", [b"X-Name: \xe4\r\n", b""], ids=["header", "query"])
async def test_what_would_not_arrive_as_it_is_is_400(line: bytes) -> None:
    async with before(echo) as (browser, intake):
        head, body = await browser.ask(GET % (b"tickets" if line else b"tickets?q=\xe4", line))
    assert intake.asked == []
    assert problem(head, body) == (400, "malformed-request")


async def test_nobody_passes_who_is_not_signed_in() -> None:
    async with before(echo) as (browser, intake):
        head, body = await browser.ask((GET % (b"tickets", b"Authorization: Bearer x\r\n")).replace(b"sid", b"no"))
    assert intake.asked == []
    assert problem(head, body) == (401, "not-signed-in")


async def test_every_method_is_the_service_s_to_judge() -> None:
    async with before(echo) as (browser, _):
        for method in (b"DELETE", b"PATCH", b"PUT", b"OPTIONS", b"TRACE"):
            _, body = await browser.ask((GET % (b"tickets", b"")).replace(b"GET", method, 1))
            assert json.loads(body)["method"] == method.decode()


async def test_head_has_the_length_and_no_body() -> None:
    async with before(always(lambda: Response(b"x" * 99))) as (browser, _):
        for _ in range(2):  # the second one on the same connection
            browser.writer.write((GET % (b"tickets", b"")).replace(b"GET", b"HEAD"))
            assert b"content-length: 99" in await browser.head()
        assert (await browser.ask(GET % (b"tickets", b"")))[1] == b"x" * 99


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_without_a_body_is_one(status: int) -> None:
    async with before(always(lambda: Response(status_code=status, headers={"ETag": '"7"'}))) as (browser, _):
        for _ in range(2):
            head, body = await browser.ask(GET % (b"tickets", b'If-None-Match: "7"\r\n'))
            assert head.startswith(b"HTTP/1.1 %d " % status)
            assert b'etag: "7"' in head
            assert body == b""


async def test_what_is_compressed_stays_so() -> None:
    packed = gzip.compress(b"words " * 1000)
    async with before(always(lambda: Response(packed, headers={"Content-Encoding": "gzip"}))) as (browser, _):
        head, body = await browser.ask(GET % (b"tickets", b"Accept-Encoding: gzip\r\n"))
    assert b"content-encoding: gzip" in head
    assert body == packed


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_a_mebibyte_is_413_and_never_whole_at_the_service(chunked: bool) -> None:
    whole = list[bool]()

    async def count(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive()).get("more_body"):
            pass
        whole.append(message["type"] == "http.request")

    async with before(count) as (browser, _):
        if chunked:
            browser.writer.write(POST % b"Transfer-Encoding: chunked" + (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 17)
        else:
            browser.writer.write(POST % b"Content-Length: %d" % (MIB + 1) + b"x" * (MIB + 1))
        head = await browser.head()
        assert head.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in head
    assert True not in whole


async def test_a_body_of_a_mebibyte_passes() -> None:
    async with before(echo) as (browser, _):
        _, body = await browser.ask(POST % b"Content-Length: %d" % MIB + b"x" * MIB)
    assert json.loads(body)["size"] == MIB


@pytest.mark.parametrize("begun", [b"", b"x"])
async def test_a_body_that_does_not_come_is_408(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "BODY_SECONDS", 0.2)
    async with before(echo) as (browser, _):
        head, body = await browser.ask(POST % b"Content-Length: 2" + begun)
    assert problem(head, body) == (408, "body-too-slow")


async def test_a_body_goes_up_part_by_part() -> None:
    async def confirm(_scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        more = True
        while more:
            message = await receive()
            more = message.get("more_body", False)
            await send({"type": "http.response.body", "body": message["body"], "more_body": more})

    async with before(confirm) as (browser, _):
        browser.writer.write(POST % b"Content-Length: 2" + b"a")
        await browser.head()
        assert await browser.reader.readuntil(b"a\r\n") == b"1\r\na\r\n"
        browser.writer.write(b"b")
        assert (await browser.rest()).startswith(b"1\r\nb\r\n0\r\n\r\n")


async def test_an_answer_to_half_a_body_ends_the_connection() -> None:
    async with before(always(lambda: Response(b"{}", 403))) as (browser, _):
        head, _ = await browser.ask(POST % b"Content-Length: %d" % MIB + b"x" * 9)
        assert head.startswith(b"HTTP/1.1 403 ")
        assert b"connection: close" in head
        assert await browser.rest() == b""


async def test_an_answer_comes_down_part_by_part() -> None:
    parts = asyncio.Queue[bytes | None]()

    async def told() -> AsyncIterator[bytes]:
        while part := await parts.get():
            yield part

    async with before(always(lambda: StreamingResponse(told(), media_type="text/event-stream"))) as (browser, _):
        browser.writer.write(GET % (b"clocks/stream", b""))
        for part in (b"id: 1\n\n", b"id: 2\n\n"):
            parts.put_nowait(part)
            assert (await asyncio.wait_for(browser.reader.readuntil(part), PATIENCE)).endswith(part)
        parts.put_nowait(None)
        assert (await asyncio.wait_for(browser.reader.readuntil(b"\r\n0\r\n\r\n"), PATIENCE)) == b"\r\n0\r\n\r\n"


async def test_a_service_waits_for_a_caller_who_does_not_read() -> None:
    made = list[int]()

    async def much() -> AsyncIterator[bytes]:
        for number in range(1024):
            made.append(number)
            yield b"x" * 65536

    async with before(always(lambda: StreamingResponse(much()))) as (browser, _):
        browser.writer.write(GET % (b"tickets", b""))
        await browser.head()
        before_rest = 0
        while len(made) > before_rest:  # until the sockets between are full
            before_rest = len(made)
            await asyncio.sleep(0.3)
        assert before_rest < 512
        received = 0
        while received < 1024 * 65536:
            received += len(await asyncio.wait_for(browser.reader.read(MIB), PATIENCE))
    assert len(made) == 1024


@pytest.mark.parametrize("language", ["", "Accept-Language: zh-CN\r\n"])
async def test_a_service_that_is_gone_is_503_and_to_be_asked_again(language: str) -> None:
    async with proxying({"intake": f"http://127.0.0.1:{free_port(0)}"}) as gateway, wire(gateway) as browser:
        head, body = await browser.ask(GET % (b"tickets", language.encode()))
    assert problem(head, body) == (503, "service-unreachable")
    assert b"retry-after: 1" in head
    assert ("服务" in json.loads(body)["detail"]) == bool(language)


async def test_a_service_that_takes_no_connection_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.3)
    with ExitStack() as full:
        crowded = full.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # more than wait to be taken in: the next one's SYN is dropped
            waiting = full.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(crowded.getsockname())
        url = f"http://127.0.0.1:{crowded.getsockname()[1]}"
        async with proxying({"intake": url}) as gateway, wire(gateway) as browser:
            head, body = await browser.ask(GET % (b"tickets", b""))
    assert problem(head, body) == (503, "service-unreachable")


async def test_a_service_that_hangs_up_without_a_word_is_503() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with proxying({"intake": f"http://127.0.0.1:{port}"}) as gateway, wire(gateway) as browser:
            head, body = await browser.ask(POST % b"Content-Length: 2" + b"{}")
    assert problem(head, body) == (503, "service-unreachable")


async def test_a_service_that_does_not_answer_is_504(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SILENT_SECONDS", 0.2)
    async with before(never) as (browser, _):
        head, body = await browser.ask(GET % (b"tickets", b"Accept-Language: zh-CN\r\n"))
    assert problem(head, body) == (504, "service-too-slow")
    assert json.loads(body)["title"] == "服务响应超时"


async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Breaks off."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Goes silent."""
    await half(scope, receive, send)
    await never(scope, receive, send)


@pytest.mark.parametrize("answer", [half, silent])
async def test_an_answer_that_does_not_end_ends_the_connection(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SILENT_SECONDS", 1.5)
    async with before(answer) as (browser, _):
        browser.writer.write(GET % (b"tickets", b""))
        assert b"content-length: 9" in await browser.head()
        assert await browser.rest() == b"half"


@pytest.mark.parametrize("begun", [False, True], ids=["before the answer", "within it"])
async def test_a_caller_who_leaves_ends_the_request_at_the_service(begun: bool) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await half(scope, receive, send)
        asked.set()
        await never(scope, receive, send)
        left.set()

    async with before(wait) as (browser, _):
        browser.writer.write(GET % (b"tickets", b""))
        await asyncio.wait_for(asked.wait(), PATIENCE)
        assert not left.is_set()
        browser.writer.close()
        await asyncio.wait_for(left.wait(), PATIENCE)


async def test_a_caller_who_leaves_within_his_body_ends_the_request_at_the_service() -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        asked.set()
        await never(scope, receive, send)
        left.set()

    async with before(wait) as (browser, _):
        browser.writer.write(POST % b"Content-Length: 100" + b"x")
        await asyncio.wait_for(asked.wait(), PATIENCE)
        browser.writer.close()
        await asyncio.wait_for(left.wait(), PATIENCE)


async def test_callers_at_once_are_each_answered_for_themselves() -> None:
    async with serving(Intake(echo)) as url, proxying({"intake": url}) as gateway, AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(wire(gateway)) for _ in range(50)]
        asks = (browser.ask(GET % (b"tickets/%d" % number, b"")) for number, browser in enumerate(browsers))
        answers = [json.loads(body)["target"] for _, body in await asyncio.gather(*asks)]
    assert answers == [f"/v1/tickets/{number}" for number in range(50)]


async def test_connections_to_a_service_are_used_again() -> None:
    async with before(echo) as (browser, intake):
        for size in (0, 5, 70_000, 0):
            _, body = await browser.ask(POST % b"Content-Length: %d" % size + b"x" * size)
            assert json.loads(body)["size"] == size
        assert len({scope["client"] for scope in intake.asked}) == 1


async def test_what_passed_is_counted_by_its_service() -> None:
    labels = {"method": "GET", "route": "/api/intake/v1/{path:path}", "status": "200"}
    counted = REGISTRY.get_sample_value("aftercare_http_requests_total", labels) or 0
    async with before(echo) as (browser, _):
        await browser.ask(GET % (b"tickets/7", b""))
    assert REGISTRY.get_sample_value("aftercare_http_requests_total", labels) == counted + 1
