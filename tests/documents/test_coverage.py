"""The list of characters is the font's own."""

from libs.documents.printable import COVERAGE
from tools.coverage import characters, encoded, ranges


def test_the_list_is_that_of_the_installed_font() -> None:
    assert COVERAGE.read_bytes() == encoded(ranges(characters())), "run make golden"
