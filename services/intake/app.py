"""Intake's table of contents."""

from libs.chassis.contacts import router as contact_views
from libs.chassis.service import Service
from libs.events.compacted import Compacted
from services.intake.api import customers, erasures, history, register, tickets
from services.intake.domain.customer import customer
from services.intake.domain.ticket import ticket
from services.intake.reactions import reactions
from services.intake.views.contact import contact
from services.intake.views.erasures import erasure_view
from services.intake.views.news import NEWS, news_view
from services.intake.views.tickets import ticket_view

service = Service(
    "intake",
    streams=[customer, ticket],
    views=[ticket_view, news_view, erasure_view],
    hears=NEWS,
    reactions=reactions,
    shows=[Compacted("intake.contacts", contact)],
    routes=[customers.router, erasures.router, tickets.router, register.router, history.router, contact_views],
)
