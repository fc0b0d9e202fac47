"""SLA's table of contents."""

from libs.chassis.http import ANYONE
from libs.chassis.http.routers.publishing import RuleId
from libs.chassis.http.routers.records import record_router
from libs.chassis.running.service import Service
from libs.chassis.streaming.live import Live
from libs.events import Catalogue
from libs.events.contracts.sla import clocks as clocks_published
from libs.events.contracts.sla import rules as rules_published
from services.sla.calculations import api as calculations_api
from services.sla.calendars.alarm import watch_holidays
from services.sla.clocks.api import clocks as clocks_api
from services.sla.clocks.api import forecasts as forecasts_api
from services.sla.clocks.api import stream as stream_api
from services.sla.clocks.domain.clocks import clocks
from services.sla.clocks.view.clocks import clock_view
from services.sla.clocks.view.tickets import ticket_view
from services.sla.clocks.view.timers import timer_view
from services.sla.explanations.api import delays as delays_api
from services.sla.explanations.api import explanations as explanations_api
from services.sla.explanations.api import replayed as replayed_api
from services.sla.policies.api import presets as presets_api
from services.sla.publishing.api import calendar_years as calendar_years_api
from services.sla.publishing.api import calendars as calendars_api
from services.sla.publishing.api import policies as policies_api
from services.sla.publishing.api import reassessments as reassessments_api
from services.sla.publishing.domain.rules import calendars, policies
from services.sla.publishing.reassessment import reassessing
from services.sla.publishing.rules_in_force import rules
from services.sla.publishing.view.rules import rule_version_view, rule_view
from services.sla.reactions import reactions
from services.sla.refusals import REFUSALS
from services.sla.replays.api import replays as replays_api
from services.sla.replays.worker import what_if
from services.sla.timers import fall_due

service = Service(
    "sla",
    streams=[clocks, policies, calendars],
    views=[clock_view, timer_view, rule_view, rule_version_view, ticket_view],
    hears=Catalogue(*reactions),
    reactions=reactions,
    live=Live({clocks_published: ANYONE, rules_published: ANYONE}, ids=("ticket_id", "clock_id")),
    refusals=REFUSALS,
    tags={
        "clocks": "时钟 / Clocks: what is due, what is late, and what breaches next",
        "explanations": "说明 / Why a deadline is what it is, and whose time it was",
        "policies": "时限政策 / Policies from draft to version, what ships, and reassessments",
        "calendars": "共用日历 / Calendars that policies share, from draft to version",
        "calculations": "到期计算 / When a time limit would be due, without a ticket",
        "records": "审计 / Records: what became of a policy or a calendar, event by event",
        "replays": "试算 / What a draft would have meant for recorded tickets",
    },
    routes=[
        stream_api.router,
        forecasts_api.router,
        clocks_api.router,
        explanations_api.router,
        delays_api.router,
        policies_api.router,
        calendars_api.router,
        calendar_years_api.router,
        reassessments_api.router,
        presets_api.router,
        calculations_api.router,
        replays_api.router,
        replayed_api.router,
        record_router("policies", "policy", [policies], RuleId),
        record_router("calendars", "calendar", [calendars], RuleId),
    ],
    fall_due=fall_due,
    prepare=rules.prepare,
    background=[watch_holidays],
    jobs=[reassessing, what_if],
)
