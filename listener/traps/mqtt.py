"""The MQTT trap: client id, user, password and will of CONNECT; then a broker whose access list allows nothing.

The HTTP trap holds the same conversation over WebSocket.
"""

from __future__ import annotations

from dataclasses import dataclass

from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import mqtt_packets
from listener.protocol.mqtt_broker import MqttConversation
from listener.traps._stream import StreamSettings, StreamTrap, also


@dataclass(frozen=True, slots=True)
class MqttSettings(StreamSettings):
    """``[traps.mqtt]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1883",)
    tls: bool = True
    """TLS is told apart from MQTT by its first byte."""
    idle_seconds: float = 120.0
    """Twice the keep-alive that most clients ask for."""


class MqttTrap(StreamTrap):
    """MQTT, plain and over TLS on the same port."""

    name = "mqtt"
    Settings = MqttSettings
    conversation = MqttConversation

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """As of every trap; and messages by themselves: what is published goes on where its topic ends."""
        return also(StreamTrap.read(sighting), mqtt_packets.published(sighting.raw))
