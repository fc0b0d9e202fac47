"""The next release of survey, as a tree of its own: it notes in its own log, beside each callback, that it is queued.

The release at work cannot read that event: it has to leave a callback that has one to the newer release. Its view has a
column more, with an index: the release at work goes on with tables that it does not know.
"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.devstack.process import ROOT, clean_environment

SERVICE = "survey"
UNREAD = "survey.CallbackQueued"
"""The type that only the next release reads."""

QUEUED = f'''
@event("{UNREAD}")
class CallbackQueued(Event, frozen=True, kw_only=True):
    """Somebody is to call."""


CallbackEvent = CallbackScheduled | CallbackAttempted | CallbackCompleted | CallbackQueued
'''

CHANGES = {
    "callbacks/domain.py": {
        "Decider, Forbidden, Refused\n": "Decider, Event, Forbidden, Refused, event\n",
        "CallbackEvent = CallbackScheduled | CallbackAttempted | CallbackCompleted\n": QUEUED,
        "else [_schedule(command)]": "else [_schedule(command), CallbackQueued()]",
        "def evolve(state: Callback, event: CallbackEvent)": "def evolve(state: Callback, event: Event)",
        "        case CallbackScheduled():\n": "        case CallbackQueued():\n            return state\n"
        "        case CallbackScheduled():\n",
    },
    "callbacks/view.py": {
        "    comment_id: Annotated": "    queue: str | None = None\n    comment_id: Annotated",
        'newest_first("ticket_id", "status"))': 'newest_first("ticket_id", "status"), '
        'lambda made: sa.Index("callback_queue", made.c.queue) and None)',
        "import msgspec\n": "import msgspec\nimport sqlalchemy as sa\n",
        "import CallbackEvent": "import CallbackEvent, CallbackQueued",
        "        case CallbackScheduled():\n": "        case CallbackScheduled() | CallbackQueued():\n",
    },
}
"""What the next release's authors wrote, by file: each old text stands there once."""

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "survey_{number}"
down_revision = "survey_{below}"


def upgrade():
"""
MIGRATIONS = {
    "0004_queue.py": MIGRATION.format(number="0004", below="0003")
    + '    op.add_column("callback", sa.Column("queue", sa.Text))\n',
    "0005_queue_index.py": MIGRATION.format(number="0005", below="0004")
    + "    with op.get_context().autocommit_block():\n"
    + '        op.drop_index("callback_queue", if_exists=True, postgresql_concurrently=True)\n'
    + '        op.create_index("callback_queue", "callback", ["queue"], if_not_exists=True, '
    + "postgresql_concurrently=True)\n",
}
"""Its migrations, by file."""


def next_release(folder: Path) -> Path:
    """The tree of the next release, below `folder`. Raises ValueError where the code is no longer as it was."""
    tree = folder / "next"
    for part in ("libs", "services"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name, changes in CHANGES.items():
        file = tree / "services" / SERVICE / name
        file.write_text(_changed(file.read_text(), changes))
    for name, text in MIGRATIONS.items():
        (tree / "services" / SERVICE / "migrations" / "versions" / name).write_text(text)
    return tree


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands there {text.count(old)} times, not once")
        text = text.replace(old, new)
    return text


async def migrate(tree: Path, environment: Mapping[str, str]) -> None:
    """Bring the service's database to the next release's schema. Raises CalledProcessError."""
    command = [sys.executable, "-m", "libs.events.database.migrate", SERVICE]
    settings = {**clean_environment(), **environment}
    await asyncio.to_thread(subprocess.run, command, cwd=tree, env=settings, check=True)
