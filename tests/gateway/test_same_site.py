"""What changes something comes from a page of the gateway's own; every answer says what browsers may do with it."""

import httpx
import pytest

from deploy.devstack.plain_http import PLAIN
from tests.gateway.conftest import Place

OWN = {"Sec-Fetch-Site": "same-origin"}


def post(place: Place, path: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(place.url + path, headers=headers, **PLAIN)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_a_post_that_no_page_of_ours_sent_is_refused(place: Place, site: str) -> None:
    answer = post(place, "/auth/logout", {"Sec-Fetch-Site": site, "Origin": place.url})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", "http://127.0.0.1:1", ""])
def test_without_the_browsers_word_the_origin_has_to_be_ours(place: Place, origin: str) -> None:
    answer = post(place, "/auth/logout", {"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert post(place, "/auth/logout", {}).status_code == 403


@pytest.mark.parametrize("headers", [OWN, {"Origin": "own"}])
def test_our_own_pages_may(place: Place, headers: dict[str, str]) -> None:
    own = {name: place.url if value == "own" else value for name, value in headers.items()}
    assert post(place, "/auth/logout", own).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/auth/me", "/api/intake/v1/tickets"])
def test_the_same_holds_for_every_method_and_path(place: Place, method: str, path: str) -> None:
    answer = httpx.request(method, place.url + path, headers={"Sec-Fetch-Site": "cross-site"}, **PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/", "/auth/me", "/auth/callback", "/api/none", "/assets/main-1a2b.js"])
def test_every_answer_says_what_browsers_may_do_with_it(place: Place, path: str) -> None:
    headers = httpx.get(place.url + path, **PLAIN).headers
    for name, value in {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }.items():
        assert headers.get_list(name) == [value]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert len(headers.get_list("cache-control")) == 1
    assert headers["trace-id"]
    assert not [name for name in headers if name.startswith("access-control-")]


def test_a_refusal_is_said_in_the_callers_language(place: Place) -> None:
    answer = post(place, "/auth/logout", {"Accept-Language": "zh-CN"})
    assert answer.json()["detail"] == "该请求不是由本站页面发出的。"
