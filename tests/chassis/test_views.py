"""Views that cannot be right are refused when the service is put together."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from libs.chassis.running.service import Service
from libs.events.view import Count, View
from tests.chassis.workshop import JobRow, apply, job, jobs, view


def test_a_view_is_of_streams_that_its_service_has() -> None:
    with pytest.raises(ValueError, match="workshop_jobs is a view of bench, and workshop has no such streams"):
        Service("workshop", [job], [View.of(replace(job, name="bench"), jobs, JobRow, apply)])


def test_a_count_is_of_rows_that_its_service_has() -> None:
    totals = jobs.to_metadata(sa.MetaData(), name="totals")
    with pytest.raises(ValueError, match="totals counts rows of workshop_jobs, no view of workshop"):
        Service("workshop", [job], [Count.of(view, totals, JobRow, lambda row: [])])


def test_one_table_has_one_view() -> None:
    with pytest.raises(ValueError, match="two views of one table: workshop_jobs"):
        Service("workshop", [job], [view, View(jobs, JobRow, lambda recorded: recorded.id, apply)])
