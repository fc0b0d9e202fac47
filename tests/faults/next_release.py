"""The next release of survey, as a tree of its own: it notes in its own log, beside each callback, that it is queued.

The release at work cannot read that event: it has to leave a callback that has one to the newer release.
"""

import shutil
from pathlib import Path

from deploy.devstack.process import ROOT

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
        "import Catalogue, Decider, Refused\n": "import Catalogue, Decider, Event, Refused, event\n",
        "CallbackEvent = CallbackScheduled | CallbackAttempted | CallbackCompleted\n": QUEUED,
        "else [_schedule(command)]": "else [_schedule(command), CallbackQueued()]",
        "def evolve(state: Callback, event: CallbackEvent)": "def evolve(state: Callback, event: Event)",
        "        case CallbackScheduled():\n": "        case CallbackQueued():\n            return state\n"
        "        case CallbackScheduled():\n",
    },
    "callbacks/view.py": {
        "import CallbackEvent": "import CallbackEvent, CallbackQueued",
        "        case CallbackScheduled():\n": "        case CallbackScheduled() | CallbackQueued():\n",
    },
}
"""What the next release's authors wrote, by file: each old text stands there once."""


def next_release(folder: Path) -> Path:
    """The tree of the next release, below `folder`. Raises ValueError where the code is no longer as it was."""
    tree = folder / "next"
    for part in ("libs", "services"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name, changes in CHANGES.items():
        file = tree / "services" / SERVICE / name
        file.write_text(_changed(file.read_text(), changes))
    return tree


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands there {text.count(old)} times, not once")
        text = text.replace(old, new)
    return text
