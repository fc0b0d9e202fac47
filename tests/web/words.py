"""The words of the pages, as a visitor's language has them."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "web/src/words"


def spoken(language: str, *areas: str) -> Callable[[str], str]:
    """Answers the word of a key such as `field.today`, of the files of these areas."""
    known = {key: word for area in areas for key, word in _read(language, area).items()}

    def word(key: str) -> str:
        found: Any = known
        for part in key.split("."):
            found = found[part]
        return str(found)

    return word


@cache
def _read(language: str, area: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / language / f"{area}.json").read_text("utf-8"))
    return found
