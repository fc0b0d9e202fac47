"""Nasty input over a real socket to a real process: each is a documented 4xx problem at once, and nothing is stored.

What the chassis does with any body is tested in tests/chassis; here stand the fields of our own forms, and raw bytes.
"""

import gzip
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.devstack.databases import Database
from deploy.devstack.folder import RunFolder
from deploy.devstack.issuer import Issuer
from services.intake.app import service

CUSTOMER: dict[str, Any] = {"name": "王芳", "phones": ["13800000000"], "address": "福州"}
CANARY = "13900000001"
TABLES = ("event", "text", "contact", "idempotency", "outbox")
UNKNOWN = str(uuid4())


@pytest.fixture(scope="module")
def token(issuer: Issuer) -> str:
    return issuer.token("anna", ["agent"], 600)


@pytest.fixture(scope="module")
def client(url: str, token: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
        client.get("/v1/tickets").raise_for_status()
        yield client


@pytest.fixture(autouse=True)
async def nothing_is_stored(request: pytest.FixtureRequest, database: Database) -> Any:
    """Nothing in any table that a command writes to, after every test of this module."""
    yield
    connection = await asyncpg.connect(database.url)
    try:
        assert [table for table in TABLES if await connection.fetchval(f"SELECT count(*) FROM {table}")] == []
    finally:
        await connection.close()


def is_problem(answer: httpx.Response, *statuses: int) -> None:
    """One of these statuses, as problem details that repeat nothing of what was sent."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["status"], len(problem["trace_id"])) == (answer.status_code, 32)
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text


def post(client: httpx.Client, path: str, content: bytes, **headers: str) -> httpx.Response:
    sent = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4()), **headers}
    return client.post(path, content=content, headers=sent)


BODIES: dict[str, bytes] = {
    "not JSON": f"name={CANARY}".encode(),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(CUSTOMER).encode(),
    "10,000 deep": b'{"name":' + b"[" * 10_000,
    "duplicate keys": f'{{"name": "a", "name": "{CANARY}"}}'.encode(),
    "NaN": b'{"name": NaN}',
    "1e400": b'{"name": 1e400}',
    "2^63": b'{"name": 9223372036854775808}',
    "an array": b"[]",
    "NUL": json.dumps({**CUSTOMER, "name": f"{CANARY}\0"}).encode(),
    "half of a surrogate pair": json.dumps({**CUSTOMER, "name": "\ud800"}).encode(),
    "invalid UTF-8": b'{"name": "\xff"}',
    "UTF-16": json.dumps(CUSTOMER).encode("utf-16"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_json_of_ours(name: str, client: httpx.Client) -> None:
    began = monotonic()
    is_problem(post(client, "/v1/customers", BODIES[name]), 422)
    assert monotonic() - began < 5


def test_10_mib_are_refused_and_the_sender_learns_why(client: httpx.Client) -> None:
    is_problem(post(client, "/v1/customers", b'{"name": "' + b"x" * 10 * 1024 * 1024), 413)


def test_a_compressed_bomb_is_no_json(client: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    is_problem(post(client, "/v1/customers", bomb, **{"Content-Encoding": "gzip"}), 415, 422)


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/json5", ""])
def test_another_content_type(content_type: str, client: httpx.Client) -> None:
    is_problem(post(client, "/v1/customers", json.dumps(CUSTOMER).encode(), **{"Content-Type": content_type}), 415)


FIELDS: dict[str, dict[str, Any]] = {
    **{f"mass assignment of {name}": {name: 1} for name in ("status", "version", "role", "tenant_id", "created_at")},
    "an empty name": {"name": ""},
    "a name of spaces": {"name": " \t\u3000"},
    "a name over its length": {"name": "王" * 201},
    "an address of 1 MB": {"address": "x" * 1_000_000},
    "a name that nobody sees": {"name": "\u200b\u2060\ufe0f"},
    "a name that turns the order of writing": {"name": "王\u202e芳"},
    "an address in braille's blanks": {"address": "\u2800\u2800"},
    "a name in Hangul's fillers": {"name": "\u3164"},
    "brackets for a phone": {"phones": ["((((("]},
    "a phone that nobody can call": {"phones": ["99999999999999"]},
    "the police's phone": {"phones": ["110"]},
    "a phone that is a formula": {"phones": ["=cmd()"]},
    "a phone with a line's end": {"phones": ["13800000000\r\n"]},
    "a phone made for slow patterns": {"phones": ["1" + " " * 31 + "!"]},
    "too many phones": {"phones": ["13800000000"] * 11},
    "no phones": {"phones": []},
    "a number for a name": {"name": 7},
    **{
        f"occurred_at {at}": {"occurred_at": at}
        for at in (
            "2026-03-02T09:00:00",
            "2026-02-30T09:00:00+08:00",
            "2026-03-02T23:59:60+08:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2999-01-01T00:00:00Z",
            "2026-03-02T09:00:00+14:01",
            "2026-03-02T09:00:00-23:59",
            "1772413200",
            "now",
            1_772_413_200,
            True,
        )
    },
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_is_not_as_the_form_asks(name: str, client: httpx.Client) -> None:
    answer = post(client, "/v1/customers", json.dumps({**CUSTOMER, **FIELDS[name]}).encode())
    is_problem(answer, 422)
    assert answer.json()["errors"][0]["field"].startswith("body")


PATHS: dict[str, tuple[str, tuple[int, ...]]] = {
    "an unknown id": (f"/v1/tickets/{UNKNOWN}", (404,)),
    "an unknown id in capitals": (f"/v1/tickets/{UNKNOWN.upper()}", (404,)),
    "an id that is none": ("/v1/tickets/' or 1=1", (422,)),
    "a way out, encoded": ("/v1/tickets/%2e%2e%2fcustomers", (404, 422)),
    "a path of 8 KB": ("/v1/tickets/" + "x" * 8200, (414,)),
    "NUL": ("/v1/tickets/%00", (422,)),
    "a page before the first": ("/v1/tickets?limit=-1", (422,)),
    "a page without end": ("/v1/tickets?limit=1000000000", (422,)),
    "a cursor of somebody's own": ("/v1/tickets?cursor=e30", (422,)),
    "an unknown status": ("/v1/tickets?status=lost", (422,)),
    "as_of without offset": (f"/v1/tickets/{UNKNOWN}?as_of=2026-03-02T09:00:00", (422,)),
    "as_of as a number": (f"/v1/tickets/{UNKNOWN}?as_of=0.5", (422,)),
    "a version beyond all": (f"/v1/tickets/{UNKNOWN}?min_version=99999999999", (422,)),
}


@pytest.mark.parametrize("name", PATHS)
def test_an_address_that_leads_nowhere(name: str, client: httpx.Client) -> None:
    path, statuses = PATHS[name]
    is_problem(client.get(path), *statuses)


@pytest.mark.parametrize(
    "headers",
    [
        {"Idempotency-Key": ""},
        {"Idempotency-Key": "x" * 256},
        {"Idempotency-Key": "a b"},
        {"If-Match": "3"},
        {"If-Match": '"3'},
    ],
)
def test_a_precondition_that_is_malformed(headers: Mapping[str, str], client: httpx.Client) -> None:
    is_problem(post(client, "/v1/customers", json.dumps(CUSTOMER).encode(), **headers), 400)


@pytest.mark.parametrize("tag", ['W/"3"', '"-1"', '"a", "b"'])
def test_a_tag_that_matches_nothing(tag: str, client: httpx.Client) -> None:
    is_problem(post(client, "/v1/customers", json.dumps(CUSTOMER).encode(), **{"If-Match": tag}), 412)


def test_methods_that_no_route_knows(client: httpx.Client) -> None:
    for method in ("TRACE", "DELETE", "PUT", "PATCH", "OPTIONS"):
        is_problem(client.request(method, "/v1/customers"), 405)


def test_headers_without_number_or_end(client: httpx.Client) -> None:
    is_problem(client.get("/v1/tickets", headers={f"x-{number}": "1" for number in range(1000)}), 431)


Raw = Callable[[str], bytes]
RAW: dict[str, Raw] = {
    "both Content-Length and Transfer-Encoding": lambda head: (
        f"{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode()
    ),
    "two Content-Lengths": lambda head: f"{head}Content-Length: 4\r\nContent-Length: 5\r\n\r\n{{}}   ".encode(),
    "a Content-Length that is none": lambda head: f"{head}Content-Length: many\r\n\r\n{{}}".encode(),
    "a header of 100 KB": lambda head: f"{head}X-Long: {'y' * 100_000}\r\n\r\n".encode(),
    "no HTTP": lambda head: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_no_plain_request_get_4xx_or_the_door(name: str, url: str, token: str) -> None:
    to = urlsplit(url)
    head = (
        f"POST /v1/customers HTTP/1.1\r\nHost: {to.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    )
    with socket.create_connection((str(to.hostname), int(to.port or 0)), timeout=10) as connection:
        connection.sendall(RAW[name](head))
        answer = _all_of(connection)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:200]


def test_forwarded_headers_and_method_overrides_change_nothing(client: httpx.Client) -> None:
    spoofed = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "X-HTTP-Method-Override": "DELETE"}
    answer = client.get("/v1/tickets", headers={**spoofed, "Host": "evil.example"})
    assert (answer.status_code, "evil" in answer.text) == (200, False)


def test_no_log_shows_what_was_sent(client: httpx.Client, folder: RunFolder) -> None:
    log = folder.log(service.name).read_text()
    assert "ready" in log
    assert CANARY not in log
    assert "Traceback" not in log


def _all_of(connection: socket.socket) -> bytes:
    answer = b""
    try:
        while part := connection.recv(65536):
            answer += part
    except ConnectionResetError:
        pass
    return answer
