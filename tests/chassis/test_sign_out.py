"""Sign-out at the development issuer, as the front asks for it."""

import pytest

from tests.chassis.conftest import LiveIssuer
from tests.console import CLIENT, Console, Journey


@pytest.mark.parametrize(
    "address",
    ["https://evil.test/", "http://127.0.0.1:8106/elsewhere", "//evil.test", "http://127.0.0.1:8106@evil.test/"],
)
def test_sign_out_leads_to_no_foreign_address(console: Console, password: str, address: str) -> None:
    tokens = console.sign_in("agent", password)
    answer = console.sign_out(id_token_hint=tokens["id_token"], post_logout_redirect_uri=address)
    assert (answer.status_code, answer.headers.get("location")) == (400, None)
    assert "evil" not in answer.text
    assert console.refresh(tokens["refresh_token"]).status_code == 200


def test_who_may_sign_somebody_out_shows_their_token(console: Console, issuer: LiveIssuer, password: str) -> None:
    tokens = console.sign_in("agent", password)
    forged = issuer.signer.token("agent", ["agent"], 60)
    for hint in ("x", forged, tokens["id_token"][:-4] + "AAAA"):
        assert console.sign_out(id_token_hint=hint).status_code == 400
    assert console.sign_out(id_token_hint=tokens["id_token"], client_id="intake").status_code == 400
    assert console.refresh(tokens["refresh_token"]).status_code == 200


def test_without_a_token_the_person_is_asked(console: Console, password: str) -> None:
    refresh = console.sign_in("agent", password)["refresh_token"]
    question = console.sign_out(client_id=CLIENT, post_logout_redirect_uri=console.front)
    assert "确定要退出登录吗？" in question.text
    assert "<form" in console.fill_in(question, {"Sec-Fetch-Site": "cross-site"}, confirmed="yes").text
    assert "<form" in console.sign_out(client_id=CLIENT, confirmed="yes").text
    refresh = console.refresh(refresh).json()["refresh_token"]
    left = console.fill_in(question, confirmed="yes")
    assert left.headers["location"] == console.front
    assert console.refresh(refresh).status_code == 400


def test_one_persons_sign_out_is_not_anothers(console: Console, password: str) -> None:
    agent = console.sign_in("agent", password)
    console.browser.cookies.clear()
    manager = console.sign_in("manager", password)
    assert "已退出登录" in console.sign_out(id_token_hint=agent["id_token"]).text
    assert console.refresh(agent["refresh_token"]).status_code == 400
    assert console.refresh(manager["refresh_token"]).status_code == 200
    again = Journey()
    console.came_back(again, console.browser.get(console.address(again)))
