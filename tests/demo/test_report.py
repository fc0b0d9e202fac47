"""What the demo tells whoever started it."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from demo.report import show_people
from deploy.devstack.issuer.people import PEOPLE, shared


def test_the_address_and_everybody_who_can_sign_in_are_said(tmp_path: Path) -> None:
    said = StringIO()
    show_people(Console(file=said, width=120), "http://127.0.0.1:8106", tmp_path)
    address, *people, password, phone = said.getvalue().splitlines()
    assert "http://127.0.0.1:8106" in address
    assert [line.split()[0] for line in people] == [person.username for person in PEOPLE]
    assert password.endswith(shared(tmp_path))
    assert phone == "on an engineer's phone: http://127.0.0.1:8106/field/ · as engineer-1, engineer-2, engineer-3"
