"""Engineers (维修人员): whose login is whose."""

from libs.events.event import Published, event


@event("dispatch.EngineerBound")
class EngineerBound(Published, frozen=True, kw_only=True):
    """The login with this pseudonym is this engineer's: theirs are the visits that the engineer is assigned to."""

    engineer_id: str
    actor_id: str


@event("dispatch.EngineerUnbound")
class EngineerUnbound(Published, frozen=True, kw_only=True):
    """The login is this engineer's no longer."""

    engineer_id: str
    actor_id: str
