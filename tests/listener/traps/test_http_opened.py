"""Which protocol is spoken behind an upgrade; what is said there is tested with the trap."""

from __future__ import annotations

import pytest

from listener.traps._http_opened import speaks_mqtt


@pytest.mark.parametrize(("protocol", "is_one"), [("mqtt", True), ("mqttv3.1", True), ("stomp", False)])
def test_mqtt_is_known_by_its_sub_protocol(protocol: str, is_one: bool) -> None:
    assert speaks_mqtt([("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", protocol)]) is is_one


def test_without_a_sub_protocol_it_is_none() -> None:
    assert not speaks_mqtt([("Upgrade", "websocket")])
    assert not speaks_mqtt(None)
