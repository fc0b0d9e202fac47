"""Forms to PDF/A-2b, tagged, by typst: with fonts of a package, the same bytes for the same form at the same time.

What a form says reaches its template as JSON, so that no text is ever read as typst's language.
"""

import asyncio
from asyncio import Future
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import pylopdf_fonts_zh_cn
import segno
import typst

from libs.documents.forms import BLANK, Document
from libs.documents.printable import printable

TEMPLATES = Path(__file__).with_name("templates")
AT_ONCE = 2
"""So many forms are set at a time, each by a thread that holds a processor for some milliseconds."""
PATIENCE_SECONDS = 2.0
"""How long a form waits for its turn."""
SETTING_SECONDS = 10.0
"""How long it is waited for. Its thread cannot be stopped: it keeps its turn to the end, so that no pile grows."""
LONGEST = 2 * 1024 * 1024
"""Bytes of what a form says, as JSON, in which a byte of a picture takes up to four."""


class Overloaded(Exception):
    """There are as many forms being set as can be, or this one takes too long: try again."""


class TooLong(Exception):
    """A form says more than can be set in time."""


class Typesetter:
    """Sets forms beside the event loop that asks, a few at a time."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, "typesetter")

    async def pdf(self, form: Document, at: datetime) -> bytes:
        """The form as PDF, printed `at`, in the zone that it has. Raises Overloaded, or TooLong."""
        await self._turn()
        setting = asyncio.get_running_loop().run_in_executor(self._threads, compiled, form, at)
        setting.add_done_callback(self._over)
        try:
            async with asyncio.timeout(SETTING_SECONDS):
                return await asyncio.shield(setting)
        except TimeoutError:
            raise Overloaded from None

    async def warm(self, at: datetime) -> None:
        """Set a form that nobody asked for: the first one reads the fonts. A busy machine reads them later."""
        with suppress(Overloaded):
            await self.pdf(BLANK, at)

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise Overloaded from None

    def _over(self, done: "Future[bytes]") -> None:
        """Another's turn. Nobody may be left to see what it failed of."""
        self._turns.release()
        if not done.cancelled():
            done.exception()


def compiled(form: Document, at: datetime) -> bytes:
    """The PDF. Raises TooLong."""
    return typst.compile(
        TEMPLATES / f"{form.name}.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        sys_inputs=inputs(form, at),
        pdf_standards="a-2b",
        timestamp=int(at.timestamp()),
    )


def inputs(form: Document, at: datetime) -> dict[str, str]:
    """What the template reads: the form as JSON with the QR codes of labels, and its own as SVG. Raises TooLong."""
    said = msgspec.to_builtins(form, builtin_types=(bytes,))
    pictures = {name: list(value) for name, value in said.items() if isinstance(value, bytes)}
    document = printable(said) | pictures | {"title": form.title, "printed": f"{at:%Y-%m-%d %H:%M}"}
    codes = [qr_code(label["address"]) for label in said.get("labels", ())]
    encoded = msgspec.json.encode(document | {"codes": codes})
    if len(encoded) > LONGEST:
        raise TooLong
    return {"form": encoded.decode(), "qr": qr_code(form.address)}


@cache
def fonts() -> typst.Fonts:
    """The package's alone: neither typst's own nor this machine's."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def qr_code(address: str) -> str:
    """As SVG."""
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", xmldecl=False, border=0)
    return picture.getvalue().decode()
