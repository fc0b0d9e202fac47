"""What the forms of product models ask for, and how models are shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from libs.chassis.http import CommandBody
from libs.chassis.input.fields import Code, Label, Name
from libs.chassis.input.form import Form
from services.intake.contracts.api.forms import TermForm

ModelName = Annotated[Label, Field(description="型号 / The model's name, as assets have it", examples=["KFR-35GW"])]


class ComponentForm(Form):
    """部件 / A component that each asset of the model has to begin with."""

    id: Annotated[Label, Field(description="部件 / Its name on the asset", examples=["compressor-1"])]
    component_class: Annotated[Code, Field(description="部件类别 / Class, as in contracts", examples=["main_unit"])]
    parent: Annotated[
        Label | None, Field(description="上级部件 / The component above, that it is part of", examples=["outdoor-unit"])
    ] = None


class ModelForm(CommandBody):
    """产品型号 / All that is said of a model, from now on."""

    maker: Annotated[Name | None, Field(description="厂家 / Maker", examples=["格力"])] = None
    terms: Annotated[list[TermForm], Field(max_length=100)] = Field(
        default_factory=list, description="默认保修条款 / Terms that hold where no contract says anything"
    )
    components: Annotated[list[ComponentForm], Field(max_length=100)] = Field(
        default_factory=list, description="部件 / Components, each after the one that it is part of"
    )


class NewModel(ModelForm):
    """产品型号 / A model that is put on file."""

    name: ModelName


class ModelItem(BaseModel):
    """产品型号 / One line of the list."""

    id: UUID
    name: ModelName
    maker: str | None = Field(description="厂家 / Maker", examples=["格力"])
    version: int = Field(ge=1, description="版本 / Version of the model's stream that this reflects")


class ModelDetails(ModelItem):
    """产品型号 / One model with its default terms and components."""

    terms: list[TermForm] = Field(description="默认保修条款 / Terms that hold where no contract says anything")
    components: list[ComponentForm] = Field(description="部件 / Components that an asset of it has to begin with")
