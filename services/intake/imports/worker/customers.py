"""Customers from a file: each row opens a file, its contact beside the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from libs.events.background.job_kind import Step
from libs.imports.subject import Filled, Plan, Planned, Subject
from services.intake.customers.api.customers import NewCustomer, contact_row
from services.intake.customers.domain import RegisterCustomer, customer
from services.intake.customers.view import contact
from services.intake.imports.domain.columns import CUSTOMERS


class Customers(Subject):
    """Names, phones and addresses."""

    columns = CUSTOMERS
    form = NewCustomer

    def document(self, said: Mapping[str, Any]) -> dict[str, Any]:
        return dict(said)

    async def plans(self, step: Step[Any, Any], rows: Sequence[Filled]) -> list[Planned]:
        return [_registered(row) for row in rows]


def _registered(row: Filled) -> Plan:
    work = customer.create(row.id, RegisterCustomer(row.id))
    return Plan(work=work, rows=[(contact, contact_row(row.id, row.form))])
