"""The contract of a persona: one file in this folder imitates one HTTP API, so that a real client goes on.

A persona answers every well-formed credential alike; whether it is bait is not known here. It is pure: the same request
and the same installation give the same answer, with nothing in it that another installation would also say, except what
the imitated service says to everybody.
"""

from __future__ import annotations

import hashlib
import hmac
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from canaries.tokens import Stream

FOLDER = __name__


class Request:
    """An HTTP request as a persona sees it; header names are compared without case."""

    def __init__(self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], body: bytes, *, tls: bool) -> None:
        self.method, self.target, self.headers, self.body, self.tls = method, target, headers, body, tls

    @cached_property
    def path(self) -> str:
        """Of the target, percent-decoding left to the persona, without the query."""
        return self.target.split(b"?", 1)[0].decode("latin-1")

    @cached_property
    def query(self) -> str:
        """Behind the question mark, undecoded."""
        return self.target.partition(b"?")[2].decode("latin-1")

    def header(self, name: bytes) -> str:
        """The first header of this lower-case name, latin-1, or empty."""
        for key, value in self.headers:
            if key.lower() == name:
                return value.decode("latin-1")
        return ""

    @cached_property
    def authorization(self) -> str:
        return self.header(b"authorization")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. The trap adds ``Date``, ``Content-Length`` and ``Connection`` in the installation's own order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    name: str = ""
    """For the sighting's ``answer``; the persona's name is put before it."""


class Identity:
    """What this installation says of itself: all of it follows from one key, nothing from the product."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def stream(self, purpose: str) -> Stream:
        """Installation-wide constants for ``purpose``: server names, ids, page texts."""
        return Stream(hmac.new(self._key, f"persona:{purpose}".encode(), hashlib.sha256).digest())

    def signature(self, purpose: str, value: str) -> str:
        """16 hexadecimal characters that only this installation can put to ``value`` (redirect targets)."""
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()[:16]


class Persona(ABC):
    """One imitated API."""

    name: ClassVar[str]
    order: ClassVar[int] = 50
    """Asked in ascending order; the dull page has 1000 and claims everything."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    @abstractmethod
    def claims(self, request: Request) -> bool:
        """Whether this request is for the imitated API, by its path, host shape and credential shape. Cheap."""

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """The answer the real service would give to a valid credential."""
