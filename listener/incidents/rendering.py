"""Values out of entries in words, for people who do not read JSON.

Nothing is left out; the exact form stands in the entry. What a visitor sent stays hostile: the caller makes it visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def phrase(value: Any) -> str:
    """Any JSON value on one line: ``yes``, ``a; b``, ``name value, name value``, ``none`` for what is empty,
    ``not known`` for what is null."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "not known"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_nested(item)}" for name, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return listed(map(_nested, value), "; ") or "none"
    return str(value) or "none"


def listed(items: Iterable[str], between: str) -> str:
    """The items on one line; behind a whole sentence stands no other mark."""
    found = list(items)
    return "".join(one + (" " if one.endswith((".", "!", "?")) else between) for one in found[:-1]) + "".join(
        found[-1:]
    )


def lines(value: Any) -> tuple[str, ...]:
    """The same with a line for each item of a list or an object; a (name, value) pair is ``name: value``."""
    if isinstance(value, dict) and value:
        return tuple(f"{name}: {phrase(item)}" for name, item in value.items())
    if isinstance(value, list | tuple) and value:
        return tuple(_pair(item) for item in value)
    return (phrase(value),)


def named(name: str, value: Any) -> tuple[str, str]:
    """A fact's name and value: ``first_use_delay_us``, 5423057 is ``first use delay``, ``5.423057 s``."""
    if name.endswith("_us") and isinstance(value, int):
        return name.removesuffix("_us").replace("_", " "), f"{value / 1_000_000:.6f} s"
    return name.replace("_", " "), phrase(value)


def _nested(value: Any) -> str:
    return f"({phrase(value)})" if isinstance(value, dict) and value else phrase(value)


def _pair(value: Any) -> str:
    if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[0], str):
        return f"{value[0]}: {phrase(value[1])}"
    return phrase(value)
