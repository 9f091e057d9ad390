"""The URL of a Redis server, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login

_USERS = ("default", "default", "app", "cache", "worker", "sidekiq", "celery", "queue")


class RedisUrl(Kind):
    name: ClassVar[str] = "redis-url"
    traps: ClassVar[tuple[str, ...]] = ("redis",)
    title: ClassVar[str] = "A Redis URL with its password"
    fired_by: ClassVar[str] = (
        "redis-cli, redis-py, ioredis, node-redis and scanners that check what they find: user and password come in "
        "clear where a trap speaks Redis there."
    )
    plant_hint: ClassVar[str] = "In a .env, a compose file, the settings of a queue worker or of a cache."
    try_hint: ClassVar[str] = "redis-cli -u '{url}' PING"
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        numbers = tuple(str(number) for number in range(4))
        made = login(order, options, "redis", 6379, users=_USERS, databases=numbers)
        url = f"redis://{made.authority(0)}/{made.database}"
        return Bait(made.tokens, f"REDIS_URL={url}\n", row=made.row(url))
