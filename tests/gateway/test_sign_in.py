"""People sign in at the issuer and out again; nobody becomes somebody else, or lands elsewhere."""

from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest

from deploy.devstack.blocking import finish
from deploy.devstack.plain_http import PLAIN
from libs.zones import ZONES
from tests.gateway.browser import Browser
from tests.gateway.conftest import Place


def test_who_signs_in_is_back_where_they_were_and_is_known(browser: Browser, password: str) -> None:
    assert browser.me().json()["code"] == "not-signed-in"
    page = browser.sign_in("engineer-1", password, to="/tickets/7?tab=clocks&q=空调")
    assert (page.status_code, str(page.url)) == (200, f"{browser.url}/tickets/7?tab=clocks&q=%E7%A9%BA%E8%B0%83")
    who = browser.me().json()
    assert len(urlsafe_b64decode(who.pop("draft_key") + "=")) == 32
    assert who == {
        "subject": "engineer-1",
        "name": "陈强",
        "roles": ["engineer"],
        "region": "华北",
        "locale": "zh-CN",
    }


def test_a_person_has_one_key_for_drafts_at_every_browser_and_nobody_else_has_it(
    browser: Browser, place: Place, password: str
) -> None:
    browser.sign_in("agent", password)
    own = browser.me().json()["draft_key"]
    browser.press("/auth/logout")
    with Browser(place.url) as later, Browser(place.url) as other:
        later.sign_in("agent", password)
        other.sign_in("manager", password)
        assert later.me().json()["draft_key"] == own != other.me().json()["draft_key"]


def test_several_roles_and_another_language_are_told(browser: Browser, place: Place, password: str) -> None:
    browser.sign_in("lead", password)
    assert browser.me().json()["roles"] == ["dispatcher", "manager"]
    with Browser(place.url) as other:
        other.sign_in("operator", password)
        assert other.me().json()["locale"] == "en"


