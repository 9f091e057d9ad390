"""What the personas of keyed services have in common: which requests are theirs, whose key it is, how to answer.

A service says whose key it is, for the call that asks that; everything else is refused in the service's own words.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core.clock import from_micros
from canaries.crypto.seeded_random import SeededRandom
from listener.personas import Answer, Persona, Request

_DAY = 86_400_000_000
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service, with what a persona draws its answer from."""

    request: Request
    path: str
    """Behind the service's own beginning of all paths, without a slash at the end; empty for the beginning itself."""
    key: str
    """What was shown as a key; empty where nothing of the service's form was."""
    who: SeededRandom
    """What stays the same for whoever the key belongs to."""
    once: SeededRandom
    """What is drawn anew for each request."""

    @property
    def asked(self) -> str:
        """Method and path: ``GET user/tokens/verify``."""
        return f"{self.request.method} {self.path}"

    def since(self, label: str, days: int, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
        """A moment of the last ``days`` days but three, the same each time."""
        age = self.who.between(label, 3, days) * _DAY + self.who.below(f"{label} time", _DAY)
        at = self.request.at - self.request.at % _DAY - age
        return from_micros(max(0, at)).strftime(form)

    def mailbox(self, local: str) -> str:
        """An address at the host that was asked, so that it is nobody else's."""
        host = self.request.root.partition("://")[2].partition(":")[0].partition("/")[0]
        return f"{local}@{host if re.search('[a-z]', host) else 'localhost'}"


class KeyApi(Persona):
    """One service; a sub-class knows its paths, the form of its keys, and what it says."""

    base: ClassVar[str] = "/"
    """What all its paths begin with."""
    key: ClassVar[re.Pattern[str]]
    """The form of its keys, matched as a whole."""
    header: ClassVar[bytes] = b""
    """In which the key is shown, where that is not ``Authorization``."""
    paths: ClassVar[re.Pattern[str]]
    """Behind `base`: what belongs to the service where its key is shown."""
    own: ClassVar[re.Pattern[str] | None] = None
    """Behind `base`: what no other service has, so that it is claimed without a key too."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.base != "/":
            cls.segments = frozenset({cls.base.split("/")[1]})
            cls.prefix = re.compile(re.escape(cls.base))

    def shown(self, request: Request) -> str:
        """What may be a key."""
        return (self.header and request.header(self.header)) or request.credential or request.authorization

    def claims(self, request: Request) -> bool:
        path = request.service_path
        if not path.startswith(self.base):
            return False
        rest = path[len(self.base) :]
        if self.own is not None and self.own.match(rest):
            return True
        shown = self.shown(request)
        return bool(shown) and self.key.fullmatch(shown) is not None and self.paths.match(rest) is not None

    def shows_token(self, request: Request) -> bool:
        return self.key.fullmatch(self.shown(request)) is not None

    def serves(self, request: Request) -> bool:
        return super().serves(request) if self.prefix is not None else self.shows_token(request)

    def answer(self, request: Request) -> Answer:
        shown = self.shown(request)
        key = shown if self.key.fullmatch(shown) else ""
        call = Call(
            request,
            request.service_path[len(self.base) :].rstrip("/"),
            key,
            self.identity.stream(f"{self.name}:{key}"),
            self.identity.once(self.name, request.seen),
        )
        return self.reply(call) if key else self.stranger(call)

    @abstractmethod
    def reply(self, call: Call) -> Answer:
        """What a key gets."""

    @abstractmethod
    def stranger(self, call: Call) -> Answer:
        """What a request without one gets."""

    def headers(self, call: Call) -> Headers:
        """What the service puts on every answer, beside the content's type."""
        return ()

    def said(self, call: Call, status: int, document: Any, name: str) -> Answer:
        """``document`` as JSON with the service's headers."""
        return Answer.of_json(status, document, *self.headers(call), name=name)
