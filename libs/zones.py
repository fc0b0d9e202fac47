"""The time zones that a caller may name: IANA's, as the pinned tzdata package lists them, the same on every machine.

Machines know more names, and not all the same ones: `localtime`, `posixrules`, `posix/…` and `right/…` mean what
whoever installed the system made of them, and `Factory` is no place at all.
"""

from importlib.resources import files

ZONES: frozenset[str] = frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split()) - {"Factory"}
"""Names in IANA's own spelling: capitals count."""
