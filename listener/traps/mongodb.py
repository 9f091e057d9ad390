"""The MongoDB trap: PLAIN gives user and password in clear; SCRAM the user and a proof; then nothing is allowed.

MongoDB's wire protocol (OP_MSG, and OP_QUERY for a first hello) and its driver specifications "MongoDB Handshake" and
"Authentication". The hello carries driver, operating system, kernel and container runtime of the client. Which
mechanism is used is written in the client's URL; SCRAM (RFC 5802) is gone along with up to the client's proof, which
is kept with the challenge that it answers, so that it can be held against a known password.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core import clock
from canaries.core.text import decoded
from canaries.crypto import scram
from listener.protocol import bson, mongodb_server
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps._stream import StreamSettings, StreamTrap

_REPLY, _QUERY, _MSG = 1, 2004, 2013
_CHECKSUM, _MORE_TO_COME = 1, 2
_LONGEST = 1 << 20
_MOST_SECTIONS = 32
_LONGEST_METADATA = 512
"""Bytes of what a client tells of itself (ClientMetadata::kMaxMongoDMetadataDocumentByteLength)."""
_FIRST = re.compile(r"[^,]*,[^,]*,n=([^,]*),r=([^,]+)")
"""client-first-message, RFC 5802 section 7."""
_HELLOS = ("hello", "isMaster", "ismaster")
_LEGACY = (*_HELLOS, "_isSelf", "authenticate", "buildInfo", "buildinfo", "saslStart", "saslContinue")
"""What OP_QUERY may still ask since MongoDB 5.1 (checkAllowedOpQueryCommand)."""
_UPGRADE = (
    "The client driver may require an upgrade. "
    "For more details see https://dochub.mongodb.org/core/legacy-opcode-removal"
)
_TO_BROWSERS = (
    b"HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 85\r\n\r\n"
    b"It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n"
)


@dataclass(frozen=True, slots=True)
class MongodbSettings(StreamSettings):
    """``[traps.mongodb]``."""

    bind: tuple[str, ...] = ("127.0.0.1:27017",)
    tls: bool = True
    """TLS is told apart by its first byte."""


class MongodbConversation(Conversation):
    """A standalone server whose every user may do nothing."""

    def __init__(self, identity: Identity, number: int, *, now: Callable[[], int] = clock.micros) -> None:
        """``now``: microseconds since the epoch, for the time a hello tells."""
        super().__init__(identity, number)
        self._now = now
        self._stream = identity.stream("mongodb")
        self._version = identity.host.release("mongodb")
        self._process = self._stream.draw_bytes("process", 12)
        self._replies = 0
        self._who: dict[str, Any] = {}
        self._challenge: dict[str, str] = {}
        """Of a SCRAM exchange that has begun."""
        self._admitted = False

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        if self._buffer.startswith(b"GET ") and not self._replies:
            self._buffer.clear()
            yield from (Record("http"), Send(_TO_BROWSERS), Close())
            return
        while len(self._buffer) >= 16:
            size, request, _, code = struct.unpack("<iiii", self._buffer[:16])
            if not 16 <= size <= _LONGEST:
                raise ValueError("no length of a message")
            if len(self._buffer) < size:
                return
            body = bytes(self._buffer[16:size])
            del self._buffer[:size]
            if code == _MSG:
                yield from self._message(request, body)
            elif code == _QUERY:
                yield from self._legacy(request, Octets(body))
            else:
                raise ValueError("not a supported opcode")

    def _message(self, request: int, body: bytes) -> Iterator[Step]:
        """OP_MSG: a command, whose long lists may stand in sections of their own."""
        flags = int.from_bytes(body[:4], "little")
        source = Octets(body[4:-4] if flags & _CHECKSUM else body[4:])
        command: dict[str, Any] = {}
        lists: dict[str, Any] = {}
        for _ in range(_MOST_SECTIONS):
            if not source.left:
                break
            if source.number(1) == 0:
                command = bson.decode(source)
                continue
            section = Octets(source.next_bytes(source.number(4) - 4))
            name, documents = decoded(section.text()), []
            while section.left:
                documents.append(bson.decode(section))
            lists[name] = documents
        note, answer = self._answer(command | lists)
        yield note
        if not flags & _MORE_TO_COME:
            yield self._say(request, _MSG, b"\0\0\0\0\0" + bson.encode(answer))

    def _legacy(self, request: int, source: Octets) -> Iterator[Step]:
        """OP_QUERY: since MongoDB 5.1 for a first hello only."""
        source.next_bytes(4)
        name = source.text()
        source.next_bytes(8)
        command = bson.decode(source)
        if next(iter(command), "") in ("$query", "query") and isinstance(command.get("$query"), dict):
            command = command["$query"]
        note, answer = self._answer(command | {"$db": decoded(name).removesuffix(".$cmd")})
        called = next(iter(command), "")
        if called not in _LEGACY:
            answer = _failed(352, f"Unsupported OP_QUERY command: {called[:64]}. {_UPGRADE}")
        yield note
        yield self._say(request, _REPLY, struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(answer))

    def _say(self, request: int, code: int, body: bytes) -> Send:
        self._replies += 1
        head = struct.pack("<iiii", 16 + len(body), self._replies & 0x7FFFFFFF, request, code)
        return Send(head + body)

    def _answer(self, command: dict[str, Any]) -> tuple[Record, dict[str, Any]]:
        name = next(iter(command), "")
        if name in _HELLOS:
            return self._hello(name, command)
        if name == "saslStart":
            return self._sasl_start(command)
        if name == "saslContinue" and self._challenge:
            proof = {"response": _text(command.get("payload"))}
            return Record("login", self._who | self._challenge | proof), _failed(18, "Authentication failed.")
        note = Record("command", self._who | {"command": bson.plain_value(command)})
        if name in ("buildInfo", "buildinfo"):
            return note, mongodb_server.build_info(self._version, self.identity.host) | {"ok": 1.0}
        if not mongodb_server.is_command(name):
            return note, _failed(59, f"no such command: '{name[:200]}'")
        open_to_all = mongodb_server.for_everybody(name, f"{self.peer}:{self.peer_port}", self._status)
        if open_to_all is not None:
            return note, open_to_all | {"ok": 1.0}
        if not self._admitted:
            return note, _failed(13, f"Command {name[:64]} requires authentication")
        if granted := self._granted(name, command):
            return note, granted | {"ok": 1.0}
        database, first = (
            str(command.get("$db", "admin"))[:64],
            bson.plain_value(command[name]) if name else "",
        )
        value = (
            f'"{first[:120]}"'
            if isinstance(first, str)
            else "..."
            if isinstance(first, dict | list)
            else first
        )
        told = (
            f'not authorized on {database} to execute command {{ {name[:64]}: {value}, $db: "{database}" }}'
        )
        return note, _failed(13, told)

    def _status(self) -> dict[str, Any]:
        """Who has logged in."""
        user = {"user": str(self._who.get("user", ""))[:200], "db": "$external"}
        users = [user] if self._admitted else []
        return {"authInfo": {"authenticatedUsers": users, "authenticatedUserRoles": []}}

    def _granted(self, name: str, command: dict[str, Any]) -> dict[str, Any]:
        """What every account may ask: which databases and collections it may see, which are none."""
        if name == "listDatabases":
            none = bson.Int64(0)
            sizes = {} if command.get("nameOnly") is True else {"totalSize": none, "totalSizeMb": none}
            return {"databases": []} | sizes
        if name == "listCollections" and command.get("authorizedCollections") and command.get("nameOnly"):
            namespace = f"{str(command.get('$db', 'admin'))[:64]}.$cmd.listCollections"
            return {"cursor": {"id": bson.Int64(0), "ns": namespace, "firstBatch": []}}
        return {}

    def _hello(self, name: str, command: dict[str, Any]) -> tuple[Record, dict[str, Any]]:
        if isinstance(command.get("client"), dict):
            if len(bson.encode(command["client"])) > _LONGEST_METADATA:
                said = f"The client metadata document must be less than or equal to {_LONGEST_METADATA} bytes"
                return Record("hello", {"metadata": bson.plain_value(command["client"])}), _failed(185, said)
            self._who = {
                "client": _client(command["client"]),
                "metadata": bson.plain_value(command["client"]),
            }
        speculative = command.get("speculativeAuthenticate")
        first = _FIRST.match(_text(speculative.get("payload"))) if isinstance(speculative, dict) else None
        wanted = command.get("saslSupportedMechs")
        user = first[1] if first else wanted.partition(".")[2] if isinstance(wanted, str) else ""
        note = Record("hello", self._who | ({"user": user} if user else {}))
        answer: dict[str, Any] = {"helloOk": True} if command.get("helloOk") is True else {}
        connection = self._stream.between("connections", 10, 40_000) + self.number
        answer |= mongodb_server.greeting(name, self._process, connection, self._now() // 1000)
        if isinstance(wanted, str):
            answer["saslSupportedMechs"] = list(scram.MECHANISMS)
        return note, answer | {"ok": 1.0}

    def _sasl_start(self, command: dict[str, Any]) -> tuple[Record, dict[str, Any]]:
        mechanism, payload = str(command.get("mechanism")), _text(command.get("payload"))
        if mechanism == "PLAIN":  # RFC 4616: authzid, authcid, password
            _, user, password = [*payload.split("\0"), "", "", ""][:3]
            self._who |= {"user": user}
            note = Record("login", self._who | {"password": password, "mechanism": mechanism})
            if not self.identity.admits(password):
                return note, _failed(18, "Authentication failed.")
            self._admitted = True
            return note, {"conversationId": 1, "done": True, "payload": b"", "ok": 1.0}
        first = _FIRST.match(payload)
        if mechanism not in scram.MECHANISMS or first is None:
            note = Record("login", self._who | {"mechanism": mechanism, "response": payload})
            return note, _failed(18, "Authentication failed.")
        iterations = scram.MECHANISMS[mechanism][1]
        user = first[1].replace("=2C", ",").replace("=3D", "=")
        salt = base64.b64encode(scram.salt(self.identity.key, user, mechanism)).decode()
        nonce = base64.b64encode(self.identity.challenge(f"nonce:{self.number}:{first[2]}", 24)).decode()
        challenge = f"r={first[2]}{nonce},s={salt},i={iterations}"
        self._who |= {"user": user}
        self._challenge = {"mechanism": mechanism, "asked": payload, "challenge": challenge}
        answer = {"conversationId": 1, "done": False, "payload": challenge.encode(), "ok": 1.0}
        return Record("login", self._who | self._challenge), answer


_ERRORS = {
    13: "Unauthorized",
    18: "AuthenticationFailed",
    59: "CommandNotFound",
    185: "ClientMetadataDocumentTooLarge",
    352: "UnsupportedOpQueryCommand",
}


def _failed(code: int, message: str) -> dict[str, Any]:
    return {"ok": 0.0, "errmsg": message, "code": code, "codeName": _ERRORS[code]}


def _text(value: Any) -> str:
    return decoded(value) if isinstance(value, bytes) else value if isinstance(value, str) else ""


def _client(metadata: dict[str, Any]) -> str:
    """Driver, its version, operating system and platform in one line ("MongoDB Handshake", client metadata)."""

    def part(name: str, *fields: str) -> list[str]:
        found = metadata.get(name)
        return [str(found[field]) for field in fields if field in found] if isinstance(found, dict) else []

    words = [
        *part("application", "name"),
        *part("driver", "name", "version"),
        *part("os", "type", "name", "architecture", "version"),
    ]
    return " ".join([*words, _text(metadata.get("platform"))]).strip()


class MongodbTrap(StreamTrap):
    """MongoDB, plain and over TLS on the same port."""

    name = "mongodb"
    Settings = MongodbSettings
    conversation = MongodbConversation
