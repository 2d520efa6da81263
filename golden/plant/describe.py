"""A case in words: how its fault gets into the script, from the plants themselves."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .case import Case, Request

LIMIT = 80
"""Longest code of a lambda that is shown."""


def how(case: Case) -> str:
    """One line: the call that makes each plant and what it does; nothing for what is only asked for."""
    return " ".join(f"`{expression(plant)}`: {_meaning(plant)}" for plant in case.plants)


def request(request: Request) -> str:
    """What is asked for, as far as it is not the plainest request."""
    parts = [] if request.prompt == "clone" else [f"prompt `{request.prompt}`"]
    parts += {"own": [], "engine": ["upstream's engine"]}.get(request.script, ["the way of `examples/generation.py`"])
    parts += [f"`{name}={value!r}`" for name, value in request.settings.items()]
    return ", ".join(parts)


def expression(value: Any) -> str:
    """A plant, or what it was made of, as the call that makes it."""
    if not isinstance(value, FunctionType):
        return _listed(value)
    maker = _maker(value)
    if maker is not None:
        return f"{maker.__name__}({', '.join(_arguments(maker, value))})"
    return _lambda(value.__code__) if value.__name__ == "<lambda>" else value.__name__


def _listed(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        said = ", ".join(map(expression, value))
        return f"[{said}]" if isinstance(value, list) else f"({said}{',' if len(value) == 1 else ''})"
    return repr(value)


def _meaning(value: FunctionType) -> str:
    """The docstrings of a plant and of what it was made of, outermost first."""
    maker = _maker(value)
    found = [_first_line(maker or value)]
    if maker is not None:
        found += [_meaning(part) for part in _captured(value).values() if isinstance(part, FunctionType)]
    return " ".join(dict.fromkeys(line for line in found if line))


def _first_line(function: FunctionType) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]


def _maker(function: FunctionType) -> FunctionType | None:
    """The function of the module that returned this one as a closure."""
    name, inside, _ = function.__qualname__.partition(".<locals>.")
    return getattr(sys.modules[function.__module__], name, None) if inside else None


def _arguments(maker: FunctionType, made: FunctionType) -> Iterator[str]:
    """What the maker was given, as far as it is not a default; three dots for what it did not keep."""
    captured = _captured(made)
    for name, parameter in inspect.signature(maker).parameters.items():
        value = captured.get(name, parameter.default)
        if parameter.kind is parameter.VAR_KEYWORD:
            yield from (f"{key}={expression(item)}" for key, item in captured.get(name, {}).items())
        elif parameter.kind is parameter.VAR_POSITIONAL:
            yield from map(expression, captured.get(name, ()))
        elif parameter.default is parameter.empty:
            yield expression(value) if name in captured else "..."
        elif value is not parameter.default:
            yield f"{name}={expression(value)}"


def _captured(function: FunctionType) -> dict[str, Any]:
    """Values that a closure holds on to, also by way of the functions and classes that its maker made beside it."""
    maker, found, left, seen = _maker(function), {}, [function], {function}
    while left:
        part = left.pop(0)
        for name, cell in zip(part.__code__.co_freevars, part.__closure__ or (), strict=True):
            value = found.setdefault(name, cell.cell_contents)
            beside = vars(value).values() if isinstance(value, type) else [value]
            new = [item for item in beside if isinstance(item, FunctionType) and item not in seen]
            left += [item for item in new if maker is not None and _maker(item) is maker]
            seen.update(new)
    return found


@cache
def _parsed(file: str) -> ast.Module:
    return ast.parse(Path(file).read_text())


def _lambda(code: CodeType) -> str:
    """A lambda's text, found by its line and its arguments."""
    wanted = list(code.co_varnames[: code.co_argcount])
    for node in ast.walk(_parsed(code.co_filename)):
        if not isinstance(node, ast.Lambda) or node.lineno != code.co_firstlineno:
            continue
        if [argument.arg for argument in node.args.args] == wanted:
            said = ast.unparse(node)
            return said if len(said) <= LIMIT else "lambda ..."
    return "lambda ..."
