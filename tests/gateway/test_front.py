"""The front: a page for every address, with a nonce of its own, and files as they were built."""

import re
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.devstack.plain_http import PLAIN
from tests.gateway.conftest import Place
from tests.gateway.front import BROTLI, FIELD, SCRIPT


def get(place: Place, path: str, **headers: str) -> httpx.Response:
    return httpx.get(place.url + path, headers={"Accept-Encoding": "identity", **headers}, **PLAIN)


@pytest.mark.parametrize("path", ["/", "/index.html", "/tickets", "/tickets/42?tab=clocks", "/工单"])
def test_every_address_of_nobody_elses_is_the_page(place: Place, path: str) -> None:
    answer = get(place, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own_in_page_and_policy(place: Place) -> None:
    answers = [get(place, "/") for _ in range(3)]
    nonces = [re.findall(r'nonce="([\w-]+)"', answer.text) for answer in answers]
    assert len({nonce for found in nonces for nonce in found}) == 3
    for (nonce,), answer in zip(nonces, answers, strict=True):
        policy = answer.headers["content-security-policy"]
        assert f"script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval';" in policy
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")


@pytest.mark.parametrize("path", ["/field/", "/field/index.html", "/field/log", "/field/visits/42/acceptance"])
def test_every_address_of_the_phones_is_its_page_without_a_nonce(place: Place, path: str) -> None:
    answer = get(place, path)
    assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, FIELD, "no-cache")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'; style-src 'self';" in policy
    assert "nonce" not in policy


def test_the_phones_worker_is_asked_for_each_time_and_its_folder_is_its_scope(place: Place) -> None:
    worker = get(place, "/field/sw.js")
    assert (worker.headers["cache-control"], worker.headers["content-type"]) == (
        "no-cache",
        "text/javascript; charset=utf-8",
    )
    folder = get(place, "/field")
    assert (folder.status_code, folder.headers["location"]) == (307, "/field/")


@pytest.mark.parametrize("path", ["/api/nothing/v1/tickets/x", "/auth/nothing", "/events/none", "/assets/none.js"])
def test_what_is_no_page_is_not_the_page(place: Place, path: str) -> None:
    answer = get(place, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-route")


def test_a_hashed_file_is_kept_for_ever(place: Place) -> None:
    answer = get(place, "/assets/plain-3c4d.css")
    assert answer.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
    assert (answer.text, answer.headers["content-type"]) == ("body {}", "text/css; charset=utf-8")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("br; q=0.000", None), ("", None)],
)
def test_a_file_comes_in_the_smallest_form_that_is_taken(place: Place, accepted: str, encoding: str | None) -> None:
    with httpx.stream(
        "GET", f"{place.url}/assets/main-1a2b.js", headers={"Accept-Encoding": accepted}, **PLAIN
    ) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "accept-encoding"
    assert {"br": body == BROTLI, "gzip": body[:2] == b"\x1f\x8b", None: body == SCRIPT.encode()}[encoding]


def test_another_file_is_asked_for_each_time_and_sent_when_it_has_changed(place: Place) -> None:
    first = get(place, "/favicon.svg")
    assert first.headers["cache-control"] == "no-cache"
    again = get(place, "/favicon.svg", **{"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize(
    "target",
    [
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/%2e%2e/secret.txt",
    ],
)
def test_nothing_outside_of_the_folder_is_served(place: Place, target: str) -> None:
    answer = raw(place.url, target)
    assert b"nobody's" not in answer
    assert b"root:" not in answer


def raw(url: str, target: str) -> bytes:
    """The answer to a target that no client would send as it is."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_front_that_is_not_built_is_said_in_a_page(place: Place) -> None:
    index = place.front / "index.html"
    text = index.read_text()
    index.unlink()
    try:
        answer = get(place, "/tickets")
    finally:
        index.write_text(text)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "make web" in answer.text
    assert "Traceback" not in answer.text


def test_a_head_is_answered_without_a_body(place: Place) -> None:
    answer = httpx.head(f"{place.url}/tickets", **PLAIN)
    assert (answer.status_code, answer.text) == (200, "")
