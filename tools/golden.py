"""What readers of our events hold in their hands, made from the classes: `python -m tools.golden`.

    docs/events/schemas/<type>/<version>.json      JSON Schema of every version ever published
    docs/events/asyncapi/<service>.json            AsyncAPI 3.0 document of every service
    tests/contracts/golden/<type>/<version>.json   example data that every later release must be able to read

New versions are added; a golden file that stands is never written again, and nothing at all is written when a class
breaks with what was published.
"""

import sys
from collections.abc import Iterator, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Any

import msgspec

from libs.events.contracts.language import PUBLISHERS, catalogue, published
from libs.events.event import Published
from tools import asyncapi
from tools.compatibility import breaks, unreadable
from tools.samples import example
from tools.schemas import JsonSchema, schema

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = Path("docs/events/schemas")
ASYNCAPI = Path("docs/events/asyncapi")
GOLDEN = Path("tests/contracts/golden")

Standing = Mapping[tuple[str, int], JsonSchema]
"""The schemas on file, by type name and version."""


def standing(root: Path) -> Standing:
    """Every schema on file under `root`."""
    files = sorted((root / SCHEMAS).glob("*/*.json"))
    return {(path.parent.name, int(path.stem)): msgspec.json.decode(path.read_bytes()) for path in files}


def broken(root: Path) -> list[str]:
    """Every promise to readers that today's classes break: one sentence each, none when all is well."""
    stand = standing(root)
    return [f"{name} {sentence}" for service in PUBLISHERS for name, sentence in _broken(service, stand)]


def _broken(service: str, stand: Standing) -> Iterator[tuple[str, str]]:
    for cls in published(service):
        old = stand.get((cls.type_name, cls.version))
        if old is not None:
            yield from ((cls.type_name, f"version {cls.version}: {why}") for why in breaks(old, schema(cls)))
    known = catalogue(service)
    for type_name in sorted({name for name, _ in stand if name.startswith(f"{service}.")}):
        versions = {version: old for (name, version), old in stand.items() if name == type_name}
        yield from ((type_name, why) for why in unreadable(known, type_name, versions))


def documents(root: Path) -> dict[Path, str]:
    """The schemas and AsyncAPI documents as they should stand under `root`, by path relative to it."""
    stand, pages = dict(standing(root)), {}
    for service in PUBLISHERS:
        stand |= {(cls.type_name, cls.version): schema(cls) for cls in published(service)}
        mine = [stand[key] for key in sorted(stand) if key[0].startswith(f"{service}.")]
        pages[ASYNCAPI / f"{service}.json"] = _json(asyncapi.document(service, _about(service), mine))
    return pages | {SCHEMAS / name / f"{version}.json": _json(old) for (name, version), old in stand.items()}


def golden(root: Path) -> dict[Path, str]:
    """The golden files that are missing under `root`: of a version, one, and one more after an optional field came."""
    return dict(filter(None, (_missing(root, cls) for service in PUBLISHERS for cls in published(service))))


def _missing(root: Path, cls: type[Published]) -> tuple[Path, str] | None:
    folder, text = GOLDEN / cls.type_name, _json(example(schema(cls)))
    stand = [root / folder / f"{cls.version}.json", *sorted((root / folder).glob(f"{cls.version}.*.json"))]
    stand = [path for path in stand if path.exists()]
    if any(path.read_text(encoding="utf-8") == text for path in stand):
        return None
    return folder / (f"{cls.version}.{len(stand) + 1}.json" if stand else f"{cls.version}.json"), text


def write(root: Path) -> list[Path]:
    """Write what is new or out of date under `root` and answer which files. Check `broken` first."""
    texts = documents(root) | golden(root)
    changed = [path for path, text in sorted(texts.items()) if not _stands(root / path, text)]
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(texts[path], encoding="utf-8")
    return changed


def _stands(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _about(service: str) -> str:
    return getdoc(PUBLISHERS[service]) or ""


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def main(root: Path = ROOT) -> int:
    """Write the files, or say on stderr why not; the exit status."""
    promises = broken(root)
    for sentence in promises:
        print(f"refused: {sentence}", file=sys.stderr)
    if promises:
        print("Give the event its next version and an upcaster; CONTRIBUTING.md says how.", file=sys.stderr)
        return 1
    for path in write(root):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
