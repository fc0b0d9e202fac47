"""An import of intake's records: a job."""

from libs.events import event
from libs.events.background.job import Cancelled, Failed, JobDecider, as_asked, job_decider
from libs.imports import job


@event("intake.ImportRequested")
class ImportRequested(job.ImportRequested, frozen=True, kw_only=True):
    """Customers, contracts or assets are to be put on file from a file, or tried."""


@event("intake.ImportCompleted")
class ImportCompleted(job.ImportCompleted, frozen=True, kw_only=True):
    """All rows were looked at."""


@event("intake.ImportFailed")
class ImportFailed(Failed, frozen=True, kw_only=True):
    """The file cannot be read to its end, and why."""


@event("intake.ImportCancelled")
class ImportCancelled(Cancelled, frozen=True, kw_only=True):
    """The rows that are left are not put on file; those that are stay."""


imports: JobDecider[ImportRequested, ImportRequested, ImportCompleted] = job_decider(
    "import", ImportRequested, ImportCompleted, ImportFailed, ImportCancelled, as_asked
)
