"""What dispatch's forms ask for: the fields that more than one of them has, and who may send them."""

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AfterValidator, Field

from libs.chassis.auth import ROLES
from libs.chassis.http import Reads, allow
from libs.events.schema import text
from services.dispatch.work_orders.domain import signature

READERS = allow(*ROLES)
PLANNERS = allow("dispatcher", "manager")
CREW = allow("engineer", "dispatcher", "manager")


def _picture(encoded: str) -> str:
    try:
        signature.check(base64.b64decode(encoded, validate=True))
    except binascii.Error:
        raise ValueError("This is not base64.") from None
    return encoded


Signature = Annotated[
    str,
    AfterValidator(_picture),
    Field(
        max_length=(signature.MAX_BYTES + 2) // 3 * 4,
        json_schema_extra={"format": "base64-png", "contentEncoding": "base64", "contentMediaType": "image/png"},
    ),
]
"""A complete PNG of at most 256 KiB, in base64."""

SCRAWL = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAYAQAAAABiz8bpAAAAdklEQVR42o3OIQ6DQBCF4XFIjsA5qrgYzYoe"
    "qbKCI6xEUlfXTQMJ2bDMz86mCFLTZ+ZTb57wjfyHz4E5n97wdmhjCBne4FtSMIw34qsg8liQhT5pNRWoEitZ"
    "aelILsNxteb4hIth83A3pAYGg7r85LxHSurfqTsLtqsviF5A2QAAAABJRU5ErkJggg=="
)
"""A small signature, for examples: a wave over a line."""


async def words(reads: Reads, ids: Iterable[str | None]) -> dict[str, str]:
    """People's words by the ids that rows carry; what was erased is missing."""
    wanted = sorted({id for id in ids if id is not None})
    if not wanted:
        return {}
    statement: sa.Select[Any] = sa.select(text.c.id, text.c.body).where(text.c.id.in_(wanted))
    return {row["id"]: row["body"] for row in await reads.rows(statement)}
