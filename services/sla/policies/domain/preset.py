"""A preset: one plan's row of time limits as a policy that ships, ready to be drafted, and what of it has no clock.

Presets are data beside the code, read once like the code itself. None is in force until somebody drafts it, has it
approved and publishes it; `GET /v1/presets` shows them. docs/sla-presets.md is made from them.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any

import msgspec

from services.sla.policies.domain.policy import Policy, Title, decode

Source = Annotated[str, msgspec.Meta(pattern="^R[0-9]{3}$")]


class Blank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place of the policy that whoever adopts it has to look at, such as targets[0].within, and why."""

    place: str
    why: Title


class Unmeasured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number of the plan that is no clock: what it is about, its value in words, and why nothing times it."""

    what: Title
    value: Title
    sources: tuple[Source, ...]
    why: Title


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one row of the requirements' table of plans promises, such as PP-12a.

    `policy` is a policy document as it would be drafted; None where nothing that the row promises can be timed. It
    lacks what `fill_in` names, for the plan has no number there, and so cannot come into force as it is. What `adapt`
    names works, but stands for something of the adopter's own, such as the name of a region.
    """

    row: Annotated[str, msgspec.Meta(pattern="^PP-[0-9]{2}[a-z]?$")]
    title: Title
    fill_in: tuple[Blank, ...] = ()
    adapt: tuple[Blank, ...] = ()
    policy: dict[str, Any] | None
    not_measured: tuple[Unmeasured, ...]

    @property
    def id(self) -> str:
        """The row in small letters, which is its policy's id too."""
        return self.row.lower()

    @property
    def metrics(self) -> list[str]:
        """What its policy has clocks for, in order."""
        return [target["metric"] for target in self.policy["targets"]] if self.policy else []

    def decoded(self) -> Policy:
        """The policy as clocks would go by it. Raises Flawed while something is missing."""
        return decode(msgspec.json.encode(self.policy))


def _shipped() -> dict[str, Preset]:
    documents = files("services.sla").joinpath("policies", "presets").iterdir()
    presets = (msgspec.json.decode(document.read_bytes(), type=Preset) for document in documents)
    return {preset.id: preset for preset in sorted(presets, key=lambda preset: preset.row)}


PRESETS: Mapping[str, Preset] = _shipped()
"""Every preset by its id, in the order of the rows."""
