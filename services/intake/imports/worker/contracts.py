"""Contracts from a file: ours, makers' commitments and extensions, each signed on the day that its row says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from libs.chassis.department import department
from libs.chassis.problems import Problem
from libs.events.background.job_kind import Step
from libs.imports.outcome import Wrong
from libs.imports.subject import Filled, Plan, Planned, Subject
from services.intake.contracts.api.contracts import signed, signing, sound
from services.intake.contracts.api.forms import ANOTHERS, EXTENDS, MAKERS_ONLY, NewContract
from services.intake.contracts.domain.contract import contract
from services.intake.imports.domain.columns import CONTRACTS
from services.intake.imports.worker.on_file import (
    NO_CONTRACT,
    NO_CUSTOMER,
    TWO_CONTRACTS,
    Numbered,
    contracts_of,
    customers_of,
)

ON_FILE = "A contract of this number is on file."
FIRST_YEAR, NO_INSTANT = 1970, "should be between the years 1970 and 2100"
"""As of every instant at which a person may say that something happened."""

CONDITIONS = ("service_level", "labour_cap", "travel_free")
NOT_OF_THE_FORM = (*CONDITIONS, "signed_on", "extends")
"""The contract that is extended is named by its number: its id is looked up."""


class Contracts(Subject):
    """Terms by class, and what else is agreed."""

    columns = CONTRACTS
    form = NewContract

    def document(self, said: Mapping[str, Any]) -> dict[str, Any]:
        conditions = {name: said[name] for name in CONDITIONS if name in said}
        rest = {name: value for name, value in said.items() if name not in NOT_OF_THE_FORM}
        return {**rest, "conditions": conditions}

    async def plans(self, step: Step[Any, Any], rows: Sequence[Filled]) -> list[Planned]:
        customers = await customers_of(step, (str(row.form.customer_id) for row in rows if row.form.customer_id))
        named = [row.said["extends"] for row in rows if "extends" in row.said]
        numbers = await contracts_of(step, [*named, *(row.form.number for row in rows)])
        return [_signed(row, customers, numbers) for row in rows]


def _signed(row: Filled, customers: set[str], numbers: Mapping[str, list[Numbered]]) -> Planned:
    form: NewContract = row.form
    if form.number in numbers:
        return (Wrong("number", ON_FILE),)
    if form.customer_id is None and form.kind != "maker":
        return (Wrong("customer_id", MAKERS_ONLY),)
    if form.customer_id is not None and str(form.customer_id) not in customers:
        return (Wrong("customer_id", NO_CUSTOMER),)
    if wrong := _extending(row, numbers):
        return (Wrong("extends", wrong),)
    try:
        signed_at = noon(row.said["signed_on"])
    except ValueError as error:
        return (Wrong("signed_on", str(error)),)
    base = numbers[row.said["extends"]][0].id if form.kind == "extension" else None
    command = replace(signing(row.id, form), extends=base)
    try:
        sound(command)
    except Problem as problem:
        return tuple(Wrong("terms", error.detail) for error in problem.errors)
    streams = [contract.stream(base)] if base else []
    return Plan(work=partial(signed, command), streams=streams, occurred_at=signed_at)


def _extending(row: Filled, numbers: Mapping[str, list[Numbered]]) -> str | None:
    """What is wrong with the contract that a row says it extends: it is on file, once, and of the same customer."""
    if (row.form.kind == "extension") != ("extends" in row.said):
        return EXTENDS
    if "extends" not in row.said:
        return None
    found = numbers.get(row.said["extends"], [])
    if len(found) != 1:
        return TWO_CONTRACTS if found else NO_CONTRACT
    return None if found[0].customer_id in (None, str(row.form.customer_id)) else ANOTHERS


def noon(day: str) -> datetime:
    """Of a day where the department is: the same day for whoever reads it in a zone near by. Raises ValueError."""
    at = datetime.combine(date.fromisoformat(day), time(12), ZoneInfo(department().timezone))
    if at.year < FIRST_YEAR:
        raise ValueError(NO_INSTANT)
    return at
