"""Tokens of customers' links: the gateway makes customers of one object, and nobody anything else."""

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from deploy.devstack.plain_http import PLAIN
from libs.chassis.identity.auth import CUSTOMER, LinkClaims, Tokens, allow, link_of
from libs.chassis.identity.link_tokens import LinkTokens
from libs.chassis.identity.oidc import Issuer, KeyFile, Keys
from libs.chassis.identity.signing_keys import Signer, new_key_set, published
from libs.chassis.problems import Problem
from tests.chassis.conftest import PSEUDONYMS, LiveIssuer
from tests.chassis.routes import ROUTES
from tests.chassis.test_auth import signed

GATEWAY = "https://care.test"
LINK, TICKET, CALLBACK = (f"0198c0de-0000-7000-8000-00000000000{number}" for number in range(3))
RATING: dict[str, Any] = {
    "sub": f"link:{LINK}",
    "roles": ["customer"],
    "ticket_id": TICKET,
    "purpose": "rating",
    "object_id": CALLBACK,
}


def checks(issuer: LiveIssuer, http: httpx.AsyncClient, file: Path, service: str = "survey") -> Tokens:
    """A service's, with the gateway's public keys in a file."""
    links = LinkTokens(GATEWAY, Keys(KeyFile(file)), PSEUDONYMS, service)
    return Tokens(issuer.url, Keys(Issuer(issuer.url, http)), PSEUDONYMS, service, links=links)


class Minted:
    """A gateway's keys, what signs with them, and a service that was told of them."""

    def __init__(self, issuer: LiveIssuer, http: httpx.AsyncClient, file: Path) -> None:
        self.secret, self.file = new_key_set(), file
        file.write_text(published(self.secret))
        self.tokens = checks(issuer, http, file)

    def token(self, audience: str = "survey", seconds: int = 60, **changes: Any) -> str:
        claims = {name: value for name, value in (RATING | changes).items() if value is not None}
        return Signer(GATEWAY, self.secret).token(audience, seconds, claims)

    def aged(self, **changes: Any) -> str:
        """A token whose times are as they are said, in seconds from now."""
        claims = jwt.decode(self.token(), options={"verify_signature": False})
        claims |= {name: int(time.time()) + value for name, value in changes.items()}
        key = jwt.PyJWKSet.from_json(self.secret).keys[0]
        return jwt.encode(claims, key, algorithm="ES256", headers={"typ": "at+jwt", "kid": key.key_id})

    async def refusal(self, token: str) -> int:
        with pytest.raises(Problem) as refused:
            await self.tokens.authenticate(f"Bearer {token}")
        return refused.value.status


@pytest.fixture
async def minted(issuer: LiveIssuer, tmp_path: Path) -> Any:
    async with httpx.AsyncClient(**PLAIN) as http:
        yield Minted(issuer, http, tmp_path / "link_keys.json")


async def test_a_link_makes_a_customer_of_one_object(minted: Minted) -> None:
    for _ in range(2):  # the second time it is remembered
        principal = await minted.tokens.authenticate(f"Bearer {minted.token()}")
        assert (principal.issuer, principal.subject, sorted(principal.roles)) == (GATEWAY, f"link:{LINK}", [CUSTOMER])
        assert principal.link == LinkClaims(TICKET, "rating", CALLBACK)
        assert principal.actor_id == PSEUDONYMS.actor_id(GATEWAY, f"link:{LINK}")


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["manager"]},
        {"roles": ["customer", "manager"]},
        {"roles": []},
        {"roles": None},
        {"roles": "customer"},
        {"sub": "anna"},
        {"sub": "link:anna"},
        {"sub": LINK},
        {"ticket_id": None},
        {"ticket_id": "all"},
        {"ticket_id": [TICKET]},
        {"purpose": None},
        {"purpose": ["rating"]},
        {"purpose": "rating or anything"},
        {"object_id": "*"},
        {"object_id": 7},
        {"audience": "aftercare"},
        {"audience": "intake"},
        {"seconds": 61},
        {"seconds": -6},
    ],
    ids=str,
)
async def test_the_gateway_can_make_nothing_else(minted: Minted, changes: Mapping[str, Any]) -> None:
    assert await minted.refusal(minted.token(**changes)) == 401


