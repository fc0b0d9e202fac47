"""What dispatch's forms ask for: the fields that more than one of them has."""

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator, Field

from services.dispatch.work_orders.domain import signature


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
