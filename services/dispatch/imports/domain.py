"""An import of engineers: a job, and its columns."""

from libs.events import event
from libs.events.background.job import Cancelled, Failed, JobDecider, as_asked, job_decider
from libs.imports import job
from libs.imports.cells import several
from libs.imports.columns import Column, Columns


@event("dispatch.ImportRequested")
class ImportRequested(job.ImportRequested, frozen=True, kw_only=True):
    """Engineers are to be put on the list from a file, or tried."""


@event("dispatch.ImportCompleted")
class ImportCompleted(job.ImportCompleted, frozen=True, kw_only=True):
    """All rows were looked at."""


@event("dispatch.ImportFailed")
class ImportFailed(Failed, frozen=True, kw_only=True):
    """The file cannot be read to its end, and why."""


@event("dispatch.ImportCancelled")
class ImportCancelled(Cancelled, frozen=True, kw_only=True):
    """The rows that are left are not put on the list; those that are stay."""


imports: JobDecider[ImportRequested, ImportRequested, ImportCompleted] = job_decider(
    "import", ImportRequested, ImportCompleted, ImportFailed, ImportCancelled, as_asked
)

ENGINEERS: Columns = (
    Column("name", "姓名", "name", required=True),
    Column("region", "区域", "region", required=True),
    Column("skills", "技能", "skills", several),
)
COLUMNS = {"engineers": ENGINEERS}
