"""Contract templates: what each plan that states a length of warranty promises, as the terms of a contract."""

from importlib.resources import files
from typing import Annotated

import msgspec

from services.intake.warranty.domain.contract import Term

Source = Annotated[str, msgspec.Meta(pattern="^R[0-9]{3}$")]
Title = dict[str, str]


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The warranty of one row of the table of plans. `adapt` says what the plan left open and is chosen here."""

    row: Annotated[str, msgspec.Meta(pattern="^PP-[0-9]{2}[a-z]?$")]
    title: Title
    sources: tuple[Source, ...]
    terms: tuple[Term, ...]
    adapt: Title | None = None


_SHIPPED = files("services.intake.warranty").joinpath("templates.json")
TEMPLATES = msgspec.json.decode(_SHIPPED.read_bytes(), type=tuple[Template, ...])
