"""What a client says through a tunnel or in another protocol that the HTTP trap has granted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from listener.evidence.shapes import Notes
from listener.http import tunnel, websocket
from listener.http.wire import RawMessage
from listener.net.connection import Connection
from listener.protocol.conversation import Record
from listener.protocol.identity import Identity
from listener.protocol.mqtt_broker import MqttConversation
from listener.traps import _websocket_mqtt

Recording = Callable[[str, Notes], Awaitable[None]]
"""Put the request on disk, as it is by then: what it is called, and notes."""


async def opened(
    connection: Connection, begun: bytes, message: RawMessage, seconds: tuple[float, float], record: Recording
) -> None:
    """Record what comes first as the body of the request that asked for it. ``seconds``: for that, and behind it."""
    name = "proxy opening" if message.method == "CONNECT" else "websocket opening"
    asked, plain = message.raw, connection.info.tls is None
    begun = await tunnel.opening(connection, begun, seconds[0])
    while begun:
        message.body, message.raw = begun, asked + begun
        message.size = len(message.raw)
        await record(name, {})
        late, _ = await connection.linger(seconds[1], tunnel.KEPT - len(begun), patient=plain)
        begun = begun + late if late else b""  # a token may be cut in two: all of it again


def speaks_mqtt(switching: list[tuple[str, str]] | None) -> bool:
    """Whether the protocol that is granted with these fields is MQTT."""
    return dict(switching or ()).get("Sec-WebSocket-Protocol", "") in websocket.MQTT


async def conversed(
    connection: Connection, begun: bytes, message: RawMessage, identity: Identity, record: Recording
) -> None:
    """Answer as a broker; each deed is recorded as the body of the request that asked for the protocol."""
    asked = message.raw

    async def note(found: Record, raw: bytes, size: int) -> None:
        message.body, message.raw, message.size = raw, asked + raw, len(asked) + size
        await record(f"websocket {found.what}", {"request": found.what, **found.shown})

    number = int.from_bytes(identity.challenge("websocket mqtt", 4), "big")
    conversation = MqttConversation(identity, number)
    conversation.peer, conversation.secure = connection.info.client[0], connection.info.tls is not None
    await _websocket_mqtt.talk(connection, begun, conversation, note)
