"""Who may do what in dispatch."""

from libs.chassis.http import allow
from libs.chassis.identity.auth import ROLES

PLANNERS = allow("dispatcher", "manager")
CREW = allow("engineer", "dispatcher", "manager")
SEES_ALL = allow(*(ROLES - {"engineer"}))
"""Whoever sees every visit: an engineer sees their own alone."""
