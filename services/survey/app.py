"""Survey's table of contents."""

from libs.chassis.http import ANYONE
from libs.chassis.http.contacts import router as contact_views
from libs.chassis.http.routers.evidence import evidence_router
from libs.chassis.running.service import Service
from libs.chassis.streaming.live import Live
from libs.events import Catalogue
from libs.events.contracts.intake.customers import CustomerErased
from libs.events.contracts.survey import callbacks as published
from libs.events.contracts.survey.callbacks import EvidenceAccepted, EvidenceRefused
from libs.events.log.evidence import evidence_of, evidence_views
from libs.events.transport.compacted import Compacted
from services.survey.callbacks import api as callbacks
from services.survey.callbacks.domain import callback
from services.survey.callbacks.view import callback_view
from services.survey.contacts.view import contact
from services.survey.erasures import erasure_view
from services.survey.reactions import reactions
from services.survey.refusals import REFUSALS

evidence = evidence_of(EvidenceAccepted, EvidenceRefused)

service = Service(
    "survey",
    streams=[callback, evidence],
    views=[callback_view, erasure_view, *evidence_views],
    hears=Catalogue(*reactions, CustomerErased),
    reactions=reactions,
    copies=[Compacted("intake.contacts", contact)],
    live=Live({published: ANYONE}, ids=("ticket_id", "callback_id")),
    refusals=REFUSALS,
    tags={
        "callbacks": "回访 / Callbacks: whom to call, and what came of a call",
    },
    routes=[callbacks.stream, callbacks.router, contact_views, evidence_router(evidence, [callback])],
)
