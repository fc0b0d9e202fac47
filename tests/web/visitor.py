"""Somebody at the console: what they do by keyboard, and all that the browser has to complain of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, cast

from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from deploy.front import MODULES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ANSWERED = "Failed to load resource: the server responded with a status of "
BUSY, PUT_OFF = 503, "never answered but by 503: "
REFUSED = f"{ANSWERED}4", f"{ANSWERED}{BUSY}"
"""Chromium says so of each answer from 400 on: of nobody signed in, of what changed meanwhile, of a busy service."""
OVERFLOWING = """() => document.documentElement.scrollWidth <= innerWidth + 1 ? [] :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120))"""
PATIENCE, LOOK = 45_000, 200
"""Milliseconds: how long what is expected may take, for other tests run beside, and from look to look."""
REPORT = """document.addEventListener("securitypolicyviolation", (violation) =>
  console.error(`refused by the content security policy: ${violation.violatedDirective} ${violation.blockedURI}`));"""
"""Runs before a page's own: what the policy refuses is said on the console, also where Chromium itself is silent."""
BARRIERS = """async (rules) => {
  for (let left = 10; ; left -= 1) {
    await Promise.all(document.getAnimations()
      .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
      .map((one) => one.finished.catch(() => null)));
    let moved = false;
    const note = () => { moved = true; };
    document.addEventListener("transitionrun", note, true);
    const {violations} = await axe.run({runOnly: rules, resultTypes: ["violations"]});
    document.removeEventListener("transitionrun", note, true);
    if (!moved || left === 0) return violations;
  }
}"""
"""A button that may be pressed from now on changes its colour for a moment: halfway its contrast says nothing."""
COMMAND = """async ([path, body]) => {
  const headers = {"Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID()};
  for (let left = 40; ; left -= 1) {
    const answer = await fetch(path, {method: "POST", headers, body: JSON.stringify(body)});
    if (answer.status !== 503 || left === 0) return [answer.status, await answer.json()];
    await new Promise((resume) => setTimeout(resume, 1000));
  }
}"""
"""Who is told to come back later does, with the same key, as the console's own clients do."""


def press(what: Locator, key: str) -> None:
    """A key on what may be used: what is disabled takes no focus, and the key would go elsewhere."""
    expect(what).to_be_enabled()
    what.press(key)


@dataclass(frozen=True)
class Desk:
    """Where the console, the issuer and Kafka answer."""

    url: str
    issuer: str
    password: str
    kafka: str
    cookies: dict[str, list[Any]] = field(default_factory=dict, compare=False)
    """Of who has signed in before, by name: pages that are only looked at need no journey."""


@dataclass
class Visitor:
    """A browser's context with one page. `complaints` are errors on the console, and requests to strangers.

    A service that is busy says so with 503, and the page comes back: that is a complaint until the same is answered,
    asked in the same way. What reads a list at an address is no answer to what was to be written there.
    """

    desk: Desk
    context: BrowserContext
    page: Page
    language: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls, browser: Browser, desk: Desk, language: str = "zh-CN", width: int = 1440, height: int = 900, **wishes: Any
    ) -> Self:
        """With a browser that speaks this language; `wishes` are Playwright's, such as `forced_colors`."""
        size: Any = {"width": width, "height": height}
        context = browser.new_context(locale=language, timezone_id="Asia/Shanghai", viewport=size, **wishes)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT)
        someone = cls(desk, context, context.new_page(), language)
        someone.page.on("console", someone._hear)
        someone.page.on("pageerror", lambda error: someone.complaints.append(str(error)))
        someone.page.on("request", someone._see)
        someone.page.on("response", someone._settle)
        return someone

    def sign_in(self, name: str, path: str = "/") -> None:
        """Open the console at a path, and give name and password where it leads."""
        self.page.goto(f"{self.desk.url}{path}")
        self.page.locator("input[name=username]").fill(name)
        self.page.locator("input[name=password]").fill(self.desk.password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.desk.url}/**")

    def come_back(self, name: str, path: str) -> None:
        """Open the console at a path as somebody who has signed in before, and chose the browser's language here."""
        chosen = f"localStorage.setItem('aftercare.language', '{self.language}')"
        self.context.add_init_script(f"if (origin !== 'null') {chosen}")  # a blank page keeps nothing
        if known := self.desk.cookies.get(name):
            self.context.add_cookies(known)
            self.page.goto(f"{self.desk.url}{path}")
        else:
            self.sign_in(name, path)
            self.desk.cookies[name] = list(self.context.cookies())

    def make_room(self) -> None:
        """Nobody is signed in here any more; and no page is left that would lead somebody to sign in."""
        self.page.goto("about:blank")
        self.context.clear_cookies()

    def command(self, service: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a service answers to this person's command, sent as the console sends it."""
        status, answer = self.page.evaluate(COMMAND, [f"/api/{service}/v1/{path}", body])
        assert status < 300, answer
        found: dict[str, Any] = answer
        return found

    def fetched(self, path: str) -> APIResponse:
        """What a link of the page leads to; whoever is told that it is busy comes back."""
        url, left = f"{self.desk.url}{path}", PATIENCE // 1000
        while (answer := self.page.request.get(url)).status == 503 and left > 0:
            self.page.wait_for_timeout(1000)
            left -= 1
        return answer

    def type(self, *words: str, then: str = "Tab") -> None:
        """Words, each into what has the focus, which goes on with a key."""
        for each in words:
            self.page.keyboard.insert_text(each)
            self.page.keyboard.press(then)

    def barriers(self) -> list[tuple[str, str]]:
        """What axe finds on the page while nothing moves: the rule, and the first place."""
        # By the debugger, which no content security policy keeps out.
        session = self.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": (MODULES / "axe-core/axe.min.js").read_text() + ";0"})
        found: list[dict[str, Any]] = self.page.evaluate(BARRIERS, RULES)
        return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]

    def tree(self) -> str:
        """The page as a screen reader has it."""
        return self.page.locator("body").aria_snapshot()

    def overflows(self) -> list[str]:
        """What reaches over the right edge of the screen, where the page can be scrolled there."""
        return cast(list[str], self.page.evaluate(OVERFLOWING))

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Look again until it holds. Raises AssertionError."""
        for _ in range(PATIENCE // LOOK):
            if holds():
                return
            self.page.wait_for_timeout(LOOK)
        raise AssertionError(f"not seen: {what}\n{self.tree()}")

    def judged(self) -> list[str]:
        """The complaints, once the page has come back to what was put off, or has not in time."""
        for _ in range(PATIENCE // LOOK):
            if not any(each.startswith(PUT_OFF) for each in self.complaints):
                break
            self.page.wait_for_timeout(LOOK)
        return [*self.complaints]

    def leave(self) -> None:
        """Close the window."""
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            self.complaints.append(message.text)

    def _settle(self, answer: Response) -> None:
        """By the answers themselves, which come in their order: the console's lines come beside them."""
        put_off = f"{PUT_OFF}{answer.request.method} {answer.url}"
        if answer.status == BUSY:
            self.complaints.append(put_off)
        elif answer.status < 500:
            self.complaints[:] = [each for each in self.complaints if each != put_off]

    def _see(self, request: Request) -> None:
        own = (self.desk.url, self.desk.issuer, "data:", "blob:")
        if not request.url.startswith(own):
            self.complaints.append(f"asked a stranger: {request.url}")
