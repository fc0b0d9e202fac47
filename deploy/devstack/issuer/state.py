"""Files of the issuer's state folder: made at the first call, for their owner's eyes, and then they stay."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; made at the first call, mode 0600, complete from the moment it is there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was first: its content counts
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def kept_text(path: Path, make: Callable[[], str]) -> str:
    """The same of a line of text."""
    return kept(path, lambda: make().encode()).decode().strip()


def new_secret() -> str:
    """256 random bits that may stand in an address."""
    return secrets.token_urlsafe(32)
