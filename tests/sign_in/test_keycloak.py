"""People sign in at Keycloak 26.7.3 with our realm, by its own pages, and the services take their tokens."""

import httpx
import pytest

from deploy.devstack.issuer.people import PEOPLE, Person
from deploy.devstack.keycloak import KeycloakServer
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.oidc import Issuer, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms
from tests.console import CLIENT, Console, Journey, fields_of
from tests.sign_in.conftest import PASSWORD


@pytest.mark.parametrize(
    "person", [person for person in PEOPLE if person.username in ("lead", "engineer-1", "operator")]
)
async def test_the_services_and_the_front_learn_who_it_is(
    console: Console, keycloak: KeycloakServer, person: Person
) -> None:
    tokens = console.sign_in(person.username, PASSWORD)
    identity = console.claims(tokens["id_token"], CLIENT)
    assert set(identity["roles"]) == set(person.roles)
    assert [identity.get(claim) for claim in ("name", "region", "locale")] == [
        person.name,
        person.region,
        person.locale,
    ]
    async with httpx.AsyncClient(verify=keycloak.trust, trust_env=False, timeout=60) as http:
        taken = Tokens(keycloak.url, Keys(Issuer(keycloak.url, http)), Pseudonyms(b"the key of all tests"), "intake")
        who = await taken.authenticate(f"Bearer {tokens['access_token']}")
    assert (who.subject, who.roles) == (identity["sub"], frozenset(person.roles))
    assert (who.name, who.region) == (person.name, person.region)


def test_a_session_is_refreshed_until_sign_out_and_then_the_password_is_asked_for(console: Console) -> None:
    tokens, again = console.sign_in("agent", PASSWORD), Journey()
    console.came_back(again, console.browser.get(console.address(again)))
    refreshed = console.refresh(tokens["refresh_token"]).json()
    sid = console.claims(tokens["id_token"], CLIENT)["sid"]
    assert console.claims(refreshed["id_token"], CLIENT)["sid"] == sid
    left = console.sign_out(id_token_hint=refreshed["id_token"], post_logout_redirect_uri=console.front)
    assert (left.status_code, left.headers["location"]) == (302, console.front)
    assert console.refresh(refreshed["refresh_token"]).json()["error"] == "invalid_grant"
    assert 'name="password"' in console.browser.get(console.address(again)).text


def test_the_page_is_chinese_first(console: Console) -> None:
    assert 'lang="zh-CN"' in console.browser.get(console.address(Journey())).text


@pytest.mark.parametrize("changes", [{"code_challenge_method": "plain"}, {"code_challenge": None}])
def test_without_pkce_by_s256_nobody_signs_in(console: Console, changes: dict[str, str | None]) -> None:
    answer = console.browser.get(console.address(Journey(), **changes))
    assert fields_of(answer.headers["location"])["error"] == "invalid_request"


def test_a_code_is_for_who_asked(console: Console) -> None:
    journey = Journey()
    answer = console.redeem(journey, console.code(journey, "agent", PASSWORD), code_verifier=Journey().verifier)
    assert answer.json()["error"] == "invalid_grant"


def test_nobody_is_sent_to_a_foreign_address(console: Console) -> None:
    for address in (
        "https://evil.test/auth/callback",
        "https://care.test/auth/callback/elsewhere",
        "https://care.test/",
    ):
        assert console.browser.get(console.address(Journey(), redirect_uri=address)).status_code == 400
    tokens = console.sign_in("agent", PASSWORD)
    assert console.sign_out(id_token_hint=tokens["id_token"], post_logout_redirect_uri="https://evil.test/").is_error


def test_a_wrong_password_signs_nobody_in(console: Console) -> None:
    page = console.browser.get(console.address(Journey()))
    answer = console.fill_in(page, username="auditor", password="wrong")
    assert (answer.status_code, answer.headers.get("location")) == (200, None)


def test_the_front_gets_no_token_for_itself_and_none_by_a_password(console: Console) -> None:
    for form in ({"grant_type": "client_credentials"}, {"grant_type": "password", "username": "agent"}):
        answer = console.token(**form, password=PASSWORD, scope="openid")
        assert answer.json()["error"] == "unauthorized_client"
