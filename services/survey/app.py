"""Survey's table of contents."""

from libs.chassis.service import Service
from libs.events import Catalogue
from libs.events.contracts.intake import CustomerErased
from services.survey.api import callbacks
from services.survey.domain.callback import callback
from services.survey.reactions import reactions
from services.survey.views.callbacks import callback_view
from services.survey.views.erasures import erasure_view

service = Service(
    "survey",
    streams=[callback],
    views=[callback_view, erasure_view],
    hears=Catalogue(*reactions, CustomerErased),
    reactions=reactions,
    routes=[callbacks.router],
)
