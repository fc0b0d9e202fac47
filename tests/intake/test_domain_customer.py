"""A customer has one file."""

from libs.events.contracts.intake import CustomerRegistered
from services.intake.domain.customer import RegisterCustomer, customer
from tests.spec import Given

spec = Given(customer)
REGISTERED = CustomerRegistered(customer_id="c1")


def test_a_customer_is_registered() -> None:
    assert spec.when(RegisterCustomer("c1")) == [REGISTERED]
    assert spec.given(REGISTERED).status == "registered"


def test_registering_again_says_nothing() -> None:
    assert spec.given(REGISTERED).when(RegisterCustomer("c1")) == []
