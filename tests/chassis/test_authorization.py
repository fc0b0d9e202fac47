"""What the front may ask of the development issuer, and who it learns has signed in."""

import pytest

from tests.console import CLIENT, Console, Journey, fields_of


def test_the_front_learns_who_signed_in_and_the_services_do_too(console: Console, password: str) -> None:
    tokens = console.sign_in("lead", password)
    who = {"sub": "lead", "name": "孙丽", "roles": ["manager", "dispatcher"]}
    access = console.claims(tokens["access_token"], "aftercare")
    assert {**who, "client_id": CLIENT}.items() <= access.items()
    assert access["exp"] - access["iat"] == tokens["expires_in"] == 300
    identity = console.claims(tokens["id_token"], CLIENT)
    assert {**who, "locale": "zh-CN"}.items() <= identity.items()
    assert 0 <= identity["iat"] - identity["auth_time"] < 60
    assert identity["sid"] not in console.browser.cookies.values()


def test_an_engineer_has_a_region_and_an_operator_reads_english(console: Console, password: str) -> None:
    engineer = console.sign_in("engineer-1", password)
    assert console.claims(engineer["access_token"], "aftercare")["region"] == "华北"
    console.browser.cookies.clear()
    operator = console.claims(console.sign_in("operator", password)["id_token"], CLIENT)
    assert operator["locale"] == "en"
    assert "region" not in operator


def test_without_a_nonce_the_token_has_none(console: Console, password: str) -> None:
    journey = Journey()
    tokens = console.redeem(journey, console.code(journey, "agent", password, nonce=None)).json()
    assert "nonce" not in console.claims(tokens["id_token"], CLIENT)


def test_who_is_signed_in_needs_no_password_until_they_sign_out(console: Console, password: str) -> None:
    tokens, again = console.sign_in("agent", password), Journey()
    console.came_back(again, console.browser.get(console.address(again)))
    console.came_back(again, console.browser.get(console.address(again, prompt="none")))
    assert "<form" in console.browser.get(console.address(again, prompt="login")).text
    left = console.sign_out(id_token_hint=tokens["id_token"], post_logout_redirect_uri=console.front, state="s&t")
    assert (left.status_code, left.headers["location"]) == (303, f"{console.front}?state=s%26t")
    assert "<form" in console.browser.get(console.address(again)).text
    declined = console.browser.get(console.address(again, prompt="none"))
    assert fields_of(declined.headers["location"])["error"] == "login_required"
    assert console.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_cookie_that_was_stolen_is_worth_nothing_after_sign_out(console: Console, password: str) -> None:
    tokens = console.sign_in("agent", password)
    stolen = dict(console.browser.cookies)
    console.sign_out(id_token_hint=tokens["id_token"])
    console.browser.cookies.update(stolen)
    assert "<form" in console.browser.get(console.address(Journey())).text


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"client_id": None},
        {"client_id": "role-manager"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.test/auth/callback"},
        {"redirect_uri": "http://127.0.0.1:8106.evil.test/auth/callback"},
        {"redirect_uri": "http://127.0.0.1:8106@evil.test/auth/callback"},
        {"redirect_uri": "http://127.0.0.1:8106/auth/callback/../../elsewhere"},
        {"redirect_uri": "http://127.0.0.1:8106/auth/callback?to=//evil.test"},
        {"redirect_uri": "http://127.0.0.1:８106/auth/callback"},
        {"redirect_uri": "http://127.0.0.1:8106/auth/callback\n"},
        {"redirect_uri": "javascript:alert(1)//127.0.0.1/auth/callback"},
        {"state": "x" * 3000},
    ],
)
def test_nobody_is_sent_to_a_foreign_address(console: Console, changes: dict[str, str | None]) -> None:
    answer = console.browser.get(console.address(Journey(), **changes))
    assert (answer.status_code, answer.headers.get("location")) == (400, None)
    assert "evil" not in answer.text
    assert "<form" not in answer.text


def test_a_parameter_that_comes_twice_is_refused(console: Console) -> None:
    answer = console.browser.get(f"{console.address(Journey())}&redirect_uri=https%3A%2F%2Fevil.test")
    assert (answer.status_code, answer.headers.get("location")) == (400, None)


def test_a_parameter_that_nobody_knows_is_ignored(console: Console) -> None:
    assert "<form" in console.browser.get(console.address(Journey(), login_hint="agent", made_up="1")).text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_the_client_is_told_what_it_may_not_ask(console: Console, changes: dict[str, str | None], error: str) -> None:
    journey = Journey()
    answer = console.browser.get(console.address(journey, **changes))
    told = fields_of(answer.headers["location"])
    assert answer.headers["location"].startswith(f"{console.callback}?")
    assert (told["error"], told["state"], told["iss"]) == (error, journey.state, console.known["issuer"])
