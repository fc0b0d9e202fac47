"""Triage's table of contents."""

from libs.chassis.http import ANYONE
from libs.chassis.http.routers.evidence import evidence_router
from libs.chassis.running.service import Service
from libs.chassis.streaming.live import Live
from libs.events import Catalogue
from libs.events.contracts.intake.customers import CustomerErased
from libs.events.contracts.triage import cases as published
from libs.events.contracts.triage.cases import EvidenceAccepted, EvidenceRefused
from libs.events.log.evidence import evidence_of, evidence_views
from services.triage.cases.api import cases, decisions, stream
from services.triage.cases.domain import case
from services.triage.cases.view import case_view
from services.triage.erasures import erasure_view
from services.triage.reactions import reactions
from services.triage.refusals import REFUSALS

evidence = evidence_of(EvidenceAccepted, EvidenceRefused)

service = Service(
    "triage",
    streams=[case, evidence],
    views=[case_view, erasure_view, *evidence_views],
    hears=Catalogue(*reactions, CustomerErased),
    reactions=reactions,
    live=Live({published: ANYONE}),
    refusals=REFUSALS,
    tags={
        "cases": "研判 / Cases: level, remote support, cause and authorisation of a ticket's fault",
    },
    routes=[stream.router, cases.router, decisions.router, evidence_router(evidence, [case])],
)
