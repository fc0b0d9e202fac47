"""The order of time in evidence: what contradicts what was recorded before it is refused. Pure."""

from datetime import datetime

from libs.events.decider import Refused


def after_opening(at: datetime, opened_at: datetime | None) -> None:
    """Raises Refused for what is said to have happened before its ticket was opened; None: nobody knows when."""
    if opened_at is not None and at < opened_at:
        raise Refused("before-ticket", "That lies before the ticket was opened.")


def after_order(at: datetime, ordered_at: datetime | None) -> None:
    """Raises Refused for plans that are said to have been made before there was anything to plan."""
    if ordered_at is not None and at < ordered_at:
        raise Refused("before-work-order", "That lies before there was a work order.")


def after_step(at: datetime, stepped_at: datetime | None) -> None:
    """Raises Refused for a step that is said to have happened before the step before it."""
    if stepped_at is not None and at < stepped_at:
        raise Refused("before-previous-step", "That lies before the step that went before it.")
