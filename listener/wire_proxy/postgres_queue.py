"""What a PostgreSQL client has sent and the server has not answered, with the statements and portals that it names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from listener.wire_proxy.session import SeenStatement

MOST = 512
"""Prepared statements, portals, and messages without their answer, of a connection."""
T = TypeVar("T")
Columns = Sequence[tuple[str, str, int, int]]
"""(name, place, type, form), as `listener.wire_proxy.postgres_values.described` has them."""


@dataclass(slots=True)
class PreparedText:
    """A prepared statement."""

    text: str
    columns: Columns | None = None


@dataclass(slots=True)
class Portal:
    """A statement with its parameters."""

    prepared: PreparedText
    parameters: list[str | None]
    forms: list[int]
    columns: Columns | None = None
    seen: SeenStatement | None = None


@dataclass(slots=True)
class AwaitedMessage:
    """A message whose answer is not there yet."""

    kind: int
    portal: Portal | None = None
    prepared: PreparedText | None = None
    seen: SeenStatement | None = None
    parameters: list[str | None] = field(default_factory=list)


def text_of(body: bytes) -> str:
    """A string that ends with NUL, or with the message."""
    return body.partition(b"\0")[0].decode("utf-8", "replace")


def keep(kept: OrderedDict[str, T], name: str, value: T) -> None:
    """The newest last; the oldest is forgotten."""
    kept.pop(name, None)
    kept[name] = value
    if len(kept) > MOST:
        kept.popitem(last=False)
