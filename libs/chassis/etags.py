"""Entity tags and what is asked by them (RFC 9110, 8.8.3 and 13.1): `*`, or a list of tags, strong or weak."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from starlette.datastructures import Headers

from libs.chassis.problems import Problem

_ELEMENT = re.compile(r'[ \t]*(?:(?P<weak>W/)?"(?P<opaque>[!#-~\x80-\xff]*)"[ \t]*)?(?P<more>,|\Z)')
_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})(?:-[0-9a-f]{12})?")

_TAG = r'(W/)?"[!#-~\u0080-\u00ff]*"[ \t]*'
PATTERN = rf"^[ \t]*(\*|([ \t]*,)*[ \t]*{_TAG}(,[ \t]*({_TAG})?)*)[ \t]*$"
"""A list of tags or `*`, as OpenAPI documents it."""


def of_version(version: int) -> str:
    """The tag that a command answers: the version alone."""
    return f'"{version}"'


def of_content(version: int, content: bytes) -> str:
    """The tag of one representation: its version, and a digest of what is shown.

    Words are erased and contacts change without a new version, and roles see different fields: a tag of the version
    alone would call an answer unchanged that is not.
    """
    return f'"{version}-{hashlib.blake2b(content, digest_size=6).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class Tags:
    """What a header asks for: any representation (`*`), or one of these tags."""

    any: bool = False
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()

    @classmethod
    def given(cls, headers: Headers, name: str) -> Self | None:
        """Those of a request's header, all its lines together; None without one. Raises a 400 problem."""
        lines = headers.getlist(name)
        if not lines:
            return None
        whole = ",".join(lines)
        found = cls(any=True) if whole.strip(" \t") == "*" else cls._listed(whole)
        if found is None:
            code = f"{name}-malformed"
            raise Problem(400, code, f'{name.title()} is `*`, or ETags as they were answered, such as "3", "4".')
        return found

    @classmethod
    def _listed(cls, whole: str) -> Self | None:
        strong: set[str] = set()
        weak: set[str] = set()
        at = 0
        while (element := _ELEMENT.match(whole, at)) is not None:
            if (opaque := element["opaque"]) is not None:
                (weak if element["weak"] else strong).add(opaque)
            if not element["more"]:
                return cls(False, frozenset(strong), frozenset(weak)) if strong or weak else None
            at = element.end()
        return None

    @property
    def versions(self) -> frozenset[int]:
        """The versions that the strong tags name: weak ones never match where something is to be changed."""
        named = (_VERSION.fullmatch(opaque) for opaque in self.strong)
        return frozenset(int(found[1]) for found in named if found is not None)

    def match(self, tag: str) -> bool:
        """Whether one of them is `tag`, weakly compared: whether it is strong does not count."""
        return self.any or tag.strip('"') in self.strong | self.weak
