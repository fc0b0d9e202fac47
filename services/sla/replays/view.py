"""The replays: one row each."""

from datetime import datetime
from typing import Annotated, Any

from libs.events.background.job_view import NEWEST_FIRST, JobRow, job_view
from libs.events.table import Note, table
from services.sla.replays.domain.what_if import ReplayRequested, replays
from services.sla.tables import metadata


class ReplayRow(JobRow, frozen=True, kw_only=True):
    """A row of the list. `policies` and `calendars` are names, with a space between."""

    policies: Annotated[str, Note("what tickets would go by, by name")]
    calendars: str
    opened_from: datetime
    opened_to: datetime


def _own(requested: ReplayRequested) -> dict[str, Any]:
    return {
        "policies": " ".join(requested.draft.policies),
        "calendars": " ".join(requested.draft.calendars),
        "opened_from": requested.opened_from,
        "opened_to": requested.opened_to,
    }


replay_view = job_view(replays, table("replay", ReplayRow, metadata, NEWEST_FIRST), ReplayRow, _own)
