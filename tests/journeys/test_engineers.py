"""What `make up` does after its start: the engineers who can sign in have a record, and their login leads to it."""

from typing import Any

import httpx

from deploy.devstack.engineers import register
from deploy.devstack.issuer.people import ENGINEERS, Person
from tests.journeys.product import Product


def own_record(product: Product, person: Person) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {product.token(*person.roles, subject=person.username)}"}
    answer = httpx.get(product.address("dispatch", "/v1/engineers/me"), headers=headers, trust_env=False, timeout=60)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_engineer_is_registered_and_bound_once(product: Product) -> None:
    environment = {**product.settings, "OIDC_STATE": str(product.folder.data / "issuer")}
    register(environment)
    records = [own_record(product, person) for person in ENGINEERS]
    assert [(each["name"], each["region"]) for each in records] == [(one.name, one.region) for one in ENGINEERS]
    register(environment)
    assert [own_record(product, person) for person in ENGINEERS] == records
