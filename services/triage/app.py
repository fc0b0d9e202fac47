"""Triage's table of contents."""

from libs.chassis.service import Service
from libs.events import Catalogue
from libs.events.contracts.intake import CustomerErased
from services.triage.api import cases, decisions
from services.triage.domain.case import case
from services.triage.reactions import reactions
from services.triage.views.cases import case_view
from services.triage.views.erasures import erasure_view

service = Service(
    "triage",
    streams=[case],
    views=[case_view, erasure_view],
    hears=Catalogue(*reactions, CustomerErased),
    reactions=reactions,
    routes=[cases.router, decisions.router],
)
