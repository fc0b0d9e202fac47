"""What people see who sign in at the development issuer, and what a browser takes from there."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest

from tests.chassis.conftest import LiveIssuer
from tests.console import Console, Journey

CROSS_SITE = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://127.0.0.1:1"})


def test_the_page_is_chinese_first_and_works_without_scripts(console: Console) -> None:
    page = console.browser.get(console.address(Journey()))
    assert '<html lang="zh-CN">' in page.text
    assert re.findall(r'<label for="(\w+)">', page.text) == re.findall(r'<input id="(\w+)"', page.text)
    assert "<script" not in page.text
    (link,) = re.findall(r'<a lang="en" hreflang="en" href="([^"]+)">', page.text)
    english = console.browser.get(page.url.join(unescape(link)))
    assert '<html lang="en">' in english.text
    assert "Sign in to Aftercare" in english.text
    assert "<form" in console.browser.get(console.address(Journey(), ui_locales="tlh xx")).text


def test_the_page_loads_nothing_and_its_form_leads_to_the_front_alone(console: Console) -> None:
    page = console.browser.get(console.address(Journey()))
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert page.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self' http://127.0.0.1:8106; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert page.headers["cache-control"] == "no-store"


def test_the_cookie_is_the_browsers_alone(console: Console, password: str) -> None:
    page = console.browser.get(console.address(Journey()))
    (cookie,) = console.fill_in(page, username="agent", password=password).headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_a_wrong_password_is_said_beside_the_form_and_not_what_was_wrong(console: Console, password: str) -> None:
    page = console.browser.get(console.address(Journey()))
    known = console.fill_in(page, username="auditor", password="wrong")
    unknown = console.fill_in(page, username="nobody", password=password)
    empty = console.fill_in(page)
    assert {answer.status_code for answer in (known, unknown, empty)} == {401}
    assert known.text.replace("auditor", "nobody") == unknown.text
    assert '<p id="alert" role="alert">账号或密码不正确。</p>' in known.text
    assert known.text.count('aria-describedby="alert"') == 2
    assert re.findall(r'<input id="(\w+)"[^>]*autofocus', page.text + known.text) == ["username", "password"]
    assert "set-cookie" not in known.headers
    assert "wrong" not in known.text


def test_what_was_typed_is_shown_again_and_never_as_markup(console: Console) -> None:
    page = console.browser.get(console.address(Journey(), state='"><script>alert(1)</script>'))
    answer = console.fill_in(page, username='"><script>', password="wrong")
    assert "<script" not in page.text + answer.text
    assert 'value="&quot;&gt;&lt;script&gt;"' in answer.text


@pytest.mark.parametrize("username", ["AGENT", "ａｇｅｎｔ", " agent "])
def test_a_name_is_compared_as_people_read_it(console: Console, password: str, username: str) -> None:
    console.code(Journey(), username, password)


@pytest.mark.parametrize(
    "username", ["agent\u200b", "ag\u00adent", "\u202eagent", "agent\x00", "аgent", "agent" * 1000]
)
def test_a_name_with_what_nobody_sees_is_another(console: Console, password: str, username: str) -> None:
    page = console.browser.get(console.address(Journey()))
    assert "set-cookie" not in console.fill_in(page, username=username, password=password).headers


@pytest.mark.parametrize("headers", CROSS_SITE)
def test_a_form_of_another_site_signs_nobody_in(console: Console, password: str, headers: dict[str, str]) -> None:
    page = console.browser.get(console.address(Journey()))
    answer = console.fill_in(page, headers, username="agent", password=password)
    assert (answer.status_code, answer.headers.get("set-cookie")) == (403, None)


def test_a_browser_says_that_the_form_is_the_issuers(console: Console, issuer: LiveIssuer, password: str) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": issuer.url}):
        page = console.browser.get(console.address(Journey(), prompt="login"))
        assert console.fill_in(page, headers, username="agent", password=password).status_code == 303


@pytest.mark.parametrize("typed", [{"username": "x" * 20_000}, {"filler": "x" * 3_000}])
def test_a_form_that_is_too_long_is_refused(console: Console, typed: dict[str, str]) -> None:
    page = console.browser.get(console.address(Journey()))
    assert console.fill_in(page, None, **typed).status_code == 400
