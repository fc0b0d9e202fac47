"""Who may do what in dispatch."""

from libs.chassis.http import allow

PLANNERS = allow("dispatcher", "manager")
CREW = allow("engineer", "dispatcher", "manager")
