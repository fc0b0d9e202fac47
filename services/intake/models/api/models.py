"""HTTP of product models: managers keep them; whoever has to do with tickets reads them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query

from libs.chassis.http import (
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
    invalid,
)
from libs.chassis.input.fields import Label
from libs.chassis.links import links
from libs.chassis.lists.filters import several
from libs.events import Refused
from libs.events.contracts.intake.contracts import Term
from services.intake.contracts.api.contracts import READERS
from services.intake.models.api.forms import ModelDetails, ModelForm, ModelItem, NewModel
from services.intake.models.domain import DefineModel, ModelComponent, model, model_id
from services.intake.models.view import listed, models

router = Router(prefix="/v1/models", tags=["models"])
KEEPERS = allow("manager")


@router.post(
    "",
    status_code=201,
    operation_id="define_model",
    dependencies=[KEEPERS],
    responses=links(201, "get_model", "amend_model", model_id="id"),
)
async def define_model(body: NewModel, commands: Commands) -> Response:
    """型号建档 / Put a product model on file. A name stands once, whatever its case."""
    return await by_field(commands, meant(model_id(body.name), body.name, body), body, creates=True)


@router.post("/{model_id}", operation_id="amend_model", dependencies=[KEEPERS])
async def amend_model(model_id: UUID, body: ModelForm, commands: Commands, reads: Reads) -> Response:
    """变更型号 / All about a model, as it is from now on: warranties are worked out with it whenever they are asked."""
    state, _ = await reads.state(model, str(model_id), what="model")
    assert state
    return await by_field(commands, meant(state.model_id, state.name, body, known=True), body)


def meant(id: str, name: str, form: ModelForm, known: bool = False) -> DefineModel:
    """The command that a form means."""
    return DefineModel(
        model_id=id,
        name=name,
        maker=form.maker,
        terms=tuple(term.meant(Term) for term in form.terms),
        components=tuple(component.meant(ModelComponent) for component in form.components),
        known=known,
    )


async def by_field(commands: Commands, command: DefineModel, body: CommandBody, creates: bool = False) -> Response:
    """The command's answer. Raises a 422 problem where the model contradicts itself, about the field that does."""
    try:
        return await commands.run(model.on(command.model_id, command), body, creates=creates)
    except Refused as refusal:
        if refusal.code != "model-contradicts":
            raise
        raise invalid(f"body.{refusal.members['field']}", refusal.sentence, refusal.code) from None


@router.get(
    "",
    operation_id="list_models",
    dependencies=[READERS],
    response_model=Page[ModelItem],
    responses=links(200, "get_model", model_id="items/0/id"),
)
async def list_models(
    reads: Reads,
    id: Annotated[list[UUID], several("型号 / Model id")],
    begins: Annotated[Label | None, Query(description="名称开头 / How the name begins", examples=["KFR"])] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """型号列表 / Product models, those put on file last first."""
    page = await reads.page(listed(id, begins), models, limit, cursor)
    return page | {"items": [shown(row) for row in page["items"]]}


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is answered."""
    return {name: row[name] for name in ModelItem.model_fields}


@router.get(
    "/{model_id}", operation_id="get_model", dependencies=[READERS], response_model=ModelDetails, responses=TAGGED
)
async def get_model(model_id: UUID, reads: Reads, as_of: AsOf = None, min_version: MinVersion = None) -> Response:
    """产品型号 / One model; with as_of as it was known then, by the time of recording."""
    id = str(model_id)
    await reads.wait(model.stream(id), min_version)
    state, version = await reads.state(model, id, as_of, "model")
    assert state
    about = {name: getattr(state, name) for name in ("name", "maker", "terms", "components")}
    return reads.answer({"id": id, **about, "version": version}, version=version)
