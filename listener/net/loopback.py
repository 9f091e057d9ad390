"""Addresses for this machine's own programs: nothing but loopback."""

from __future__ import annotations

import ipaddress

from canaries.core.errors import SettingsError


def loopback_address(text: str, setting: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:9464``. Raises SettingsError for anything but loopback."""
    host, _, port = text.rpartition(":")
    try:
        ip, number = ipaddress.ip_address(host.removeprefix("[").removesuffix("]")), int(port)
    except ValueError:
        raise SettingsError(
            f"{setting} is {text!r}, which is no address and port", hint="write 127.0.0.1:0"
        ) from None
    if not 0 <= number <= 65535:
        raise SettingsError(f"{setting} is {text!r}, which is no address and port", hint="write 127.0.0.1:0")
    if not ip.is_loopback:
        raise SettingsError(
            f"{setting} is {text!r}: it is served on loopback only",
            hint="from another machine use: ssh -L PORT:127.0.0.1:PORT HOST, or a proxy that asks who it is",
        )
    return str(ip), number
