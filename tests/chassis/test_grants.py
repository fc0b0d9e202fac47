"""What the front gets for a code and for a refresh token, and what nobody gets."""

import httpx
import pytest

from deploy.devstack.issuer.authorization import AuthorizationRequest
from deploy.devstack.issuer.clients import Client
from deploy.devstack.issuer.errors import OAuthError
from deploy.devstack.issuer.grants import CODE_SECONDS, Grants
from deploy.devstack.issuer.people import PEOPLE
from deploy.devstack.issuer.sign_ins import SIGN_IN_SECONDS, SignIns
from tests.chassis.conftest import LiveIssuer
from tests.console import CLIENT, Console, Journey


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_that_comes_twice_ends_what_came_of_it(console: Console, password: str) -> None:
    journey = Journey()
    code = console.code(journey, "agent", password)
    tokens = console.redeem(journey, code).json()
    assert refused(console.redeem(journey, code))
    assert refused(console.refresh(tokens["refresh_token"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": Journey().verifier},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:8106/auth/callback"},
        {"redirect_uri": ""},
    ],
)
def test_a_code_is_for_who_asked_and_is_tried_once(console: Console, password: str, changes: dict[str, str]) -> None:
    journey = Journey()
    code = console.code(journey, "agent", password)
    assert refused(console.redeem(journey, code, **changes))
    assert refused(console.redeem(journey, code))


def test_the_challenge_is_no_verifier(console: Console, password: str) -> None:
    journey = Journey()
    code = console.code(journey, "agent", password)
    assert refused(console.redeem(journey, code, code_verifier=journey.challenge))


def test_a_verifier_that_can_be_guessed_is_refused(console: Console, password: str) -> None:
    journey = Journey(verifier="x" * 42)
    assert refused(console.redeem(journey, console.code(journey, "agent", password)))


def test_another_client_gets_nothing_for_a_code(console: Console, issuer: LiveIssuer, password: str) -> None:
    journey = Journey()
    form = {"grant_type": "authorization_code", "code": console.code(journey, "agent", password)}
    form |= {"redirect_uri": console.callback, "code_verifier": journey.verifier}
    other = ("role-agent", (issuer.state / "clients" / "role-agent").read_text())
    assert refused(console.browser.post(console.known["token_endpoint"], data=form, auth=other))


def test_without_its_secret_the_client_gets_nothing(console: Console, password: str) -> None:
    journey = Journey()
    code, console.secret = console.code(journey, "agent", password), "wrong"
    assert console.redeem(journey, code).status_code == 401


def test_the_front_gets_no_token_for_itself(console: Console) -> None:
    assert console.token(grant_type="client_credentials").json()["error"] == "unauthorized_client"


def test_a_refresh_token_serves_once_and_its_theft_ends_all(console: Console, password: str) -> None:
    first = console.sign_in("agent", password)
    second = console.refresh(first["refresh_token"]).json()
    assert console.claims(second["access_token"], "aftercare")["sub"] == "agent"
    before, after = (console.claims(each["id_token"], CLIENT) for each in (first, second))
    assert (after["sid"], after["auth_time"]) == (before["sid"], before["auth_time"])
    assert refused(console.refresh(first["refresh_token"]))
    assert refused(console.refresh(second["refresh_token"]))


@pytest.mark.parametrize("token", ["", ".", "no-dot", "a.b", "é.é"])
def test_what_is_no_token_is_refused(console: Console, token: str) -> None:
    assert refused(console.refresh(token))
    assert refused(console.redeem(Journey(), token))


def test_a_code_is_no_refresh_token_nor_the_other_way_round(console: Console, password: str) -> None:
    journey = Journey()
    assert refused(console.refresh(console.code(journey, "agent", password)))
    console.browser.cookies.clear()
    tokens = console.redeem(journey, console.code(journey, "agent", password)).json()
    assert refused(console.redeem(journey, tokens["refresh_token"]))


def test_a_code_serves_for_a_minute_and_a_sign_in_for_a_shift() -> None:
    front, journey, sign_ins = Client("front", "secret"), Journey(), SignIns()
    request = AuthorizationRequest(front, "https://front.test/", None, None, journey.challenge, frozenset())
    form = {"redirect_uri": request.redirect_uri, "code_verifier": journey.verifier}
    cookie, sign_in = sign_ins.begin(PEOPLE[0], at=0)
    grants = Grants(sign_ins)
    late, soon = (grants.code(request, sign_in, at=0) for _ in range(2))
    with pytest.raises(OAuthError, match="ended"):
        grants.redeemed({**form, "code": late}, front, at=CODE_SECONDS)
    _, refresh = grants.redeemed({**form, "code": soon}, front, at=CODE_SECONDS - 1)
    _, refresh = grants.refreshed({"refresh_token": refresh}, front, at=SIGN_IN_SECONDS - 1)
    assert sign_ins.of(cookie, at=SIGN_IN_SECONDS - 1) == sign_in
    with pytest.raises(OAuthError, match="ended"):
        grants.refreshed({"refresh_token": refresh}, front, at=SIGN_IN_SECONDS)
    assert sign_ins.of(cookie, at=SIGN_IN_SECONDS) is None
