"""SLA's table of contents."""

from libs.chassis.service import Service
from libs.events import Catalogue
from services.sla.alarm import watch_holidays
from services.sla.api import clocks as clocks_api
from services.sla.api import policies, presets
from services.sla.domain.clocks import clocks
from services.sla.reactions import reactions
from services.sla.timers import fall_due
from services.sla.views.clocks import clock_view
from services.sla.views.timers import timer_view

service = Service(
    "sla",
    streams=[clocks],
    views=[clock_view, timer_view],
    hears=Catalogue(*reactions),
    reactions=reactions,
    routes=[clocks_api.router, policies.router, presets.router],
    fall_due=fall_due,
    background=[watch_holidays],
)
