"""Commands on one aggregate: a function from what a form asks to the command; its form and its route are made of it.

    steps = Steps(router, CREW, Crew, run)                    # `run` carries a command out, with its body and texts

    @steps.post("/completion", "Completion")                  # the address below the router's, the form's name
    def complete(result: Annotated[Said, Field(description="维修结果 / What was done")]) -> visit.Complete:
        '''完工 / The repair is done.'''                        # the docstring is the operation's, and its form's
        return visit.Complete(result.id)

The function's name is the operation's id, its parameters are the form's fields. Where no field is asked for, the body
may be left out. A parameter of the path's name gets the aggregate's id.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from inspect import Parameter, Signature, signature
from typing import Any, Generic, TypeVar, get_type_hints

from fastapi import params
from pydantic import create_model

from libs.chassis.http import UUID, CommandAnswer, CommandBody, Response, Router
from libs.events.texts import Text

C = TypeVar("C")

Run = Callable[[Any, UUID, C, CommandBody, Sequence[Text]], Awaitable[Response]]
"""Carries out a command on the aggregate of this id: the runner, the id, the command, its body and its texts."""


class Steps(Generic[C]):
    """Routes of the commands on one aggregate, below a router whose path names its id.

    `runner` is the annotation of what runs a request's command, such as `Commands`; `run` says how. `refused` are the
    codes of all of them, and then, by operation, whatever each can be refused with. `forms` are the forms by name.
    """

    def __init__(
        self,
        router: Router,
        roles: params.Depends,
        runner: Any,
        run: Run[C],
        answer: type[CommandAnswer] = CommandAnswer,
        refused: Sequence[str] = (),
    ) -> None:
        (self._id,) = re.findall(r"\{(\w+)\}", router.prefix)
        self._router, self._roles, self._runner, self._run, self._answer = router, roles, runner, run, answer
        self._all, self.refused = refused, dict[str, Sequence[str]]()
        self.forms: dict[str, Any] = {}

    def post(
        self, path: str, form: str, about: str = "", refused: Sequence[str] = ()
    ) -> Callable[[Callable[..., C]], Callable[..., C]]:
        """A route of the command that the function makes, which can be `refused` with these codes beside those of all.

        `about` is said of the form, if not what is said of the route.
        """

        def put(command: Callable[..., C]) -> Callable[..., C]:
            self.forms[form] = form_of(command, form, about, self._id)
            endpoint = self._endpoint(command, self.forms[form])
            route = self._router.post(
                path, operation_id=command.__name__, dependencies=[self._roles], response_model=self._answer
            )
            route(endpoint)
            self.refused[command.__name__] = (*self._all, *refused)
            return command

        return put

    def _endpoint(self, command: Callable[..., C], form: type[CommandBody]) -> Callable[..., Awaitable[Response]]:
        fields = [name for name in form.model_fields if name not in CommandBody.model_fields]
        named = [self._id] if self._id in signature(command).parameters else []

        async def endpoint(**given: Any) -> Response:
            id, body = given[self._id], given["body"] or form(occurred_at=None)
            values = {name: getattr(body, name) for name in fields}
            texts = [value for value in values.values() if isinstance(value, Text)]
            made = command(**values, **dict.fromkeys(named, id))
            return await self._run(given["runner"], id, made, body, texts)

        endpoint.__name__, endpoint.__doc__, endpoint.__module__ = command.__name__, command.__doc__, command.__module__
        endpoint.__signature__ = self._signature(form)  # type: ignore[attr-defined]  # where FastAPI looks
        return endpoint

    def _signature(self, form: type[CommandBody]) -> Signature:
        some = any(field.is_required() for field in form.model_fields.values())
        body = {"annotation": form} if some else {"annotation": form | None, "default": None}
        return Signature(
            [
                Parameter(self._id, Parameter.KEYWORD_ONLY, annotation=UUID),
                Parameter("body", Parameter.KEYWORD_ONLY, **body),
                Parameter("runner", Parameter.KEYWORD_ONLY, annotation=self._runner),
            ]
        )


def form_of(command: Callable[..., Any], name: str, about: str, id: str) -> type[CommandBody]:
    """The form of a command: a field for each parameter of the function, but for the aggregate's id."""
    hints = get_type_hints(command, include_extras=True)
    asked = {field.name: field.default for field in signature(command).parameters.values() if field.name != id}
    fields: dict[str, Any] = {
        field: (hints[field], ... if default is Parameter.empty else default) for field, default in asked.items()
    }
    return create_model(
        name, __base__=CommandBody, __doc__=about or command.__doc__, __module__=command.__module__, **fields
    )