def test_the_sessions_cookie_is_of_this_host_and_for_no_script(browser: Browser, password: str) -> None:
    page = browser.sign_in("agent", password)
    (given,) = (
        line
        for answer in page.history
        for line in answer.headers.get_list("set-cookie")
        if line.startswith("__Host-sid=")
    )
    parts = {part.strip().lower() for part in given.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax", "secure"}


def test_the_issuer_is_asked_as_the_protocol_wants_it(browser: Browser) -> None:
    sent = browser.get("/auth/login", follow_redirects=False)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert sent.status_code == 302
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid"
    assert asked["redirect_uri"] == f"{browser.url}/auth/callback"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_a_wrong_password_signs_nobody_in(browser: Browser, password: str) -> None:
    page = browser.sign_in("agent", "wrong")
    assert page.status_code == 401
    assert browser.me().status_code == 401
    assert str(browser.fill_in(page, "agent", password).url) == f"{browser.url}/"


def test_who_is_signed_in_at_the_issuer_needs_no_password(browser: Browser, password: str) -> None:
    browser.sign_in("agent", password)
    first = browser.session
    assert str(browser.get("/auth/login?to=/board").url) == f"{browser.url}/board"
    assert browser.session != first
    assert httpx.get(f"{browser.url}/auth/me", cookies={"__Host-sid": first}, **PLAIN).status_code == 401


def test_who_signs_out_is_out_here_and_at_the_issuer(browser: Browser, password: str) -> None:
    browser.sign_in("agent", password)
    stolen = browser.session
    left = browser.press("/auth/logout")
    assert left.status_code == 303
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert str(browser.http.get(left.headers["location"]).url) == f"{browser.url}/"
    assert browser.me().status_code == 401
    assert httpx.get(f"{browser.url}/auth/me", cookies={"__Host-sid": stolen}, **PLAIN).status_code == 401
    assert "password" in browser.get("/auth/login").text


def test_a_person_sees_at_which_browsers_they_are_and_nothing_that_a_session_is_found_by(
    browser: Browser, place: Place, password: str
) -> None:
    assert browser.get("/auth/settings").status_code == 401
    with Browser(place.url) as phone:
        for one in (browser, phone):
            one.sign_in("agent", password)
        shown = phone.get("/auth/settings").json()
    assert sum(session["is_this"] for session in shown["sessions"]) == 1
    assert len(shown["sessions"]) >= 2
    assert shown["sessions"][0].keys() == {"began_at", "used_at", "ends_at", "is_this"}
    assert (shown["timezone"] in ZONES, shown["session_seconds"]) == (True, 24 * 3600)


def test_who_signs_out_everywhere_is_out_at_every_browser(browser: Browser, place: Place, password: str) -> None:
    with Browser(place.url) as phone, Browser(place.url) as colleague:
        for each, name in ((browser, "triage"), (phone, "triage"), (colleague, "manager")):
            each.sign_in(name, password)
            assert each.me().status_code == 200
        assert browser.press("/auth/logout/everywhere").status_code == 303
        assert [each.me().status_code for each in (browser, phone, colleague)] == [401, 401, 200]


def test_signing_out_twice_is_harmless(browser: Browser) -> None:
    answer = browser.press("/auth/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{browser.url}/")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_signs_nobody_out(browser: Browser, password: str, method: str) -> None:
    browser.sign_in("agent", password)
    assert browser.http.request(method, f"{browser.url}/auth/logout").status_code == 404
    assert browser.me().status_code == 200


@pytest.mark.parametrize("cookie", ["x", "a" * 43, "a" * 5000, "%00", '"', "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_cookie_is_nobody(place: Place, cookie: str) -> None:
    answer = httpx.get(f"{place.url}/auth/me", headers={"Cookie": f"__Host-sid={cookie}"}, **PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_a_bearer_token_is_no_session(place: Place) -> None:
    answer = httpx.get(f"{place.url}/auth/me", headers={"Authorization": "Bearer x"}, **PLAIN)
    assert answer.status_code == 401


@pytest.mark.parametrize("to", ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "/auth/login"])
def test_nobody_lands_elsewhere(browser: Browser, password: str, to: str) -> None:
    assert str(browser.sign_in("agent", password, to=to).url) == f"{browser.url}/"


def callback_of(browser: Browser, password: str) -> str:
    """Where the issuer sends the browser back, not followed yet."""
    page = browser.get("/auth/login?to=/board")
    browser.http.follow_redirects = False
    address: str = browser.fill_in(page, "agent", password).headers["location"]
    browser.http.follow_redirects = True
    return address


def test_nobody_is_signed_in_by_anothers_callback(browser: Browser, place: Place, password: str) -> None:
    address = callback_of(browser, password)
    with Browser(place.url) as victim:
        assert victim.http.get(address).status_code == 400
        victim.get("/auth/login")
        page = victim.http.get(address)
        assert (page.status_code, victim.me().status_code) == (400, 401)
        assert 'href="/auth/login?to=/"' in page.text
    assert str(browser.http.get(address).url) == f"{browser.url}/board"


def test_a_callback_serves_once(browser: Browser, password: str) -> None:
    address = callback_of(browser, password)
    browser.http.get(address)
    browser.press("/auth/logout")
    page = browser.http.get(address)
    assert page.status_code == 400
    assert browser.me().status_code == 401


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"error": "access_denied", "code": None}, "Signing in was not completed."),
        ({"code": "made-up.code"}, "Signing in took too long"),
        ({"code": "x" * 5000}, "Signing in was not completed."),
        ({"code": None}, "Signing in was not completed."),
        ({"iss": "https://evil.example.org"}, "Signing in was not completed."),
        ({"state": "another"}, "begun in another window"),
        ({"state": "工单"}, "begun in another window"),
        ({"state": None}, "begun in another window"),
    ],
)
def test_what_the_issuer_does_not_grant_is_a_page_with_a_way_back(
    browser: Browser, password: str, change: dict[str, str | None], says: str
) -> None:
    parts = urlsplit(callback_of(browser, password))
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()} | change
    page = browser.get(parts.path, params={name: value for name, value in fields.items() if value is not None})
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert says in page.text
    assert "登录" in page.text
    assert 'href="/auth/login?to=/board"' in page.text
    assert "evil" not in page.text
    assert browser.me().status_code == 401


def test_the_database_has_neither_the_id_nor_a_token(browser: Browser, place: Place, password: str) -> None:
    browser.sign_in("agent", password)

    async def rows() -> str:
        connection = await asyncpg.connect(place.database_url)
        try:
            return str([dict(row) for row in await connection.fetch("SELECT * FROM session")])
        finally:
            await connection.close()

    found = finish(rows())
    assert "agent" in found
    assert browser.session not in found
    assert "eyJhbGciOi" not in found
