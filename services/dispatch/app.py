"""Dispatch's table of contents."""

from libs.chassis.contacts import router as contact_views
from libs.chassis.service import Service
from libs.events import Catalogue
from libs.events.compacted import Compacted
from libs.events.contracts.intake import CustomerErased
from services.dispatch.api import acceptances, contacts, engineers, visits, work_orders
from services.dispatch.domain.engineer import engineer
from services.dispatch.domain.job import job
from services.dispatch.domain.work_order import work_order
from services.dispatch.reactions import reactions
from services.dispatch.views.contact import contact
from services.dispatch.views.engineers import engineer_view
from services.dispatch.views.erasures import erasure_view
from services.dispatch.views.work_orders import work_order_view

service = Service(
    "dispatch",
    streams=[engineer, job, work_order],
    views=[engineer_view, work_order_view, erasure_view],
    hears=Catalogue(*reactions, CustomerErased),
    reactions=reactions,
    copies=[Compacted("intake.contacts", contact)],
    routes=[engineers.router, work_orders.router, visits.router, acceptances.router, contacts.router, contact_views],
)
