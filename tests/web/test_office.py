"""What tests ask of the services beside the page that they look at."""

from playwright.sync_api import Route

from tests.web.office import Office
from tests.web.visitor import Visitor


def test_a_command_that_is_sent_again_is_the_same_command(visitor: Visitor) -> None:
    visitor.come_back("manager", "/home")
    keys: list[str] = []

    def answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.fulfill(status=503 if len(keys) == 1 else 200, json={})

    visitor.page.route("**/api/intake/v1/nothing", answer)
    assert Office(visitor).asked("intake/v1/nothing", {}) == {}
    assert [keys.count(key) for key in keys] == [2, 2]
