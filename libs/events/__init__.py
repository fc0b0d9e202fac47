"""The event kernel. This page is its pure vocabulary: all that a domain, a view or a reaction needs of it."""

from libs.events.catalogue import Catalogue
from libs.events.decider import Addressed, Change, Decider, Forbidden, Refused, Story
from libs.events.event import AboutTicket, Event, Evidence, Published, event
from libs.events.message import AnyRecorded, Recorded

__all__ = [
    "AboutTicket",
    "Addressed",
    "AnyRecorded",
    "Catalogue",
    "Change",
    "Decider",
    "Event",
    "Evidence",
    "Forbidden",
    "Published",
    "Recorded",
    "Refused",
    "Story",
    "event",
]
