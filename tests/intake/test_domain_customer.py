"""A customer has one file, until two managers erase it."""

from typing import Any

import pytest

from libs.events import Refused
from libs.events.contracts.intake.customers import CustomerErased, CustomerRegistered
from services.intake.customers.domain import (
    AmendCustomer,
    ConfirmErasure,
    CustomerAmended,
    ErasureRequested,
    ErasureWithdrawn,
    RegisterCustomer,
    RequestErasure,
    WithdrawErasure,
    customer,
)
from tests.spec import Given

spec = Given(customer)
REGISTERED = CustomerRegistered(customer_id="c1")


@pytest.mark.requirement("R129")
def test_a_customer_is_registered() -> None:
    assert spec.when(RegisterCustomer("c1")) == [REGISTERED]
    assert spec.given(REGISTERED).status == "registered"


def test_registering_again_says_nothing() -> None:
    assert spec.given(REGISTERED).when(RegisterCustomer("c1")) == []


ASKED = ErasureRequested(customer_id="c1", reason="customer_request", by="anna")
ERASED = CustomerErased(customer_id="c1")
registered, asked = spec.given(REGISTERED), spec.given(REGISTERED, ASKED)
erased = spec.given(REGISTERED, ASKED, ERASED)
ASK, CONFIRM = RequestErasure("c1", "customer_request", "anna"), ConfirmErasure("c1", "bert")
OWN_CONFIRMATION, WITHDRAW = ConfirmErasure("c1", "anna"), WithdrawErasure("c1", "bert")


AMEND, AMENDED = AmendCustomer("c1", 1), CustomerAmended(customer_id="c1", contact_version=2)


def test_a_contact_is_amended_by_who_read_the_one_that_stands() -> None:
    assert registered.when(AMEND) == [AMENDED]
    assert spec.given(REGISTERED, AMENDED).when(AmendCustomer("c1", 2)) == [
        CustomerAmended(customer_id="c1", contact_version=3)
    ]
    with pytest.raises(Refused) as refused:
        spec.given(REGISTERED, AMENDED).when(AMEND)
    assert refused.value.code == "contact-changed"


def test_two_managers_erase_a_customer() -> None:
    assert registered.when(ASK) == [ASKED]
    assert asked.when(CONFIRM) == [ERASED]
    assert (asked.status, erased.status) == ("erasure_requested", "erased")


def test_a_request_can_be_withdrawn_and_made_again() -> None:
    withdrawn = ErasureWithdrawn(customer_id="c1", by="bert")
    assert asked.when(WITHDRAW) == [withdrawn]
    assert spec.given(REGISTERED, ASKED, withdrawn).when(ASK) == [ASKED]


@pytest.mark.parametrize(
    ("given", "command", "code"),
    [
        (asked, OWN_CONFIRMATION, "second-manager-needed"),
        (asked, ASK, "erasure-requested"),
        (registered, CONFIRM, "erasure-not-requested"),
        (registered, WITHDRAW, "erasure-not-requested"),
        (spec, ASK, "unknown-customer"),
        *((erased, command, "customer-erased") for command in (ASK, CONFIRM, WITHDRAW)),
    ],
)
def test_what_is_out_of_order_is_refused(given: Any, command: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        given.when(command)
    assert refused.value.code == code
