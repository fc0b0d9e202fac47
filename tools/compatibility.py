"""Whether a new schema of an event keeps faith with those that were published: pure, JSON Schemas in, sentences out.

Within a version only optional fields may be added. Readers and writers of different releases meet on a topic that is
kept for ever, so neither narrowing (old events become unreadable) nor widening (older readers park new events) is
allowed; both ask for a new version. Across versions every older event must still be readable through upcasters.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from libs.events.catalogue import Catalogue, NewerSchema, UndecodableEvent, UnknownType
from tools.samples import instances

Schema = Mapping[str, Any]

PROSE = {"$schema", "$id", "title", "description", "examples"}
"""Keywords for people: they may change at any time."""


def breaks(old: Schema, new: Schema, field: str = "the event") -> Iterator[str]:
    """How `new` breaks with `old`, the published schema of the same version: one sentence each, none if it does not."""
    if "anyOf" in old or "anyOf" in new:
        yield from _union(_branches(old), _branches(new), field)
        yield from _rest(_default(old), _default(new), set(), field)
    elif old.get("type") == new.get("type") == "object":
        yield from _fields(old, new, field)
        yield from _rest(old, new, {"properties", "required"}, field)
    elif old.get("type") == new.get("type") == "array":
        yield from breaks(old["items"], new["items"], f"an item of {field}")
        yield from _rest(old, new, {"items"}, field)
    else:
        yield from _choices(old.get("enum", []), new.get("enum", []), field)
        yield from _rest(old, new, {"enum"} if "enum" in old and "enum" in new else set(), field)


def _fields(old: Schema, new: Schema, where: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    for name in before:
        field = name if where == "the event" else f"{where}.{name}"
        if name not in after:
            yield f"{field} was removed"
            continue
        if (name in needs) != (name in needed):
            yield f"{field} was {'optional' if name in needs else 'required'} and is not any more"
        yield from breaks(before[name], after[name], field)
    yield from (f"{name} was added and is required" for name in after if name in needs and name not in before)


def _choices(old: list[Any], new: list[Any], field: str) -> Iterator[str]:
    yield from (f"{field} may no longer be {_word(choice)}" for choice in old if choice not in new)
    yield from (
        f"{field} may now be {_word(choice)}, which older readers refuse" for choice in new if choice not in old
    )


def _union(old: list[Any], new: list[Any], field: str) -> Iterator[str]:
    if [branch.get("type") for branch in old] != [branch.get("type") for branch in new]:
        yield from _choices(old, new, field)
        return
    for before, after in zip(old, new, strict=True):
        yield from breaks(before, after, field)


def _rest(old: Schema, new: Schema, but: set[str], field: str) -> Iterator[str]:
    before, after = _plain(old), _plain(new)
    for keyword in sorted((before.keys() | after.keys()) - but):
        if before.get(keyword) != after.get(keyword) or (keyword in before) != (keyword in after):
            yield f"{keyword} of {field} changed from {_word(before.get(keyword))} to {_word(after.get(keyword))}"


def _branches(schema: Schema) -> list[Any]:
    """The types of a union, or the one type of a field that is none, without its default."""
    whole = {name: value for name, value in _plain(schema).items() if name != "default"}
    return [_plain(branch) for branch in schema.get("anyOf", [whole])]


def _default(schema: Schema) -> dict[str, Any]:
    return {"default": schema["default"]} if "default" in schema else {}


def _plain(schema: Schema) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in PROSE}


def _word(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def unreadable(catalogue: Catalogue, type_name: str, published: Mapping[int, Schema]) -> Iterator[str]:
    """Which of the `published` versions of a type this release can no longer read, and why: one sentence a version.

    Samples of each version's schema, one for every choice that it leaves, must decode to today's class.
    """
    for version, schema in sorted(published.items()):
        for instance in instances(schema):
            reason = _refusal(catalogue, type_name, version, msgspec.json.encode(instance))
            if reason:
                yield f"version {version}: {reason}"
                break


def _refusal(catalogue: Catalogue, type_name: str, version: int, data: bytes) -> str | None:
    try:
        catalogue.decode(type_name, version, data)
    except UnknownType:
        return "no class has this type name any more"
    except KeyError as error:
        return f"an upcaster is missing, or misses a field: {error}"
    except (NewerSchema, UndecodableEvent) as error:
        return str(error)
    return None
