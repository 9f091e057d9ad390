"""What RabbitMQ answers on the channels of a user who may use no exchange and no queue; recorded from release 3.10."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from canaries.core.text import decoded
from listener.protocol import amqp_frames
from listener.protocol.amqp_frames import method, refusal
from listener.protocol.conversation import Record, Send, Step
from listener.protocol.octets import Octets

_OPEN, _CLOSE, _CLOSE_OK, _FLOW = (20, 10), (20, 40), (20, 41), (20, 20)
_CONFIRM, _QOS, _CANCEL, _ACK, _REJECT = (85, 10), (60, 10), (60, 30), (60, 80), (60, 90)
_SELECT, _COMMIT, _ROLLBACK = (90, 10), (90, 20), (90, 30)
_PUBLISH, _QUEUE_DECLARE, _EXCHANGE_DECLARE = (60, 40), (50, 10), (40, 10)
_GRANTED = {_CONFIRM: (85, 11), _QOS: (60, 11), _SELECT: (90, 11), _COMMIT: (90, 21), _ROLLBACK: (90, 31)}
_KNOWN = ((10, 10), (10, 11), (10, 20), (10, 21), (10, 30), (10, 31), (10, 40), (10, 41), (10, 50), (10, 51))
_REFUSED = {
    (40, 10): ("exchange.declare", "configure", ("exchange", "type")),
    (40, 20): ("exchange.delete", "configure", ("exchange",)),
    (50, 10): ("queue.declare", "configure", ("queue",)),
    (50, 20): ("queue.bind", "write", ("queue", "exchange", "routing_key")),
    (50, 30): ("queue.purge", "read", ("queue",)),
    (50, 40): ("queue.delete", "configure", ("queue",)),
    (50, 50): ("queue.unbind", "write", ("queue", "exchange", "routing_key")),
    (60, 20): ("basic.consume", "read", ("queue",)),
    (60, 40): ("basic.publish", "write", ("exchange", "routing_key")),
    (60, 70): ("basic.get", "read", ("queue",)),
}
"""Method to its name, the permission it takes, and the short strings behind its first, reserved field."""
_MOST_OPEN = 2047
_LONGEST_NOTED, _MOST_CONTENT = 32_768, 1 << 20
"""Bytes kept of a message, and of those that are not complete on all channels."""


class BrokerRefusalError(Exception):
    """The whole connection is to be ended; the bytes say why. ``final``: without waiting for the client's word."""

    def __init__(self, said: bytes, *, final: bool = False) -> None:
        super().__init__("the connection is ended")
        self.said, self.final = said, final


@dataclass(slots=True)
class _BrokerChannel:
    shut: bool = False
    """Closed by the server, and not yet by the client."""
    transactional: bool = False
    refused: bytes = b""
    """What a message is refused with once it is complete."""
    size: int | None = None
    """Bytes of it that are still to come; None before its header."""
    content: bytearray = field(default_factory=bytearray)


