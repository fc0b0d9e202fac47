"""The ledger of erased customers: intake orders it, and the database deletes with the row."""

from libs.events import Catalogue
from libs.events.contracts.intake.customers import CustomerErased
from libs.events.log.erasure import erasures

erasure_view = erasures(lambda recorded: recorded.event.customer_id, Catalogue(CustomerErased))
