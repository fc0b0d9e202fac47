"""SLA's table of contents."""

from libs.chassis.service import Service
from libs.events import Catalogue
from services.sla.alarm import watch_holidays
from services.sla.api import calendars as calendars_api
from services.sla.api import clocks as clocks_api
from services.sla.api import delays as delays_api
from services.sla.api import explanations as explanations_api
from services.sla.api import forecasts as forecasts_api
from services.sla.api import policies as policies_api
from services.sla.api import presets as presets_api
from services.sla.api import reassessments as reassessments_api
from services.sla.api import replays as replays_api
from services.sla.api import stream as stream_api
from services.sla.domain.clocks import clocks
from services.sla.domain.editions import calendars, policies
from services.sla.domain.what_if import replays
from services.sla.reactions import reactions
from services.sla.reassessment import KIND, reassessments, telling
from services.sla.rules import rules
from services.sla.timers import fall_due
from services.sla.views.clocks import clock_view
from services.sla.views.replays import replay_view
from services.sla.views.rules import edition_view, rule_view
from services.sla.views.tickets import ticket_view
from services.sla.views.timers import timer_view
from services.sla.what_if import replay_tickets

service = Service(
    "sla",
    streams=[clocks, policies, calendars, replays],
    views=[clock_view, timer_view, rule_view, edition_view, ticket_view, replay_view],
    hears=Catalogue(*reactions),
    reactions=reactions,
    routes=[
        stream_api.router,
        forecasts_api.router,
        clocks_api.router,
        explanations_api.router,
        delays_api.router,
        policies_api.router,
        calendars_api.router,
        reassessments_api.router,
        presets_api.router,
        replays_api.router,
    ],
    fall_due=fall_due,
    chores={KIND: telling("sla")},
    prepare=rules.prepare,
    background=[watch_holidays, reassessments, replay_tickets],
)
