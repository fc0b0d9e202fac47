"""/docs without the internet: all that the page names comes from the process, and a browser may load no more."""

import re
from base64 import b64encode
from hashlib import sha256

import httpx

ABROAD = re.compile(rb"https?:|//[a-z]")


async def test_the_page_and_all_that_it_loads_come_from_the_process(bare: httpx.AsyncClient) -> None:
    page = await bare.get("/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert not ABROAD.search(page.content.lower())
    named = re.findall(r"""(?:href|src)="(.+?)"|url: '(.+?)'""", page.text)
    addresses = ["".join(either) for either in named]
    assert len(addresses) == 4
    for address in addresses:
        loaded = await bare.get(page.url.join(address))
        assert loaded.is_success, address
        assert loaded.headers["x-content-type-options"] == "nosniff"
    assert b"SwaggerUIBundle" in (await bare.get("/docs/swagger-ui-bundle.js")).content


async def test_a_browser_runs_the_script_of_the_page_and_no_other(bare: httpx.AsyncClient) -> None:
    page = await bare.get("/docs")
    (script,) = re.findall(rb"<script>(.*?)</script>", page.content, re.DOTALL)
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    digest = b64encode(sha256(script).digest()).decode()
    assert (policy["default-src"], policy["connect-src"]) == ("'none'", "'self'")
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"


async def test_what_is_no_file_of_the_page_is_a_problem(bare: httpx.AsyncClient) -> None:
    for address in ("/docs/none.js", "/docs/%2e%2e/core.py", "/docs/"):
        answer = await bare.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
