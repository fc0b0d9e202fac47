"""SLA's table of contents."""

from libs.chassis.service import Service
from libs.events import Catalogue
from services.sla.alarm import watch_holidays
from services.sla.api import clocks as clocks_api
from services.sla.api import policies, presets, replays
from services.sla.domain import what_if
from services.sla.domain.clocks import clocks
from services.sla.reactions import reactions
from services.sla.timers import fall_due
from services.sla.views.clocks import clock_view
from services.sla.views.replays import replay_view
from services.sla.views.tickets import ticket_view
from services.sla.views.timers import timer_view
from services.sla.what_if import replay_tickets

service = Service(
    "sla",
    streams=[clocks, what_if.replays],
    views=[clock_view, timer_view, ticket_view, replay_view],
    hears=Catalogue(*reactions),
    reactions=reactions,
    routes=[clocks_api.router, policies.router, presets.router, replays.router],
    fall_due=fall_due,
    background=[watch_holidays, replay_tickets],
)
