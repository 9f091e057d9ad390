"""OpenVPN's profiles."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_an_old_gateway_beside_the_one_in_use() -> None:
    old = "client\nremote vpn.example.org 1194\n<ca>\nx\n</ca>\n"
    made = text_after("office.ovpn", old, "openvpn")
    assert made.startswith("client\nremote vpn.example.org 1194\n# remote ")
    assert made.endswith("<ca>\nx\n</ca>\n")
