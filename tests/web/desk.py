"""The whole product before one Chromium, for tests and for pictures."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from deploy import front
from deploy.check.chromium import FLAGS, chromium
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor
from tests.web.visitor import Desk


@contextmanager
def running(path: Path) -> Iterator[Desk]:
    """All of it on servers of its own, in a folder of its own."""
    front.build()
    folder = RunFolder(path)
    with Supervisor(Stack(folder, durable=False, environment={}), first_port=None) as product:
        password = (folder.data / "issuer/password").read_text().strip()
        addresses = (product.environment[name] for name in ("GATEWAY_URL", "OIDC_ISSUER", "KAFKA_BOOTSTRAP_SERVERS"))
        url, issuer, kafka = addresses
        yield Desk(url, issuer, password, kafka)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium without a window. Raises Lacking."""
    found = chromium()
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
        started = playwright.chromium.launch(executable_path=found.programme, args=FLAGS, env=environment)
        yield started
        started.close()
