"""The URL of a NATS server, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login


class NatsUrl(Kind):
    name: ClassVar[str] = "nats-url"
    traps: ClassVar[tuple[str, ...]] = ("nats",)
    title: ClassVar[str] = "A NATS URL with its password"
    fired_by: ClassVar[str] = (
        "nats-py, nats.go and the nats command: user and password come in clear where a trap speaks NATS there, with "
        "the subjects that are published or subscribed to."
    )
    plant_hint: ClassVar[str] = (
        "In a .env, a compose file, or the settings of a service that talks over NATS."
    )
    try_hint: ClassVar[str] = (
        "python -c \"import asyncio, nats; asyncio.run(nats.connect('{url}', allow_reconnect=False))\""
    )
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "nats", 4222)
        url = f"nats://{made.authority(0)}"
        return Bait(made.tokens, f"NATS_URL={url}\n", row=made.row(url))