class Channels:
    """Those of one connection."""

    def __init__(
        self, who: dict[str, Any], vhost: str, *, names_permission: bool, queue: Callable[[], str]
    ) -> None:
        """``who``: stands in every note; ``names_permission``: as later releases do; ``queue``: makes up the name of a
        queue that is declared without one."""
        self._who, self._vhost, self._queue = who, vhost, queue
        self._names_permission = names_permission
        self._open: dict[int, _BrokerChannel] = {}

    def method(self, number: int, which: tuple[int, int], body: Octets) -> Iterator[Step]:
        """A method on channel ``number``. Raises BrokerRefusalError, ValueError."""
        channel = self._open.get(number)
        if channel is None:
            if which != _OPEN:
                raise BrokerRefusalError(refusal(0, 504, "expected 'channel.open'", which))
            if len(self._open) >= _MOST_OPEN:
                raise ValueError("too many channels")
            self._open[number] = _BrokerChannel()
            yield Send(method(number, (20, 11), bytes(4)))
        elif which in (_CLOSE, _CLOSE_OK):
            del self._open[number]
            yield Send(method(number, _CLOSE_OK) if which == _CLOSE else b"")
        elif channel.shut:
            return  # said before it knew (1.4.2.5)
        elif which == _OPEN:
            raise BrokerRefusalError(refusal(0, 504, "second 'channel.open' seen", which))
        elif which in _KNOWN:
            raise BrokerRefusalError(refusal(0, 503, "unimplemented method", which))
        elif which in _REFUSED:
            yield from self._refuse(number, which, body)
        else:
            yield from self._grant(number, channel, which, body)

    def content(self, kind: int, number: int, payload: bytes) -> Iterator[Step]:
        """A frame of a message's content. Raises BrokerRefusalError."""
        channel = self._open.get(number)
        if channel is not None and channel.shut:
            return
        if (
            channel is None
            or not channel.refused
            or (channel.size is None) != (kind == amqp_frames.CONTENT_HEADER)
        ):
            raise BrokerRefusalError(refusal(0, 505, "expected method frame, got non method frame instead"))
        if kind == amqp_frames.CONTENT_HEADER:
            head = Octets(payload, "big")
            head.next_bytes(4)
            channel.size = head.number(8)
        else:
            channel.size = (channel.size or 0) - len(payload)
            room = _MOST_CONTENT - sum(len(one.content) for one in self._open.values())
            channel.content += payload[: min(_LONGEST_NOTED - len(channel.content), max(0, room))]
        if channel.size <= 0:
            note = self._who | {"database": self._vhost, "command": "basic.publish"}
            yield Record("message", note | {"value": decoded(bytes(channel.content))})
            channel.content.clear()
            channel.shut = True
            yield Send(channel.refused)

    def _grant(
        self, number: int, channel: _BrokerChannel, which: tuple[int, int], body: Octets
    ) -> Iterator[Step]:
        if which == _FLOW:
            if not body.number(1):
                raise BrokerRefusalError(refusal(0, 540, "active=false", which))
            yield Send(method(number, (20, 21), b"\x01"))
        elif which == _CANCEL:
            tag = body.next_bytes(body.number(1))
            yield Send(method(number, (60, 31), bytes((len(tag),)) + tag))
        elif which in (_ACK, _REJECT):
            yield from self._shut(
                number, refusal(number, 406, f"unknown delivery tag {body.number(8)}", which)
            )
        elif which in (_COMMIT, _ROLLBACK) and not channel.transactional:
            yield from self._shut(number, refusal(number, 406, "channel is not transactional", which))
        elif which in _GRANTED:
            channel.transactional |= which == _SELECT
            yield Send(method(number, _GRANTED[which]))
        else:
            raise ValueError("no method of a channel")

    def _refuse(self, number: int, which: tuple[int, int], body: Octets) -> Iterator[Step]:
        """Every use of an exchange or a queue."""
        name, permission, fields = _REFUSED[which]
        body.next_bytes(2)
        shown = {one: decoded(body.next_bytes(body.number(1))) for one in fields}
        yield Record("method", {**self._who, "database": self._vhost, "command": name, **shown})
        passive = which in (_QUEUE_DECLARE, _EXCHANGE_DECLARE) and bool(body.number(1) & 1)
        noun = fields[0]
        named = shown[noun] or ("amq.default" if noun == "exchange" else "")
        if which == _QUEUE_DECLARE and not named:
            named = self._queue()
        if passive:
            said = refusal(number, 404, f"no {noun} '{named}' in vhost '{self._vhost}'", which)
        elif which in (_QUEUE_DECLARE, _EXCHANGE_DECLARE) and shown[noun].startswith("amq."):
            said = refusal(number, 403, f"{noun} name '{named}' contains reserved prefix 'amq.*'", which)
        else:
            word = f"{permission} " if self._names_permission else ""
            text = f"{word}access to {noun} '{named}' in vhost '{self._vhost}' refused for user"
            said = refusal(number, 403, f"{text} '{self._who.get('user', '')}'", which)
        if which == _PUBLISH:  # the message is taken in first
            self._open[number].refused, self._open[number].size = said, None
            self._open[number].content.clear()
        else:
            yield from self._shut(number, said)

    def _shut(self, number: int, said: bytes) -> Iterator[Step]:
        self._open[number].shut = True
        yield Send(said)
