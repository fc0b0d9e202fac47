"""What browsers may do with the gateway's answers: headers of all of them, and the content security policy of pages."""

from libs.chassis.http.server.edge import Headers

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""Of every answer that is no page: who opens one by its address sees text."""

HEADERS: Headers = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", NOTHING.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),  # by `no-referrer` a form's Origin would be `null`
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
"""Of every answer that says nothing else itself."""


def page_policy(nonce: str | None, issuer: str) -> str:
    """Of a page, or of a file that may be one or a worker.

    The widgets write styles, with the nonce, and attributes of style; a form may lead to the issuer, where signing out
    goes on.
    """
    own = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return "; ".join([
        "default-src 'self'",
        f"script-src {own} 'wasm-unsafe-eval'",
        f"style-src {own}",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        f"form-action 'self' {issuer}",
        "frame-ancestors 'none'",
    ])  # fmt: skip
