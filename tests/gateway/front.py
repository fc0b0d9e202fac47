"""A front as a build leaves it: a page with places for nonces, and hashed files with their compressed forms beside."""

import gzip
from pathlib import Path

FIELD = '<!doctype html><html><head><script src="/assets/main-1a2b.js"></script></head></html>'
PAGE = '<!doctype html><html><head><script nonce="__NONCE__" src="/assets/main-1a2b.js"></script></head></html>'
SCRIPT = "export const words = 'aftercare';\n" * 50
BROTLI = b"what brotli made of the script"


def build(folder: Path) -> None:
    """Write it."""
    assets = folder / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "field").mkdir(exist_ok=True)
    (folder / "field/index.html").write_text(FIELD)
    (folder / "field/sw.js").write_text("self.addEventListener('fetch', () => undefined)")
    (folder / "favicon.svg").write_text("<svg/>")
    (assets / "main-1a2b.js").write_text(SCRIPT)
    (assets / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (assets / "main-1a2b.js.br").write_bytes(BROTLI)
    (assets / "plain-3c4d.css").write_text("body {}")
    (folder.parent / "secret.txt").write_text("nobody's")
