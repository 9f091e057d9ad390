"""MQTT: real clients against a real listener."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import steady
from tests.listener.protocol.test_mqtt_broker import connect, packet, text

FIRST = [b"\x10\x18\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02id\x00\x04user\x00\x02pw"]
"""What clients send first."""
FLOODS = [
    [connect(), b"\xc0\0" * 4_000],
    [connect(), *(packet(0x30, text("t" * 60_000) + b"x" * 190_000) for _ in range(30))],
    [connect(), *(packet(0x82, b"\0\1" + (text("a") + b"\0") * 250) for _ in range(400))],
    [connect(5), *(packet(0x82, b"\0\1\0" + text("t" * 900) + b"\0") for _ in range(400))],
    [connect(), *(packet(0x30, text("t") + b"x" * 8_000)[at : at + 1] for at in range(8_000))],
]
"""Many pings, messages and subscriptions, and one message in crumbs."""
CUT_OFF = [[connect(), b"\x30\xff\xff\xff\x7f"], [connect(), b"\0\0"]]
"""A packet that is too long, and one that there is not."""


@pytest.fixture(scope="module")
def theft(steal: Callable[..., Any]) -> Any:
    return steal("mqtt", "mqtt-credentials")


def test_mosquitto_pub_hands_over_its_password(theft: Any) -> None:
    login = ("-h", "127.0.0.1", "-p", str(theft.port), "-u", theft.row["user"], "-P", theft.row["password"])
    theft.run("mosquitto_pub", *login, "-t", "door", "-m", "open", "-q", "1")
    hit = theft.hit("login")
    assert (hit.facet, hit.entry.body["observed"]["user"]) == ("password", theft.row["user"])
    assert theft.hit("publish").entry.body["observed"]["topic"] == "door"


def test_mosquitto_sub_reads_the_stolen_file_by_itself(theft: Any) -> None:
    folder = theft.home.path.parent / ".config"
    folder.mkdir()
    config = next(file for file in theft.bait.files if file.path.endswith("mosquitto_sub")).content.decode()
    (folder / "mosquitto_sub").write_text(config.replace(theft.row["host"], "127.0.0.1"))
    assert "denied" in theft.run("mosquitto_sub", "-W", "5")
    theft.hit("login")
    assert theft.hit("subscribe").entry.body["observed"]["topics"] == [config.split("-t ")[1].strip()]


@pytest.mark.parametrize("version", [4, 5])
def test_paho_hands_over_its_password(theft: Any, version: int) -> None:
    mqtt = pytest.importorskip("paho.mqtt.client")
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="paho-box", protocol=version)
    client.username_pw_set(theft.row["user"], theft.row["password"])
    client.connect("127.0.0.1", theft.port)
    client.loop_start()
    client.publish("alarm", "on", qos=1).wait_for_publish(steady.PATIENCE)
    client.disconnect()
    client.loop_stop()
    assert theft.hit("login").entry.body["observed"]["client_id"] == "paho-box"
    assert theft.hit("publish").entry.body["observed"]["message"] == "on"
