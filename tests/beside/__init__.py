"""What real servers answer to odd first messages, as recorded from them, and what a trap's conversation answers.

``transcripts/NAME.json`` holds one server's version and its answers to `corpus.CORPUS`; `record` makes it anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from canaries.core import plugins
from canaries.crypto.seeded_random import BASE62
from canaries.crypto.sieve import Sieve
from listener.protocol.conversation import Close, Conversation, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps import FOLDER, Trap

FILES = Path(__file__).with_name("transcripts")
CLOSED, TLS = "<closed>", "<TLS>"
"""What is written where the server ends the connection, or goes on in TLS."""
_WITHOUT_TLS = ("imap", "pop3", "smtp")
PASSWORD = b"{the-right-password-}"
"""Stands in a corpus for the password of ``ann``, and is as long: lengths that messages tell are right."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Of one real server."""

    server: str
    """Product, version and what is set otherwise than its package does."""
    answers: dict[str, list[str]]
    """Case to what was said: first unasked, then after each message; latin-1."""


def transcript(name: str) -> Transcript:
    """The one recorded under this name."""
    found = json.loads((FILES / f"{name}.json").read_text())
    return Transcript(found["server"], found["answers"])


def secret(key: bytes) -> bytes:
    """A password that the traps of this installation let in."""
    return Sieve(key).passing("secret0word0of0ann00x", BASE62).encode()


def talk(trap: str, key: bytes, messages: list[bytes]) -> list[str]:
    """What the trap of this name says to these messages, in an installation with this ``front`` key."""
    made = plugins.pick(FOLDER, Trap, trap, "trap")  # type: ignore[type-abstract]
    identity, given = Identity(key, strict=True), {}
    if trap in _WITHOUT_TLS:  # as the servers were set
        given = {"settings": made.Settings(starttls=False)}
    elif trap == "postgres":
        given = {"starttls": False}
    conversation: Conversation = made.conversation(identity, 4711, **given)  # type: ignore[attr-defined]
    conversation.peer = "127.0.0.1"
    said = [_said(conversation.greet())]
    for message in messages:
        if said[-1].endswith((CLOSED, TLS)):
            break
        filled = message.replace(PASSWORD, secret(key))
        try:
            said.append(_said(conversation.feed(filled)))
        except Exception:  # noqa: BLE001  as `listener.traps._stream` takes it
            said.append(CLOSED)
    return said


def _said(steps: object) -> str:
    text = ""
    for step in steps:  # type: ignore[attr-defined]
        known: Step = step
        match known:
            case Send(data):
                text += data.decode("latin-1")
            case StartTls():
                return text + TLS
            case Close():
                return text + CLOSED
    return text
