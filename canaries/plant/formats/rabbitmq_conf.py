"""RabbitMQ's configuration: another node and the user it was set up with, commented out."""

from __future__ import annotations

from collections.abc import Mapping

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class RabbitmqConfFormat(OwnWords):
    name = "rabbitmq-conf"
    title = "RabbitMQ's configuration"
    needs = "a login at an AMQP server"
    names = r"rabbitmq(?:[-_.].+)?\.conf"
    beside = r"^[ \t]*(?:default_(?:user|pass|vhost)|cluster_formation\.\S+)[ \t]*="

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        if not wish.values.kind.startswith("amqp") or not {"user", "password", "host"} <= roles.keys():
            return []
        return [
            f"cluster_formation.classic_config.nodes.1 = rabbit@{roles['host']}",
            f"default_user = {roles['user']}",
            f"default_pass = {roles['password']}",
        ]
