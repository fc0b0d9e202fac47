"""An import as a job. A service gives the four events type names of its own. Pure."""

from libs.events.background.job import Completed, Requested


class ImportRequested(Requested, frozen=True, kw_only=True):
    """The rows of a file, kept beside the log until they are done, are to be put on file, or only tried."""

    kind: str
    dry_run: bool = False


class ImportCompleted(Completed, frozen=True, kw_only=True):
    """So many rows were put on file, or would be, and so many are wrong."""

    created: int
    wrong: int
