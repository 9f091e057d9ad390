"""Mosquitto's configuration."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_an_old_bridge_in_its_own_words() -> None:
    old = "connection a\naddress mqtt.example.org:1883\nremote_username b\nremote_password c\nlistener 1\n"
    made = text_after("mosquitto.conf", old, "mqtt-credentials").removeprefix(old.partition("listener")[0])
    words = [line.split()[1] for line in made.splitlines()[:-1]]
    assert words == ["address", "remote_username", "remote_password"]
