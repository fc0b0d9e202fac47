"""/docs: Swagger UI whose files come out of a package, so that a network without the internet shows it, too.

The page says by Content-Security-Policy that a browser loads nothing for it from elsewhere and sends nothing there.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import fastapi_offline
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

ASSETS = Path(fastapi_offline.__file__).parent / "static"

POLICY = (
    "default-src 'none'; script-src 'self' {script}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI sets styles in its elements. Of the scripts in a page, the browser runs the one of this digest."""


def docs(title: str) -> list[BaseRoute]:
    """The page and its files, by addresses that are relative, so that they stand behind any prefix."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title=title,
        swagger_js_url="docs/swagger-ui-bundle.js",
        swagger_css_url="docs/swagger-ui.css",
        swagger_favicon_url="docs/favicon.png",
    )
    page.headers["content-security-policy"] = POLICY.format(script=_digest(bytes(page.body)))

    async def show(_request: Request) -> Response:
        return page

    return [Route("/docs", show, include_in_schema=False), Mount("/docs", StaticFiles(directory=ASSETS))]


def _digest(page: bytes) -> str:
    script = page.partition(b"<script>")[2].partition(b"</script>")[0]
    return f"'sha256-{b64encode(sha256(script).digest()).decode()}'"
