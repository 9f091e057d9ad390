"""A parsed file as a tree that knows where everything stands: what YAML and JSON have in common.

The format parses into `Node`; `canaries.plant.formats._places` proposes where the bait goes, as `Made` values that the
format writes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from canaries.plant.formats import Reading, Wish

HOST = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|dev|app|cloud|tech|online|site|store|shop|page"
    r"|local|lan|internal|intranet|corp|home|localdomain|localhost|test|example|invalid)(?::\d+)?"
)
"""A host's name; ``output.elasticsearch`` is none."""


@dataclass(slots=True)
class Node:
    """A mapping, a list or a scalar, and where it stands."""

    sort: Literal["map", "list", "scalar"]
    start: int
    end: int
    """After its last character."""
    text: str = ""
    """Of a scalar, without its quotes."""
    quote: str = ""
    """Of a scalar: ``"``, ``'``, ``|`` or ``>``; empty where it is plain."""
    flow: bool = False
    """Of a mapping or list: whether it stands in brackets."""
    entries: list[tuple[str, Node, Node]] = field(default_factory=list)
    """Of a mapping: (key, its node, value)."""
    items: list[Node] = field(default_factory=list)
    column: int = 0
    """Where its first character stands in its line."""

    def get(self, key: str) -> Node | None:
        """The value of ``key``."""
        return next((value for name, _, value in self.entries if name == key), None)


@dataclass(frozen=True, slots=True)
class Made:
    """What to write: a mapping of these, or a scalar."""

    text: str = ""
    quote: str | None = None
    """Quotes of the scalar it is written like; None: the file's usual ones."""
    entries: tuple[tuple[str, Made], ...] | None = None
    raw: bool = False
    """Whether the text goes in as it is: a number, a truth value, a null."""
    items: tuple[Made, ...] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something new goes: behind ``beside`` (or at the end) of ``into``."""

    into: Node
    beside: int
    """Index of the entry or item after which it goes."""
    entries: tuple[tuple[str, Made], ...] = ()
    items: tuple[Made, ...] = ()
    said: str = ""


def reading(node: Node, path: tuple[str, ...] = ()) -> Reading:
    """Every scalar by its path, and every mapping and list, so that an empty one is seen too."""
    found: dict[tuple[str, ...], Any] = {}
    stack: list[tuple[tuple[str, ...], Node]] = [(path, node)]
    while stack:
        here, one = stack.pop()
        if one.sort == "scalar":
            found[here] = (one.text, one.quote in ('"', "'"))
        else:
            found[here] = one.sort
            inner = (
                [((*here, key), value) for key, _, value in one.entries]
                if one.sort == "map"
                else [((*here, str(n)), value) for n, value in enumerate(one.items)]
            )
            stack += reversed(inner)
    return found


def walk(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    yield path, node
    for key, _, value in node.entries:
        yield from walk(value, (*path, key))
    for number, item in enumerate(node.items):
        yield from walk(item, (*path, str(number)))


def made_of(value: Any) -> Made:
    """Plain Python data as something to write."""
    if isinstance(value, Mapping):
        return Made(entries=tuple((str(key), made_of(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return Made(items=tuple(made_of(inner) for inner in value))
    if isinstance(value, str):
        return Made(value)
    word = (
        {True: "true", False: "false", None: "null"}.get(value)
        if value is None or isinstance(value, bool)
        else None
    )
    return Made(word or str(value), raw=True)


def leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    for key, _, value in node.entries:
        if value.sort == "scalar":
            yield (*path, key), value
        elif value.sort == "map":
            yield from leaves(value, (*path, key))


def named(key: str, wish: Wish, keys: Collection[str], joint: str) -> str:
    host = wish.values.roles.get("host", "")
    if HOST.fullmatch(key) and host and host not in keys:
        return host
    camel = re.fullmatch(r"[a-z]+(?:[A-Z][a-z0-9]*)+", key) is not None
    pascal = re.fullmatch(r"(?:[A-Z][a-z0-9]*)+", key) is not None and not key.isupper()

    def name(word: str) -> str:
        if not word:
            return key if wish.commented else f"{key}2"
        return f"{key}{word.capitalize()}" if camel or pascal else f"{key}{joint}{word}"

    return key if wish.commented else wish.free(name, keys)
