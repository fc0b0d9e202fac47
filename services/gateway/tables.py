"""The gateway's tables."""

import sqlalchemy as sa

metadata = sa.MetaData()

session = sa.Table(
    "session",
    metadata,
    sa.Column("id_hash", sa.LargeBinary, primary_key=True, comment="SHA-256 of the id, which only the cookie has"),
    sa.Column("subject", sa.Text, nullable=False, index=True, comment="of the issuer"),
    sa.Column("issuer_session", sa.Text, comment="the issuer's own id of this sign-in, `sid`"),
    sa.Column("sealed", sa.LargeBinary, nullable=False, comment="the tokens, sealed"),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True), nullable=False, comment="to the minute"),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, comment="whoever uses it"),
)
