"""Binding: a frozen dataclass from untyped values, as they come from TOML or the environment.

Unknown names and bad values are refused by name; a value that may be a secret stays out of the sentence.
"""

from __future__ import annotations

import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from canaries.core.errors import SettingsError

T = TypeVar("T")


def known(name: str, names: Mapping[str, object], noun: str, where: str = "") -> None:
    """Raises SettingsError where ``name`` is none of ``names``."""
    if name in names:
        return
    near = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(names))}"
    raise SettingsError(f"there is no {noun} called {name!r}{where}", hint=hint)


def bind(shape: type[T], values: Mapping[str, Any], where: str, *, noun: str = "setting") -> T:
    """An instance of the dataclass ``shape`` from untyped values. Raises SettingsError naming ``where.name``."""
    fields = {item.name: item for item in dataclasses.fields(shape)}  # type: ignore[arg-type]
    hints = typing.get_type_hints(shape)
    bound: dict[str, Any] = {}
    for name, value in values.items():
        known(name, fields, noun, where=f" in {where}")
        try:
            bound[name] = _coerce(value, hints[name])
        except (TypeError, ValueError) as error:
            raise SettingsError(f"{where}.{name}: {error}") from error
    missing = [
        name
        for name, item in fields.items()
        if name not in bound
        and item.default is dataclasses.MISSING
        and item.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise SettingsError(f"{where} needs {noun} {missing[0]!r}")
    try:
        return shape(**bound)
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from error


def _coerce(value: Any, wanted: Any) -> Any:
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        inner = [item for item in typing.get_args(wanted) if item is not type(None)]
        return None if value in (None, "") else _coerce(value, inner[0])
    if origin is typing.Literal:
        choices = typing.get_args(wanted)
        if value not in choices:
            known = ", ".join(str(choice) for choice in choices if choice != "")
            raise ValueError(f"{value!r} is none of {known}" + (", or leave it out" if "" in choices else ""))
        return value
    if origin is tuple:
        items = (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )
        if not isinstance(items, list | tuple):
            raise TypeError(f"expected a list, not {value!r}")
        return tuple(_coerce(item, typing.get_args(wanted)[0]) for item in items)
    return _scalar(value, wanted)


_TRUTH = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def _scalar(value: Any, wanted: Any) -> Any:
    if wanted is bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in _TRUTH:
            return _TRUTH[value.lower()]
        raise ValueError(f"expected true or false, not {value!r}")
    if wanted in (int, float):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise TypeError(f"expected a number, not {value!r}")
        try:
            return wanted(value)
        except (ValueError, OverflowError):
            raise ValueError(f"expected a number, not {value!r}") from None
    if wanted is str:
        if not isinstance(value, str):
            # the value itself stays out of the sentence: it may be a password somebody forgot to quote
            raise TypeError(f"expected a text in quotes, not a {type(value).__name__}")
        return value
    raise TypeError(f"no way to read a {wanted}")
