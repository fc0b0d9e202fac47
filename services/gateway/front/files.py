"""The files of a folder, as they were built: compressed where the caller takes that, and nothing outside of it."""

from collections.abc import Iterator
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""Those that the build writes beside a file, the smallest first."""


class Files:
    """Of a folder that may be missing, or come later."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._static = StaticFiles(directory=folder, check_dir=False)

    def text(self, name: str) -> str | None:
        """What a file says; None if there is none."""
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def answer(self, path: str, scope: Scope, accept_encoding: str) -> Response | None:
        """The file at a path below the folder, or 304; None if there is none."""
        for encoding, suffix in _wished(accept_encoding):
            full, stat = self._static.lookup_path(path + suffix)
            if stat is not None and Path(full).is_file():
                answer = self._static.file_response(full, stat, scope)
                if encoding:
                    answer.headers["content-encoding"] = encoding
                answer.headers["vary"] = "accept-encoding"
                return answer
        return None


def _wished(accept_encoding: str) -> Iterator[tuple[str, str]]:
    """What to look for, in turn; the file as it is comes last."""
    taken = {token.partition(";")[0].strip() for token in accept_encoding.lower().split(",") if not _is_refused(token)}
    yield from (each for each in ENCODINGS if each[0] in taken)
    yield "", ""


def _is_refused(token: str) -> bool:
    """Whether its weight is nought."""
    _, _, weight = token.replace(" ", "").partition(";q=")
    return weight.rstrip("0") in ("0", "0.", ".") or weight == "0"
