"""A plug-in is one file in its folder, found because it is there.

`classes` imports every module of a folder package and takes each concrete subclass of the folder's contract that the
module itself defines. Installed third-party plug-ins come in by an entry point group of the folder's name
(``canaries.kinds``, ``listener.traps`` ...). There is no list to edit.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, TypeVar

from canaries.core.errors import NotFoundError

T = TypeVar("T")


def module_names(folder: str) -> list[str]:
    """Names of the modules in the folder package ``folder``, sorted, without importing them."""
    package = importlib.import_module(folder)
    return sorted(
        info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_")
    )


def modules(folder: str) -> list[ModuleType]:
    """Every plug-in module of ``folder``: its own files, then the installed entry points."""
    own = [importlib.import_module(f"{folder}.{name}") for name in module_names(folder)]
    return own + [point.load() for point in sorted(entry_points(group=folder), key=lambda point: point.name)]


def classes(folder: str, contract: type[T]) -> dict[str, type[T]]:
    """The plug-in classes of ``folder`` that fulfil ``contract``, by their ``name``."""
    if (folder, contract) not in _found:
        _found[folder, contract] = _search(folder, contract)
    return _found[folder, contract]


_found: dict[tuple[str, type[Any]], dict[str, type[Any]]] = {}


def _search(folder: str, contract: type[T]) -> dict[str, type[T]]:
    found: dict[str, type[T]] = {}
    for module in modules(folder):
        for name, value in _defined(module, contract):
            if name in found:
                raise TypeError(f"two plug-ins of {folder} are called {name!r}")
            found[name] = value
    return found


def _defined(module: ModuleType, contract: type[T]) -> Iterator[tuple[str, type[T]]]:
    for value in vars(module).values():
        if (
            inspect.isclass(value)
            and issubclass(value, contract)
            and value.__module__ == module.__name__
            and not inspect.isabstract(value)
            and not value.__name__.startswith("_")
        ):
            yield value.name, value  # type: ignore[attr-defined]


def pick(folder: str, contract: type[T], name: str, noun: str) -> type[T]:
    """The plug-in class called ``name``. Raises NotFoundError with the nearest names, or all where none is near."""
    file = name.replace("-", "_")
    # most are in the file of their name
    if (folder, contract) not in _found and file in module_names(folder):
        defined = dict(_defined(importlib.import_module(f"{folder}.{file}"), contract))
        if name in defined:
            return defined[name]
    found = classes(folder, contract)
    if name not in found:
        near = [other for other in sorted(found) if len(name) > 1 and name in other]
        near = near or difflib.get_close_matches(name, sorted(found))
        hint = f"did you mean: {', '.join(near)}" if near else f"choose from: {', '.join(sorted(found))}"
        raise NotFoundError(f"there is no {noun} called {name!r}", hint=hint)
    return found[name]
