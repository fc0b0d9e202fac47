"""The rows of a service's imports."""

from typing import Any

from libs.events.background.job_view import JobRow
from libs.imports.job import ImportRequested


class ImportRow(JobRow, frozen=True, kw_only=True):
    """A row of the list."""

    kind: str
    dry_run: bool


def own_columns(requested: ImportRequested) -> dict[str, Any]:
    """What an import's row says beside what every job's does."""
    return {"kind": requested.kind, "dry_run": requested.dry_run}
