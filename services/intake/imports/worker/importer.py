"""Intake's imports at work."""

from libs.imports.importer import Importer
from services.intake.imports.domain.intake_import import imports
from services.intake.imports.view import import_view
from services.intake.imports.worker.assets import Assets
from services.intake.imports.worker.contracts import Contracts
from services.intake.imports.worker.customers import Customers

importing = Importer(imports, import_view, {"customers": Customers(), "contracts": Contracts(), "assets": Assets()})
