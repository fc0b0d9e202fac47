"""The browser itself: what Playwright turns off in it is off, beside what we turn off."""

from contextlib import suppress

import psutil
from playwright.sync_api import Browser

SWITCH = "--disable-features="


def turned_off(process: psutil.Process) -> list[set[str]]:
    """What each such flag of a process names, in order."""
    with suppress(psutil.Error):  # it has gone meanwhile
        return [{*each.removeprefix(SWITCH).split(",")} for each in process.cmdline() if each.startswith(SWITCH)]
    return []


def test_what_playwright_turns_off_is_off(browser: Browser) -> None:
    assert browser.is_connected()
    flags = [turned_off(process) for process in psutil.Process().children(recursive=True)]
    (playwright, ours) = next(both for both in flags if len(both) == 2)
    assert playwright <= ours
