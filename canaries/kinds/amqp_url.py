"""The URL of an AMQP broker, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login

_USERS = (
    "app",
    "worker",
    "celery",
    "tasks",
    "publisher",
    "consumer",
    "service",
    "events",
    "shovel",
    "monitoring",
)
_VHOSTS = ("prod", "production", "app", "tasks", "events", "jobs", "orders", "billing", "notifications")


class AmqpUrl(Kind):
    name: ClassVar[str] = "amqp-url"
    traps: ClassVar[tuple[str, ...]] = ("amqp",)
    title: ClassVar[str] = "An AMQP (RabbitMQ) URL with its password"
    fired_by: ClassVar[str] = (
        "pika, celery and kombu, amqplib, amqp-tools, and scanners that check what they find: user and password come "
        "in clear where a trap speaks AMQP 0-9-1 there. AMQP 1.0 clients show only that they came."
    )
    plant_hint: ClassVar[str] = "In a .env, a celery or worker configuration, a compose file, a CI variable."
    try_hint: ClassVar[str] = "amqp-publish --url='{url}' -r test -b test"
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "amqp", 5672, users=_USERS, databases=_VHOSTS)
        url = f"amqp://{made.authority(5672)}/{made.database}"
        name = order.stream.pick("variable", ("AMQP_URL", "RABBITMQ_URL", "CELERY_BROKER_URL", "BROKER_URL"))
        return Bait(made.tokens, f"{name}={url}\n", row=made.row(url))
