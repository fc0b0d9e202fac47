"""Engineers from a file: each row puts one on the list, the name beside the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from libs.events.background.job_kind import Step
from libs.events.texts import Text
from libs.imports.importer import Importer
from libs.imports.subject import Filled, Plan, Planned, Subject
from services.dispatch.engineers.api import NewEngineer
from services.dispatch.engineers.domain.engineer import RegisterEngineer, engineer
from services.dispatch.imports.domain import ENGINEERS, imports
from services.dispatch.imports.view import import_view


class Engineers(Subject):
    """Names, regions and skills."""

    columns = ENGINEERS
    form = NewEngineer

    def document(self, said: Mapping[str, Any]) -> dict[str, Any]:
        return {"skills": [], **said}

    async def plans(self, step: Step[Any, Any], rows: Sequence[Filled]) -> list[Planned]:
        return [_registered(row) for row in rows]


def _registered(row: Filled) -> Plan:
    form: NewEngineer = row.form
    name = Text.of(row.id, form.name)
    command = RegisterEngineer(row.id, name.id, tuple(dict.fromkeys(form.skills)), form.region)
    return Plan(work=engineer.create(row.id, command), texts=[name])


importing = Importer(imports, import_view, {"engineers": Engineers()})
