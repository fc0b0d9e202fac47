"""The console in a browser: Chromium before the whole product, which runs on servers of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy import front
from deploy.check.needs import Lacking
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor
from tests.web.chromium import FLAGS, chromium
from tests.web.visitor import Desk, Visitor


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where the console is, and the password of everybody who can sign in there."""
    front.build()
    folder = RunFolder(tmp_path_factory.mktemp("web"))
    with Supervisor(Stack(folder, durable=False, environment={}), first_port=None) as product:
        password = (folder.data / "issuer/password").read_text().strip()
        yield Desk(product.environment["GATEWAY_URL"], product.environment["OIDC_ISSUER"], password)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each visitor has a context of their own."""
    try:
        programme = chromium()
    except Lacking as lacking:
        pytest.skip(str(lacking))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=programme, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, desk: Desk) -> Iterator[Visitor]:
    """Somebody who has not signed in, with a Chinese browser; nothing may be wrong with what they saw."""
    someone = Visitor.of(browser, desk, "zh-CN")
    yield someone
    someone.leave()
    assert someone.complaints == []


@pytest.fixture
def english(browser: Browser, desk: Desk) -> Iterator[Visitor]:
    """The same with an English browser, on a screen of 320 pixels."""
    someone = Visitor.of(browser, desk, "en", width=320)
    yield someone
    someone.leave()
    assert someone.complaints == []
