"""Imports: one row each."""

from libs.events.background.job_view import NEWEST_FIRST, job_view
from libs.events.table import table
from libs.imports.job_view import ImportRow, own_columns
from libs.imports.tables import put_tables
from services.dispatch.imports.domain import imports
from services.dispatch.tables import metadata

import_view = job_view(imports, table("import", ImportRow, metadata, NEWEST_FIRST), ImportRow, own_columns)
put_tables(metadata)
