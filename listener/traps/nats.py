"""The NATS trap: CONNECT carries user and password, or a token, in clear; then every subject is forbidden.

docs.nats.io, "Client Protocol". The server speaks first (INFO), the client answers with CONNECT and one JSON object;
lines end in CRLF, published messages follow their line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from canaries.crypto.seeded_random import BASE32
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps._stream import StreamSettings, StreamTrap

_LONGEST_LINE = 4096
"""max_control_line of the real server."""
_ARGUMENTS = {b"PUB": (2, 3), b"HPUB": (3, 4), b"SUB": (2, 3), b"UNSUB": (1, 2)}
"""Operation to how many words it takes."""
_LARGEST = 1 << 20
"""max_payload of the real server."""
_LONGEST_NOTED = 32_768
_RELEASES = {"2.10.20": ("7140387", "go1.22.6"), "2.9.10": ("", "go1.19.8")}
"""Version to commit (builds of distributions tell none) and compiler, as seen."""
_NAMES = {
    "user": "user",
    "pass": "password",
    "auth_token": "token",
    "jwt": "jwt",
    "nkey": "key",
    "name": "name",
    "lang": "language",
    "version": "version",
}
"""Fields of CONNECT, and what they are called here."""

_EMPTY_TOKEN = re.compile(rb"\A\.|\.\.|\.\Z")


@dataclass(frozen=True, slots=True)
class NatsSettings(StreamSettings):
    """``[traps.nats]``."""

    bind: tuple[str, ...] = ("127.0.0.1:4222",)


class NatsConversation(Conversation):
    """A server whose every user may connect, and may neither publish nor subscribe."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._who: dict[str, Any] = {}
        self._verbose = self._admitted = self._headers = False

    def greet(self) -> Iterable[Step]:
        stream = self.identity.stream("nats")
        version = self.identity.host.release("nats")
        commit, compiler = _RELEASES[version]
        server = "N" + stream.text("server", BASE32, 55)
        told: dict[str, Any] = {"server_id": server, "server_name": server, "version": version, "proto": 1}
        told |= {"git_commit": commit} if commit else {}
        told |= {
            "go": compiler,
            "host": "0.0.0.0",  # noqa: S104  what real servers say of themselves
            "port": 4222,
            "headers": True,
            "auth_required": True,
            "max_payload": _LARGEST,
            "client_id": stream.between("clients", 5, 900) + self.number,
            "client_ip": self.peer,
        }
        yield Send(b"INFO " + json.dumps(told, separators=(",", ":")).encode() + b" \r\n")

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while 0 <= (end := self._buffer.find(b"\n")) <= _LONGEST_LINE:
            words = bytes(self._buffer[:end]).strip().split()
            name = words[0].upper() if words else b""
            if name in _ARGUMENTS and (refused := self._misses(name, words)) is not None:
                self._buffer.clear()
                yield Record("command", self._who | {"command": [decoded(word[:200]) for word in words[:5]]})
                yield Send(refused)
                yield Close()
                return
            size = self._size(words) if name in (b"PUB", b"HPUB") else 0
            if size > _LARGEST + 2:
                self._buffer.clear()
                yield Record("command", self._who | {"command": [decoded(word[:200]) for word in words[:5]]})
                yield Send(b"-ERR 'Maximum Payload Violation'\r\n")
                yield Close()
                return
            if len(self._buffer) < end + 1 + size:
                return
            line = bytes(self._buffer[:end]).strip()
            payload = bytes(self._buffer[end + 1 : end + 1 + size])
            del self._buffer[: end + 1 + size]
            if name or not self._admitted:
                yield from self._answer(name, line[len(name) :].strip(), words[1:], payload)
        begun = bytes(self._buffer[:_LONGEST_LINE]).lstrip().upper()
        if (
            not self._admitted
            and begun
            and not (b"CONNECT".startswith(begun[:7]) or b"PING".startswith(begun[:4]))
        ):
            self._buffer.clear()
            yield Record("command", {"command": [decoded(begun[:200])]})
            yield from _violation()
        elif len(self._buffer) > _LONGEST_LINE:
            self._buffer.clear()
            yield Record("command", self._who | {"command": [decoded(begun[:200])]})
            yield Send(b"-ERR 'maximum control line exceeded'\r\n")
            yield Close()

    def _misses(self, name: bytes, words: list[bytes]) -> bytes | None:
        """What is said of too few or too many words before the end; None where they may be right."""
        if not self._admitted:
            return None
        if len(words) == 1:
            return b"-ERR 'Unknown Protocol Operation'\r\n"
        if name == b"HPUB":  # without ``headers`` in CONNECT
            return None if self._headers else b""
        return None if len(words) - 1 in _ARGUMENTS[name] else b""

    def _size(self, words: list[bytes]) -> int:
        """Of the message behind the line, with its CRLF."""
        size = int(words[-1])
        if size < 0:
            raise ValueError("no size of a message")
        return size + 2

    def _answer(self, name: bytes, rest: bytes, words: list[bytes], payload: bytes) -> Iterator[Step]:
        if name == b"CONNECT" and self._admitted:  # who is in stays in, whatever is said now
            yield Record("command", self._who | {"command": [decoded(name), decoded(rest[:_LONGEST_NOTED])]})
            yield Send(b"+OK\r\n" if self._verbose else b"")
        elif name == b"CONNECT":
            yield from self._connect(rest)
        elif not self._admitted:
            yield Record("command", {"command": [decoded(word[:200]) for word in (name, *words[:4])]})
            yield from _violation()
        elif name == b"PING":
            yield Send(b"PONG\r\n")
        elif name in (b"PUB", b"HPUB", b"SUB") and words:
            note = self._who | {"command": [decoded(word) for word in (name, *words[:4])]}
            text = {"value": decoded(payload[:_LONGEST_NOTED].removesuffix(b"\r\n"))} if payload else {}
            yield Record("command", note | text)
            if payload and not payload.endswith(b"\r\n"):
                yield Send(b"-ERR 'Unknown Protocol Operation'\r\n")
                yield Close()
                return
            subject = re.sub(rb"[^\x21-\x7e]|\"", b"", words[0][:200])
            if name == b"SUB" and _EMPTY_TOKEN.search(words[0]):
                yield Send(b"-ERR 'Invalid Subject'\r\n")
                return
            what = b"Subscription" if name == b"SUB" else b"Publish"
            yield Send(b"-ERR 'Permissions Violation for %s to \"%s\"'\r\n" % (what, subject))
        elif name not in (b"PONG", b"UNSUB", b"+OK", b"INFO"):
            yield Record("command", self._who | {"command": [decoded(name[:200])]})
            yield Send(b"-ERR 'Unknown Protocol Operation'\r\n")
            yield Close()

    def _connect(self, rest: bytes) -> Iterator[Step]:
        said = json.loads(rest)
        if not isinstance(said, dict):
            raise TypeError("CONNECT takes an object")
        shown = {ours: said[theirs] for theirs, ours in _NAMES.items() if isinstance(said.get(theirs), str)}
        client = [shown.pop(name, "") for name in ("name", "language", "version")]
        shown |= {"client": " ".join(filter(None, client))} if any(client) else {}
        self._who = {name: shown[name] for name in ("user", "client") if name in shown}
        self._verbose, self._headers = said.get("verbose") is True, said.get("headers") is True
        yield Record("login", shown)
        secret = shown.get("password") or shown.get("token", "")
        if not secret or not self.identity.admits(secret):
            yield from _violation()
            return
        self._admitted = True
        if self._verbose:
            yield Send(b"+OK\r\n")


def _violation() -> Iterator[Step]:
    yield Send(b"-ERR 'Authorization Violation'\r\n")
    yield Close()


class NatsTrap(StreamTrap):
    """NATS, plain."""

    name = "nats"
    Settings = NatsSettings
    conversation = NatsConversation
