"""The console in a browser: Chromium before the whole product, which runs on servers of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from deploy.check.needs import Lacking
from tests.web.desk import browsing, running
from tests.web.office import Office
from tests.web.pages import Stage
from tests.web.visitor import PATIENCE, Desk, Visitor

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where the console is, and the password of everybody who can sign in there."""
    with running(tmp_path_factory.mktemp("web")) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each visitor has a context of their own."""
    with ExitStack() as staying:
        try:
            found = staying.enter_context(browsing())
        except Lacking as lacking:
            pytest.skip(str(lacking))
        yield found


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, desk: Desk) -> Iterator[Visit]:
    """Makes visitors who have not signed in, as `Visitor.of`; nothing may be wrong with what they saw."""
    with ExitStack() as staying:
        yield lambda *language, **wishes: staying.enter_context(_visit(browser, desk, *language, **wishes))


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """Somebody who has not signed in, with a Chinese browser."""
    return visit()


@pytest.fixture
def english(visit: Visit) -> Visitor:
    """The same with an English browser, on a screen of 320 pixels."""
    return visit("en", width=320)


@pytest.fixture(scope="module")
def seats(browser: Browser, desk: Desk) -> Iterator[Visit]:
    """A visitor for each role and wishes: what their browser loaded for one page, it has for the next."""
    with ExitStack() as staying:

        @cache
        def come(role: str, *language: str, **wishes: Any) -> Visitor:
            return staying.enter_context(_visit(browser, desk, *language, **wishes))

        yield come


@pytest.fixture
def known(seats: Visit) -> Iterator[Visit]:
    """As `visit`, by role, for pages that are only looked at: by those of the module who have been here before."""
    here: list[Visitor] = []

    def come(*who: str, **wishes: Any) -> Visitor:
        here.append(seats(*who, **wishes))
        return here[-1]

    yield come
    for visitor in here:
        complaints = visitor.judged()
        visitor.page.goto("about:blank")
        visitor.complaints.clear()
        assert complaints == []


@pytest.fixture(scope="session")
def stage(browser: Browser, desk: Desk) -> Stage:
    """What the pages show that are looked at one by one."""
    with _visit(browser, desk) as agent, _visit(browser, desk) as manager:
        agent.come_back("agent", "/home")
        manager.come_back("manager", "/home")
        return Stage.seeded(agent, Office(manager))


@contextmanager
def _visit(browser: Browser, desk: Desk, language: str = "zh-CN", **wishes: Any) -> Iterator[Visitor]:
    someone = Visitor.of(browser, desk, language, **wishes)
    yield someone
    someone.judged()
    someone.leave()
    assert someone.complaints == []
