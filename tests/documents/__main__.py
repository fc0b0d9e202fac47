"""`python -m tests.documents FOLDER`: every form as PNG, filled in and blank, to be looked at."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst
from msgspec.structs import replace

from libs.documents.forms import BLANK, Document
from libs.documents.typesetter import TEMPLATES, fonts, inputs
from tests.documents.filled import (
    ACCEPTANCE,
    ALL,
    AT,
    BARE_CONTRACT,
    BY_HAND,
    BY_LINK,
    CONTRACT,
    ERASED,
    MAKERS,
    OPINION,
    RECORDS,
    REJECTED,
)


def main(folder: Path) -> None:
    """Write them; a number stands for the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in shown():
        for number, picture in enumerate(pictures(form), 1):
            (folder / f"{name}-{number}.png").write_bytes(picture)


def shown() -> Iterator[tuple[str, Document]]:
    yield from ((form.name, form) for form in (*ALL, *RECORDS))
    yield "blank", BLANK
    yield "by-link", BY_LINK
    yield "by-hand", BY_HAND
    yield "rejected", REJECTED
    yield "erased", ERASED
    yield "long", replace(OPINION, opinion="设备运行正常，噪音比上次小。\n" * 90, result="https://" + "x" * 300)
    yield "bare-contract", BARE_CONTRACT
    yield "makers-contract", MAKERS
    yield "long-contract", replace(CONTRACT, prices=CONTRACT.prices * 60, assets=CONTRACT.assets * 40, more=True)
    yield "long-names", replace(ACCEPTANCE, customer="阿卜杜拉·买买提·" * 6, site="新疆维吾尔自治区" * 12)


def pictures(form: Document) -> list[bytes]:
    template, said = TEMPLATES / f"{form.name}.typ", inputs(form, AT)
    found: Any = typst.compile(template, root=TEMPLATES, font_paths=fonts(), sys_inputs=said, format="png", ppi=90)
    return found if isinstance(found, list) else [found]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
