"""Mosquitto's configuration: the server that a bridge led to before, commented out (mosquitto.conf(5), "Bridges")."""

from __future__ import annotations

from collections.abc import Mapping

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class MosquittoConfFormat(OwnWords):
    name = "mosquitto-conf"
    title = "Mosquitto's configuration"
    needs = "a login at an MQTT server"
    names = r"mosquitto(?:[-_.].+)?\.conf"
    beside = r"^[ \t]*(?:address|addresses|remote_\w+|username|password)\b"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        if not wish.values.kind.startswith("mqtt") or not {"user", "password", "host"} <= roles.keys():
            return []
        return [
            f"address {roles['host']}:{roles.get('port', '1883')}",
            f"remote_username {roles['user']}",
            f"remote_password {roles['password']}",
        ]
