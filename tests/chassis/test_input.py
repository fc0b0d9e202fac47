"""Bad input: each a documented 4xx as a problem, nothing stored, nothing told that was sent."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from libs.chassis.input.strict import loads
from libs.chassis.problems import Problem
from libs.events.database.connections import Pool
from tests.chassis.conftest import Caller

JSON: dict[str, tuple[bytes, int]] = {
    "not JSON": (b"hello", 422),
    "empty": (b"", 422),
    "byte order mark": (b'\xef\xbb\xbf{"note": "x"}', 422),
    "deep": (b'{"note": "x", "tags": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 422),
    "deep and open": (b"[" * 500_000, 422),
    "deep objects": (b'{"a":' * 10_000, 422),
    "duplicate keys": (b'{"note": "x", "note": "y"}', 422),
    "duplicate keys below": (b'{"note": "x", "tags": {"a": 1, "a": 2}}', 422),
    "NaN": (b'{"note": "x", "size": NaN}', 422),
    "Infinity": (b'{"note": "x", "size": -Infinity}', 422),
    "1e400": (b'{"note": "x", "size": 1e400}', 422),
    "1e400 where anything goes": (b'{"note": "x", "tags": {"a": 1e400}}', 422),
    "2^63": (b'{"note": "x", "count": 9223372036854775808}', 422),
    "a number of 5,000 digits": (b'{"note": "x", "count": ' + b"9" * 5000 + b"}", 422),
    "array for object": (b'[{"note": "x"}]', 422),
    "null": (b"null", 422),
    "NUL": (b'{"note": "a\\u0000b"}', 422),
    "NUL where anything goes": (b'{"note": "x", "tags": {"a": ["\\u0000"]}}', 422),
    "NUL in a key": (b'{"note": "x", "tags": {"\\u0000": 1}}', 422),
    "raw control character": (b'{"note": "a\x00b"}', 422),
    "lone surrogate": (b'{"note": "\\ud800"}', 422),
    "lone surrogate where anything goes": (b'{"note": "x", "tags": {"a": "\\udfff"}}', 422),
    "invalid UTF-8": (b'{"note": "\xff\xfe"}', 422),
    "UTF-16": ('{"note": "x"}'.encode("utf-16"), 422),
    "unknown field": (b'{"note": "x", "status": "closed"}', 422),
    "mass assignment": (b'{"note": "x", "version": 7}', 422),
    "missing field": (b"{}", 422),
    "wrong type": (b'{"note": ["x"]}', 422),
    "too long": (b'{"note": "' + b"x" * 4001 + b'"}', 422),
    "over 1,000 keys": (b'{"note": "x", "tags": {' + b",".join(b'"%d": 0' % n for n in range(1001)) + b"}}", 422),
    "trailing garbage": (b'{"note": "x"} {}', 422),
}


@pytest.mark.parametrize("name", JSON)
async def test_bad_json_is_a_problem_and_stores_nothing(name: str, anna: Caller, pool: Pool) -> None:
    body, status = JSON[name]
    answer = await anna.post("/v1/jobs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["status"], bool(problem["title"])) == (422, True)
    assert problem["errors"][0]["field"].startswith("body")
    assert len(problem["trace_id"]) == 32
    assert await pool.fetchval("SELECT count(*) FROM event") == 0
    assert await pool.fetchval("SELECT count(*) FROM text") == 0


async def test_more_errors_than_anybody_reads_are_counted_not_listed(anna: Caller) -> None:
    few = await anna.post("/v1/jobs", {"note": "x", "marks": [0] * 1000})
    assert [error["field"] for error in few.json()["errors"]] == [f"body.marks.{n}" for n in range(50)]
    many = await anna.post("/v1/jobs", {"note": "x", "marks": [0] * 1001})
    assert (many.status_code, many.json()["errors"]) == (422, [{"field": "body", "detail": "has over 1,000 errors"}])


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("staus", "body.staus"),
        ("k" * 1_000_000, "body." + "k" * 100),
        ("13900000001", "body.*"),
        ("王小姐", "body.*"),
        ("a.b", "body.*"),
        ("<b>", "body.*"),
        ("", "body.*"),
    ],
)
async def test_of_an_unknown_key_no_more_is_echoed_than_a_field_s_name(key: str, told: str, anna: Caller) -> None:
    answer = await anna.post("/v1/jobs", {"note": "x", key: 1})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [told])
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    "words",
    ["", " ", "\u202eabc\u200b", "\U0001f527", "<script>", "{{7*7}}", "' or 1=1", "a\r\nb", "=cmd()", "\ud83d\udd27"],
)
async def test_strange_words_are_words(words: str, anna: Caller, pool: Pool) -> None:
    answer = await anna.post("/v1/jobs", content=f'{{"note": {_escaped(words)}}}', headers=JSON_TYPE)
    assert answer.status_code == 201, answer.text
    stored = await pool.fetchval("SELECT body FROM text")
    assert stored == words.encode("utf-16", "surrogatepass").decode("utf-16")


JSON_TYPE = {"Content-Type": "application/json"}


def _escaped(words: str) -> str:
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in words) + '"'


def test_numbers_at_the_edge_are_numbers() -> None:
    assert loads(b"[9223372036854775807, -9223372036854775808, -0, 1e308, 1e-400]") == [
        2**63 - 1,
        -(2**63),
        0,
        1e308,
        0,
    ]
    with pytest.raises(Problem):
        loads(b"-9223372036854775809")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json", ";;"]
)
async def test_another_content_type_is_415(content_type: str, anna: Caller) -> None:
    answer = await anna.post("/v1/jobs", content=b'{"note": "x"}', headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "not-json")


async def test_no_content_type_is_415(anna: Caller) -> None:
    assert (await anna.post("/v1/jobs", content=b'{"note": "x"}')).status_code == 415


async def test_a_content_type_may_have_parameters(anna: Caller) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert (await anna.post("/v1/jobs", content=b'{"note": "x"}', headers=headers)).status_code == 201


async def test_a_body_over_1_mib_is_413_before_it_is_parsed(anna: Caller, pool: Pool) -> None:
    answer = await anna.post("/v1/jobs", content=b"[" * (1024 * 1024 + 1), headers=JSON_TYPE)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


async def test_a_chunked_body_is_cut_off_at_1_mib(anna: Caller) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 64 * 1024
            yield b" " * (64 * 1024)

    answer = await anna.post("/v1/jobs", content=endless(), headers=JSON_TYPE)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert taken <= 2 * 1024 * 1024


async def test_a_false_content_length_helps_nobody(anna: Caller) -> None:
    headers = {**JSON_TYPE, "Content-Length": "10"}
    assert (await anna.post("/v1/jobs", content=b" " * 1_100_000, headers=headers)).status_code == 413
    for length in ("-1", "1e3", "9" * 40):
        answer = await anna.post("/v1/jobs", content=b"{}", headers={**JSON_TYPE, "Content-Length": length})
        assert answer.status_code == 400


async def test_repeated_headers_that_say_nothing_are_harmless(anna: Caller) -> None:
    repeated: Any = [*anna.headers.items(), ("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "5"), ("Accept", "a/b")]
    assert (await anna.http.get("/v1/jobs", headers=repeated)).status_code == 200
    override = {"X-HTTP-Method-Override": "DELETE", "Host": "evil.example"}
    assert (await anna.get("/v1/jobs", headers=override)).status_code == 200


async def test_nul_in_an_address_is_422(anna: Caller) -> None:
    for path in ("/v1/jobs/%00", "/v1/jobs?cursor=%00", "/v1/jobs?limit=1&other=a%00b"):
        assert (await anna.get(path)).status_code == 422


async def test_an_address_of_many_kilobytes_is_refused(anna: Caller) -> None:
    for path in ("/v1/jobs/" + "x" * 9000, "/v1/jobs?" + "x" * 9000):
        answer = await anna.get(path)
        assert (answer.status_code, answer.json()["code"]) == (414, "target-too-long")


async def test_too_many_headers_are_refused(anna: Caller) -> None:
    many = {f"x-{number}": "1" for number in range(1000)}
    assert (await anna.get("/v1/jobs", headers=many)).status_code == 431
    assert (await anna.get("/v1/jobs", headers={"x-long": "y" * 100_000})).status_code == 431
    equal: Any = [*anna.headers.items(), *[("x-long", "y" * 7000)] * 10]
    assert (await anna.http.get("/v1/jobs", headers=equal)).status_code == 431


async def test_two_idempotency_keys_are_none(anna: Caller, pool: Pool) -> None:
    twice: Any = [*anna.headers.items(), ("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
    answer = await anna.http.post("/v1/jobs", json={"note": "x"}, headers=twice)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-repeated")
    assert await pool.fetchval("SELECT count(*) FROM event") == 0


async def test_no_host_is_a_problem(anna: Caller) -> None:
    answer = await anna.get("/v1/jobs", headers={"Host": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "host-missing")


async def test_unknown_routes_and_methods_are_problems(anna: Caller) -> None:
    unknown = await anna.get("/v2/jobs")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-such-route")
    for method in ("DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "BREW"):
        answer = await anna.http.request(method, "/v1/jobs", headers=anna.headers)
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "GET, POST"


async def test_a_defect_is_500_with_a_trace_and_nothing_else(anna: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await anna.get("/v1/jobs/broken/now")
    assert answer.status_code == 500
    assert answer.headers["trace-id"] == answer.json()["trace_id"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert not any(word in answer.text for word in ("13900000001", "SELECT", "/srv", "Traceback", "RuntimeError"))


async def test_the_caller_s_trace_is_continued(anna: Caller) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    assert (await anna.get("/nowhere", headers=headers)).json()["trace_id"] == trace_id
    for malformed in ("", "x", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"ff-{trace_id}-00f067aa0ba902b7-01"):
        told = (await anna.get("/nowhere", headers={"traceparent": malformed})).json()["trace_id"]
        assert len(told) == 32
        assert told != trace_id
