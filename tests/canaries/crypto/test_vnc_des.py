"""VNC's key and response, as a known viewer makes them."""

from __future__ import annotations

from canaries.crypto import vnc_des
from tests.listener.traps.test_vnc import des


def test_the_response_is_a_viewers() -> None:
    asked = bytes(range(16))
    assert vnc_des.response(vnc_des.key("8 chars!"), asked) == des(b"8 chars!", asked)
    assert vnc_des.key("8 chars! and more") == vnc_des.key("8 chars!") != vnc_des.key("8 charz!")
    assert vnc_des.key("a") == bytes([0x86, 0, 0, 0, 0, 0, 0, 0])
