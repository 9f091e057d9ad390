"""RabbitMQ's configuration."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import bait, text_after


def test_an_old_node_and_its_user_in_its_own_words() -> None:
    old = "listeners.tcp.default = 5672\ndefault_user = a\ndefault_pass = b\nheartbeat = 10\n"
    made = text_after("rabbitmq.conf", old, "amqp-url").removeprefix(old.partition("heartbeat")[0])
    host = next(token.value for token in bait("amqp-url").tokens if token.facet == "host")
    assert f"= rabbit@{host}\n" in made
    assert [line.split()[1] for line in made.splitlines()[1:3]] == ["default_user", "default_pass"]
