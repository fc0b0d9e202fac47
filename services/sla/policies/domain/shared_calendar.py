"""A shared calendar: working time that several policies count in, by its id. Drafted and published like a policy."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from services.sla.policies.domain.policy import Flawed, Id, Note, SiteHours, Title, calendar_flaws, placed
from services.sla.policies.domain.when import Flaw


class SharedCalendar(SiteHours, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Opening hours with an id, for policies to name. `decode_calendar` makes it."""

    id: Id
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    title: Title
    note: Note = ""

    @property
    def name(self) -> str:
        """The id and the version: what a clock names."""
        return f"{self.id}/{self.version}"

    def flaws(self) -> Iterator[Flaw]:
        """Why no clock can count in it: places and reasons."""
        yield from ((place.lstrip("."), reason) for place, reason in calendar_flaws(self))


def decode_calendar(data: bytes | str) -> SharedCalendar:
    """A shared calendar from its JSON. Raises Flawed with every place and reason that is to be corrected."""
    try:
        calendar = msgspec.json.decode(data, type=SharedCalendar)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Flawed([placed(error)]) from error
    if flaws := list(calendar.flaws()):
        raise Flawed(flaws)
    return calendar
