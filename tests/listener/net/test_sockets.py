"""The traps' sockets."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from canaries.core.errors import HomeError, SettingsError
from listener.net.sockets import format_address, open_socket, open_sockets, parse_address, places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::]:443", ("::", 443)),
        (":8080", ("", 8080)),
        ("localhost:0", ("localhost", 0)),
    ],
)
def test_addresses(text: str, expected: tuple[str, int]) -> None:
    assert parse_address(text, "traps.http.bind") == expected


@pytest.mark.parametrize(
    "text",
    [
        "80",
        "::1:80",
        "[::1]",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.1:65536",
        "[::1:80",
        "",
        "127.0.0.1:\uff18",
    ],
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match=r"traps\.http\.bind"):
        parse_address(text, "traps.http.bind")


def test_one_port_for_both_transports_and_one_place() -> None:
    found = open_sockets("127.0.0.1:0", ("udp", "tcp"), "traps.both.bind")
    try:
        assert [sock.type for sock in found] == [socket.SOCK_DGRAM, socket.SOCK_STREAM]
        assert len({sock.getsockname()[1] for sock in found}) == 1
        assert places(found) == [format_address(found[0])]
    finally:
        for sock in found:
            sock.close()


def test_a_port_that_is_taken_for_one_transport_frees_the_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HomeError, match="another program holds that port"):
            open_sockets(f"127.0.0.1:{port}", ("udp", "tcp"), "traps.both.bind")
        open_socket(f"127.0.0.1:{port}", "udp", "traps.both.bind").close()


def test_nobody_can_take_a_udp_port_beside_us() -> None:
    ours = open_socket("127.0.0.1:0", "udp", "traps.both.bind")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, ours:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(ours.getsockname())


def test_a_unix_socket_is_for_every_user_and_replaces_what_was_left_behind(tmp_path: Path) -> None:
    text = f"unix:{tmp_path / 's'}"
    for _ in range(2):
        (found,) = open_sockets(text, ("tcp",), "traps.sensors.bind")
        assert format_address(found) == text
        assert (tmp_path / "s").stat().st_mode & 0o777 == 0o666
        with pytest.raises(HomeError, match="another program listens there"):
            open_sockets(text, ("tcp",), "traps.sensors.bind")
        found.close()


@pytest.mark.parametrize("path", ["s.sock", f"/{'x' * 107}"])
def test_a_unix_socket_needs_an_absolute_path_that_fits(path: str) -> None:
    with pytest.raises(SettingsError, match=r"traps\.sensors\.bind"):
        open_sockets(f"unix:{path}", ("tcp",), "traps.sensors.bind")
