"""The login of an MQTT broker: the configuration of Mosquitto's clients, and a URL."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login

_USERS = (
    "gateway",
    "telemetry",
    "bridge",
    "sensors",
    "homeassistant",
    "zigbee",
    "scada",
    "device",
    "monitor",
    "iot",
)
_TOPICS = (
    "plant",
    "site",
    "devices",
    "telemetry",
    "building",
    "fleet",
    "meters",
    "gateway",
    "home",
    "sensors",
)


class MqttCredentials(Kind):
    name: ClassVar[str] = "mqtt-credentials"
    traps: ClassVar[tuple[str, ...]] = ("mqtt",)
    title: ClassVar[str] = "An MQTT login: mosquitto_sub's configuration and a URL"
    fired_by: ClassVar[str] = (
        "mosquitto_sub and mosquitto_pub, which read the files by themselves, paho, MQTT.js, MQTT Explorer and Home "
        "Assistant: client id, user and password come in clear where a trap speaks MQTT there."
    )
    plant_hint: ClassVar[str] = (
        "In ~/.config of an operator or a gateway's image; the URL in a .env or a compose file."
    )
    try_hint: ClassVar[str] = "mosquitto_pub -h {host} -p {port} -u {user} -P '{password}' -t test -m test"
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "mqtt", 1883, users=_USERS, databases=_TOPICS)
        url = f"mqtt://{made.authority(1883)}"
        # One option a line, as on the command line: mosquitto_sub(1), section "Configuration file".
        text = f"-h {made.hostname}\n-p {made.port}\n-u {made.user}\n-P {made.password}\n"
        return Bait(
            made.tokens,
            f"MQTT_URL={url}\n",
            (
                BaitFile(".config/mosquitto_sub", f"{text}-t {made.database}/#\n".encode()),
                BaitFile(".config/mosquitto_pub", text.encode()),
            ),
            {**made.row(url), "port": str(made.port), "host": made.hostname},
        )
