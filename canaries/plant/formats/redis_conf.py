"""Redis's configuration: an old server to be a replica of, commented out."""

from __future__ import annotations

from collections.abc import Mapping

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class RedisConfFormat(OwnWords):
    name = "redis-conf"
    title = "Redis's configuration"
    needs = "a Redis server with its password"
    names = r"(?:redis|valkey|keydb|sentinel)(?:[-_.].+)?\.conf"
    beside = r"^[ \t]*(?:#[ \t]*)?(?:replicaof|slaveof|masterauth|masteruser|requirepass)\b"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        if not wish.values.kind.startswith("redis") or not {"password", "host"} <= roles.keys():
            return []
        user = roles.get("user", "default")
        return [
            f"replicaof {roles['host']} {roles.get('port', '6379')}",
            *([f"masteruser {user}"] if user != "default" else []),
            f"masterauth {roles['password']}",
        ]
