"""Intake's read tables."""

import sqlalchemy as sa

metadata = sa.MetaData()
