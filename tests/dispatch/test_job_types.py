"""Somebody is sent for jobs of every type, not for repairs alone."""

import pytest

from libs.events.contracts.dispatch.work_orders import WorkOrderCreated
from libs.events.contracts.jobs import JobType
from libs.events.contracts.triage.cases import WorkAuthorised
from tests.dispatch.story import Log, T
from tests.dispatch.test_reactions import hear


@pytest.mark.parametrize(
    "job_type",
    [
        pytest.param("installation", marks=pytest.mark.requirement("R288")),
        pytest.param("system_change", marks=pytest.mark.requirement("R397")),
        pytest.param("event_duty", marks=pytest.mark.requirement("R418")),
    ],
)
def test_authorised_work_of_this_type_makes_a_work_order(job_type: JobType) -> None:
    authorised = WorkAuthorised(ticket_id=T, customer_id="c1", job_type=job_type, payable=False, skills=[])
    _, created = hear(Log(), authorised)
    assert isinstance(created, WorkOrderCreated)
    assert created.job_type == job_type
