"""Survey's table of contents."""

from libs.chassis.service import Service
from libs.events import Catalogue
from services.survey.api import callbacks
from services.survey.domain.callback import callback
from services.survey.reactions import reactions
from services.survey.views.callbacks import callback_view

service = Service(
    "survey",
    streams=[callback],
    views=[callback_view],
    hears=Catalogue(*reactions),
    reactions=reactions,
    routes=[callbacks.router],
)
