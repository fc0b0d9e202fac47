"""Triage's forms take every cause and every type of maintenance that there is."""

import pytest

from libs.events.contracts.triage.cases import Cause, MaintenanceType
from services.triage.cases.api.decisions import step


@pytest.mark.requirement("R048")
@pytest.mark.parametrize("type", ["corrective", "adaptive", "perfective"])
def test_maintenance_is_of_this_type(type: MaintenanceType) -> None:
    assert step.forms["Classification"].model_validate({"level": 2, "maintenance_type": type}).maintenance_type == type


@pytest.mark.requirement("R008")
@pytest.mark.parametrize("cause", ["supplier_product", "own_workmanship", "customer"])
def test_a_fault_has_this_cause(cause: Cause) -> None:
    assert step.forms["Finding"].model_validate({"cause": cause, "explanation": "压缩机轴承磨损"}).cause == cause
