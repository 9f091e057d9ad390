"""Report state to systemd: sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping


class ServiceManager:
    """The service manager that started this process; where none did, every call does nothing."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        watched = environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        micros = environ.get("WATCHDOG_USEC", "") if watched else ""
        self.watchdog_seconds = int(micros) / 2_000_000 if micros.isdigit() else 0.0
        """How often it wants to hear `alive`: half of the time after which it kills; 0: never."""

    def _send(self, **fields: str) -> None:
        if not self._address.startswith(("/", "@")):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        text = "\n".join(f"{name}={value}" for name, value in fields.items())
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.sendto(text.encode(), address)

    def starting(self, status: str, seconds: float) -> None:
        """Still starting: give it ``seconds`` more."""
        self._send(STATUS=_line(status), EXTEND_TIMEOUT_USEC=str(int(seconds * 1_000_000)))

    def ready(self, status: str) -> None:
        """It works."""
        self._send(READY="1", STATUS=_line(status))

    def alive(self, status: str) -> None:
        """Still here."""
        self._send(WATCHDOG="1", STATUS=_line(status))

    def reloading(self, monotonic_us: int) -> None:
        """It takes up new settings; `ready` ends that."""
        self._send(RELOADING="1", MONOTONIC_USEC=str(monotonic_us))

    def stopping(self) -> None:
        """It ends."""
        self._send(STOPPING="1")


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
