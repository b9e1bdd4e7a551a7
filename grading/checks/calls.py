"""What a function or class of the student's module calls or inherits from in the same module."""

import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any


def reached(module: ModuleType, symbol: str) -> set[str]:
    """The qualified names in `module` that `symbol` ("fit", "Model.forward") uses, at any depth."""
    names = vars(module)
    for name in symbol.split(".")[:-1]:
        names = vars(names.get(name, object))
    found: dict[str, Any] = {}
    waiting = [names.get(symbol.split(".")[-1])]
    while waiting:
        for value in _uses(module, waiting.pop()):
            if value.__qualname__ not in found:
                found[value.__qualname__] = value
                waiting.append(value)
    return set(found)


def _uses(module: ModuleType, value: Any) -> Iterator[Any]:
    """The module's own functions and classes that one of them names, or inherits."""
    if isinstance(value, type):
        own = {name: one for name, one in vars(value).items() if isinstance(one, FunctionType)}
        for base in value.__mro__[1:]:
            if base.__module__ == module.__name__:
                yield base
                for name, method in vars(base).items():
                    extended = name not in own or "super" in _names(own[name].__code__)
                    if isinstance(method, FunctionType) and extended:
                        yield method
        yield from own.values()
    elif isinstance(value := inspect.unwrap(value) if callable(value) else value, FunctionType):
        for name in _names(value.__code__):
            one = vars(module).get(name)
            if callable(one) and getattr(one, "__module__", None) == module.__name__:
                yield one


def _names(code: CodeType) -> set[str]:
    inner = (_names(const) for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*inner)
