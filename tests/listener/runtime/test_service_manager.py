"""What systemd is told, on a real datagram socket."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from listener.runtime.service_manager import ServiceManager


def test_it_is_told_as_sd_notify_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"{tmp_path}/s"[-100:] if len(str(tmp_path)) < 98 else "\0trapline-test")
        name = systemd.getsockname()
        address = "@" + name[1:].decode() if isinstance(name, bytes) else name
        manager = ServiceManager(
            {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}
        )
        assert manager.watchdog_seconds == 1.5
        for tell in (
            lambda: manager.starting("not\nready", 2),
            lambda: manager.ready("open"),
            lambda: manager.alive("front ready"),
            lambda: manager.reloading(7),
            manager.stopping,
        ):
            tell()
        heard = [systemd.recv(1000).decode() for _ in range(5)]
    assert heard == [
        "STATUS=not ready\nEXTEND_TIMEOUT_USEC=2000000",
        "READY=1\nSTATUS=open",
        "WATCHDOG=1\nSTATUS=front ready",
        "RELOADING=1\nMONOTONIC_USEC=7",
        "STOPPING=1",
    ]


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/at/all"])
def test_without_a_manager_nothing_happens(address: str) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "x"})
    manager.ready("open")
    assert manager.watchdog_seconds == 0


def test_a_watchdog_that_is_meant_for_another_process() -> None:
    assert ServiceManager({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}).watchdog_seconds == 0
