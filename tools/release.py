"""What each release reads, and whether the next one writes more: `python -m tools.release v0.1`.

During a rolling upgrade two releases work side by side on one log and one topic. So a new type, or a new version of
one, is read one release before it is written. `docs/events/released.json` holds what every released service reads:

    {"releases": [{"tag": "v0.1", "reads": {"triage": {"intake.TicketOpened": 1, "triage.TriageStarted": 1}}}]}
"""

import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from libs.events.contracts.language import PUBLISHERS

ROOT = Path(__file__).resolve().parents[1]
RELEASED = Path("docs/events/released.json")
TAG = re.compile(r"v0\.[1-9][0-9]*")

Versions = dict[str, int]
"""Type names to versions."""


class Release(msgspec.Struct, frozen=True):
    """A release by its tag, and the newest version of each type that each of its services reads."""

    tag: str
    reads: dict[str, Versions]


class Released(msgspec.Struct, frozen=True):
    """All releases, oldest first."""

    releases: list[Release] = []


def released(root: Path = ROOT) -> list[Release]:
    """The releases on file, oldest first."""
    return msgspec.json.decode((root / RELEASED).read_bytes(), type=Released).releases


def reads() -> dict[str, Versions]:
    """What each service of this checkout reads: its own log, and what it hears."""
    return {name: (service.catalogue | service.hears).reads for name, service in _services().items()}


def writes() -> dict[str, Versions]:
    """What each service of this checkout writes into its log."""
    return {name: service.catalogue.writes for name, service in _services().items()}


def _services() -> dict[str, Any]:
    return {name: import_module(f"services.{name}.app").service for name in PUBLISHERS}


def unreadable(predecessor: Release, writes: Mapping[str, Versions]) -> Iterator[str]:
    """What these services write and a service of the predecessor could not read: one sentence each.

    A service reads every type of its own log. Of another's it reads those that it hears, and passes over the rest.
    """
    for writer, types in writes.items():
        for reader, known in predecessor.reads.items():
            for name, version in types.items():
                if (reader == writer or name in known) and known.get(name, 0) < version:
                    yield f"{writer} writes {name} version {version}, which {reader} of {predecessor.tag} cannot read"


def main(tag: Annotated[str, typer.Argument(help="v0.N, the next release")]) -> None:
    """Add this checkout to the releases, unless it writes what the last one cannot read."""
    known = released()
    wrong = [] if TAG.fullmatch(tag) else [f"{tag} is no tag of a release, such as v0.1"]
    wrong += [f"{tag} was released before" for release in known if release.tag == tag]
    wrong += unreadable(known[-1], writes()) if known else []
    for sentence in wrong:
        print(f"refused: {sentence}", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)
    text = msgspec.json.format(msgspec.json.encode(Released([*known, Release(tag, reads())])), indent=2)
    (ROOT / RELEASED).write_bytes(text + b"\n")
    print(f"{RELEASED} has {tag}: commit it, and set the tag on that commit (git tag {tag})")


if __name__ == "__main__":
    typer.run(main)