async def test_a_token_is_nothing_after_its_minute_also_where_it_was_remembered(minted: Minted) -> None:
    assert (await minted.tokens.authenticate(f"Bearer {minted.aged(iat=-62, nbf=-62, exp=-2)}")).link
    assert await minted.refusal(minted.aged(iat=-66, nbf=-66, exp=-6)) == 401
    assert await minted.refusal(minted.aged(iat=30, nbf=30, exp=60)) == 401


async def test_changed_claims_or_another_key_are_refused(minted: Minted) -> None:
    head, _, signature = minted.token().split(".")
    _, other, _ = minted.token(ticket_id=CALLBACK).split(".")
    assert await minted.refusal(f"{head}.{other}.{signature}") == 401
    stranger = Signer(GATEWAY, new_key_set())
    assert await minted.refusal(stranger.token("survey", 60, RATING)) == 401


async def test_neither_issuer_signs_for_the_other(minted: Minted, issuer: LiveIssuer) -> None:
    assert await minted.refusal(signed(issuer, **RATING, iss=GATEWAY, aud="survey")) == 401
    claimed = Signer(issuer.url, minted.secret).token("survey", 60, {"sub": "eve", "roles": ["manager"]})
    assert await minted.refusal(claimed) == 401


async def test_no_token_of_the_issuers_makes_a_customer(minted: Minted, issuer: LiveIssuer) -> None:
    principal = await minted.tokens.authenticate(
        f"Bearer {signed(issuer, **RATING | {'roles': ['customer', 'agent']})}"
    )
    assert (sorted(principal.roles), principal.link) == (["agent"], None)


async def test_without_the_setting_the_gateway_is_nobody(minted: Minted, tokens: Tokens) -> None:
    with pytest.raises(Problem) as refused:
        await tokens.authenticate(f"Bearer {minted.token('workshop')}")
    assert refused.value.status == 401


async def test_keys_change_without_a_restart_and_while_they_are_not_there_it_is_later(
    minted: Minted, issuer: LiveIssuer
) -> None:
    before, after = minted.secret, new_key_set()
    minted.file.write_text("{}")
    assert await minted.refusal(minted.token()) == 503
    both = f'{{"keys": [{after[10:-2]}, {before[10:-2]}]}}'
    minted.file.write_text(published(both))
    async with httpx.AsyncClient(**PLAIN) as http:
        minted.tokens = checks(issuer, http, minted.file)
        for secret in (before, after, both):
            minted.secret = secret
            assert (await minted.tokens.authenticate(f"Bearer {minted.token()}")).link
    assert '"d"' not in minted.file.read_text()


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', published(new_key_set())])
def test_what_is_no_secret_key_set_signs_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="no key set"):
        Signer(GATEWAY, text)


async def test_a_link_is_for_one_purpose_and_nobody_else_has_one(minted: Minted, issuer: LiveIssuer) -> None:
    customer = await minted.tokens.authenticate(f"Bearer {minted.token()}")
    manager = await minted.tokens.authenticate(f"Bearer {issuer.token('manager')}")
    assert link_of(customer, "rating").object_id == CALLBACK
    for principal, purpose in ((customer, "progress"), (manager, "rating")):
        with pytest.raises(Problem) as refused:
            link_of(principal, purpose)
        assert refused.value.status == 403


async def test_customers_are_let_into_the_routes_that_are_theirs_alone(minted: Minted) -> None:
    customer = await minted.tokens.authenticate(f"Bearer {minted.token()}")
    open_to = set()
    for name, route in ROUTES.items():
        assert route.roles is not None
        with suppress(Problem):
            route.roles.check(customer)
            open_to.add(name)
            assert route.roles.roles == {CUSTOMER}, name
    assert open_to == {
        "dispatch GET /v1/work-orders/{work_order_id}/planned-time",
        "dispatch GET /v1/work-orders/{work_order_id}/repair",
        "dispatch POST /v1/work-orders/{work_order_id}/link-acceptance",
        "dispatch POST /v1/work-orders/{work_order_id}/link-confirmation",
        "dispatch POST /v1/work-orders/{work_order_id}/link-rejection",
        "dispatch POST /v1/work-orders/{work_order_id}/wish",
        "intake GET /v1/tickets/{ticket_id}/progress",
        "survey POST /v1/callbacks/{callback_id}/rating",
    }
    assert len(ROUTES) > 100


def test_a_role_that_nobody_has_is_no_role() -> None:
    with pytest.raises(ValueError, match="roles are among"):
        allow("customers")
