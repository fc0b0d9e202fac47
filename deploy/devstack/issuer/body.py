"""A form as it was sent, no longer than a form is."""

from fastapi import Request

from deploy.devstack.issuer.errors import OAuthError

MAX_FORM_BYTES = 16 * 1024


async def body(request: Request) -> bytes:
    """All of it. Raises OAuthError."""
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > MAX_FORM_BYTES:
            raise OAuthError(400, "invalid_request", "the form is too long")
    return read
