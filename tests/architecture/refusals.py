"""Which codes an operation can be refused with, read from the source of its endpoint and of the deciders behind it.

The source is walked from the endpoint with the commands that it makes: of a `match command` or an
`isinstance(command, …)` only what these commands reach counts. Conditions on the state are not looked at.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from types import FunctionType, MethodType, UnionType
from typing import Any, get_args

from libs.events import Decider

RAISING = {"Refused": 0, "Forbidden": 0, "Problem": 1, "invalid": 2, "busy": 0}
"""Where what says no has its code."""
Function = FunctionType | MethodType
OURS = (
    "services.",
    "libs.chassis.http.routers.kept_list",
    "libs.events.background.job",
    "libs.events.chronology",
    "libs.events.kept_list",
    "libs.events.log.evidence",
    "libs.events.inbox.stop",
)


@cache
def _body(function: Function) -> tuple[ast.stmt, ...]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (defined,) = tree.body
    assert isinstance(defined, ast.FunctionDef | ast.AsyncFunctionDef)
    return tuple(defined.body)


def _scope(function: Function) -> dict[str, Any]:
    """What its names stand for. A method's `self` is the object that it was taken from."""
    own = {"self": function.__self__} if isinstance(function, MethodType) else {}
    plain: Any = function.__func__ if isinstance(function, MethodType) else function
    return {**plain.__globals__, **inspect.getclosurevars(function).nonlocals, **_given(plain), **own}


def _given(function: FunctionType) -> dict[str, Any]:
    """The parameters that a route is given as objects of a service's own class, as that class."""
    kinds = {name: getattr(kind, "__origin__", None) for name, kind in function.__annotations__.items()}
    return {name: kind for name, kind in kinds.items() if isinstance(kind, type) and kind.__module__.startswith(OURS)}


def _value(node: ast.expr, scope: dict[str, Any]) -> Any:
    """What a name or a dotted name stands for; None: it is only known when it runs."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, scope), node.attr, None)
    return None


def _classes(found: Any) -> tuple[type, ...]:
    return get_args(found) if isinstance(found, UnionType) else (found,) if isinstance(found, type) else ()


def _code(node: ast.expr, scope: dict[str, Any]) -> str | None:
    """A code as it is written; what is filled in is `*`."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    found = _value(node, scope)
    return found if isinstance(found, str) else None


def _function(found: Any) -> Function | None:
    if isinstance(found, partial):
        found = found.func
    found = inspect.unwrap(found) if callable(found) and not isinstance(found, type) else found
    return found if isinstance(found, FunctionType | MethodType) and found.__module__.startswith(OURS) else None


@dataclass
class Walk:
    """One walk: the codes found so far, and where it was before."""

    commands: frozenset[type] = frozenset()
    codes: set[str] = field(default_factory=set)
    seen: set[Function] = field(default_factory=set)
    made: set[type] = field(default_factory=set)
    deciders: set[str] = field(default_factory=set)
    by_name: dict[str, Decider[Any, Any, Any]] = field(default_factory=dict)

    def function(self, function: Function) -> None:
        if function in self.seen:
            return
        self.seen.add(function)
        self._statements(_body(function), _scope(function))

    def _statements(self, body: Any, scope: dict[str, Any]) -> bool:
        """Walk them; whether none of what follows is reached."""
        for statement in body:
            if isinstance(statement, ast.Match) and _is_command(statement.subject) and self.commands:
                self._expressions(statement.subject, scope)
                if self._match(statement, scope):
                    return True
            elif isinstance(statement, ast.If) and (classes := _asked(statement.test, scope)) and self.commands:
                mine = [c for c in self.commands if issubclass(c, classes)]
                if mine and self._statements(statement.body, scope) and len(mine) == len(self.commands):
                    return True
                if len(mine) < len(self.commands):
                    self._statements(statement.orelse, scope)
            else:
                self._expressions(statement, scope)
                if isinstance(statement, ast.Return | ast.Raise):
                    return True
        return False

    def _match(self, statement: ast.Match, scope: dict[str, Any]) -> bool:
        left = set(self.commands)
        for case in statement.cases:
            classes = tuple(_patterns(case.pattern, scope))
            mine = {c for c in left if not classes or issubclass(c, classes)}
            if mine:
                if case.guard is not None:
                    self._expressions(case.guard, scope)
                self._statements(case.body, scope)
                if case.guard is None:
                    left -= mine
        return not left and all(isinstance(case.body[-1], ast.Return | ast.Raise) for case in statement.cases)

    def _expressions(self, node: ast.AST, scope: dict[str, Any]) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                self._call(part, scope)
            elif isinstance(part, ast.Name | ast.Attribute) and isinstance(part.ctx, ast.Load):
                found = _value(part, scope)
                if isinstance(found, Decider):
                    self.by_name[found.name] = found
                elif isinstance(found, type):
                    self.made.add(found)
                elif (function := _function(found)) is not None:
                    self.function(function)
                elif isinstance(found, dict):
                    self.made |= {value for value in found.values() if isinstance(value, type)}

    def _call(self, call: ast.Call, scope: dict[str, Any]) -> None:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        at = RAISING.get(name)
        if at is None and (function := _function(_value(call.func, scope))) is not None:
            names = list(inspect.signature(function).parameters)
            at = names.index("code") if "code" in names else None
        if at is not None and len(call.args) > at and (code := _code(call.args[at], scope)):
            self.codes.add(code)


def _is_command(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "command"


def _asked(test: ast.expr, scope: dict[str, Any]) -> tuple[type, ...]:
    """The classes that `isinstance(command, …)` asks for."""
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id="command"), asked]):
            return _classes(_value(asked, scope))
        case _:
            return ()


def _patterns(pattern: ast.pattern, scope: dict[str, Any]) -> Iterator[type]:
    if isinstance(pattern, ast.MatchClass):
        yield from _classes(_value(pattern.cls, scope))
    elif isinstance(pattern, ast.MatchOr):
        for one in pattern.patterns:
            yield from _patterns(one, scope)
    elif isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        yield from _patterns(pattern.pattern, scope)


def codes_of(endpoint: Callable[..., Any]) -> set[str]:
    """The codes that the endpoint, and the deciders behind it, can refuse with."""
    function = inspect.unwrap(endpoint)
    assert isinstance(function, FunctionType)
    walk = Walk()
    walk.function(function)
    codes = set(walk.codes)
    for decider in walk.by_name.values():
        decide = _function(decider.decide)
        if decide is None:
            continue
        for command in walk.made:
            behind = Walk(commands=frozenset([command]))
            behind.function(decide)
            codes |= behind.codes
    return codes
