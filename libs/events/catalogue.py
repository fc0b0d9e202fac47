"""Stored type name to class: what a reader of a log or a topic understands."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from libs.events.event import Event

Caster = Callable[[dict[str, Any]], dict[str, Any]]
"""One version's fields as a neighbouring version's. Pure: no I/O, no clock."""

Casters = Mapping[tuple[str, int], Caster]
"""By type name and the version whose fields are given."""


class UnknownType(LookupError):
    """No class of this catalogue has that type name."""


class NewerSchema(Exception):
    """The event was written by a newer release than this reader: wait for the upgrade, never skip it."""

    def __init__(self, type_name: str, version: int, known: int) -> None:
        super().__init__(f"{type_name} version {version}; this release knows up to {known}")
        self.type_name, self.version = type_name, version


class UndecodableEvent(ValueError):
    """The bytes are not the JSON of that type."""


class Catalogue:
    """The events a reader understands, each in the version that this release writes, with the ways from its others.

    `upcasters[(type_name, n)]` turns the fields of version n into those of version n + 1; `downcasters[(type_name, n)]`
    turns those of version n, which only the next release writes, into those of version n - 1.
    """

    def __init__(
        self, *events: type[Event], upcasters: Casters | None = None, downcasters: Casters | None = None
    ) -> None:
        self._classes = {cls.type_name: cls for cls in events}
        self._decoders = {(cls.type_name, cls.version): msgspec.json.Decoder(cls).decode for cls in events}
        self._upcasters, self._downcasters = dict(upcasters or {}), dict(downcasters or {})
        if len(self._classes) != len(events) or "" in self._classes:
            raise ValueError("every event of a catalogue needs a type name of its own")

    def __contains__(self, type_name: object) -> bool:
        return type_name in self._classes

    def __iter__(self) -> Iterator[type[Event]]:
        return iter(self._classes.values())

    def __or__(self, other: "Catalogue") -> "Catalogue":
        """Both catalogues as one; what stands in both counts once."""
        classes = dict.fromkeys([*self, *other])
        return Catalogue(
            *classes,
            upcasters=self._upcasters | other._upcasters,
            downcasters=self._downcasters | other._downcasters,
        )

    def only(self, kind: type[Event]) -> "Catalogue":
        """Those of them that are of this kind."""
        wanted = [cls for cls in self if issubclass(cls, kind)]
        return Catalogue(*wanted, upcasters=self._upcasters, downcasters=self._downcasters)

    @cached_property
    def sources(self) -> list[str]:
        """The services these events come from, by the first part of their type names."""
        return sorted({name.split(".")[0] for name in self._classes})

    @cached_property
    def reads(self) -> dict[str, int]:
        """The newest version of each type that can be read, by type name."""
        return {name: self._newest(cls) for name, cls in self._classes.items()}

    @cached_property
    def writes(self) -> dict[str, int]:
        """The version of each type that this release records, by type name."""
        return {name: cls.version for name, cls in self._classes.items() if cls.written}

    def _newest(self, cls: type[Event]) -> int:
        version = cls.version
        while (cls.type_name, version + 1) in self._downcasters:
            version += 1
        return version

    def decode(self, type_name: str, version: int, data: bytes | str) -> Event:
        """The event of these bytes. Raises UnknownType, NewerSchema or UndecodableEvent."""
        decode = self._decoders.get((type_name, version))
        try:
            if decode is not None:
                return decode(data)
            cls = self._castable(type_name, version)
            return msgspec.convert(self._cast(type_name, version, msgspec.json.decode(data)), cls)
        except msgspec.MsgspecError as error:
            raise UndecodableEvent(f"{type_name} version {version}: {error}") from error

    def _castable(self, type_name: str, version: int) -> type[Event]:
        if type_name not in self._classes:
            raise UnknownType(type_name)
        if version > self.reads[type_name]:
            raise NewerSchema(type_name, version, self.reads[type_name])
        return self._classes[type_name]

    def _cast(self, type_name: str, version: int, fields: dict[str, Any]) -> dict[str, Any]:
        ours = self._classes[type_name].version
        for older in range(version, ours):
            fields = self._upcasters[type_name, older](fields)
        for newer in range(version, ours, -1):
            fields = self._downcasters[type_name, newer](fields)
        return fields
