"""The traps' sockets."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from canaries import plugins
from canaries.errors import HomeError, NotFoundError, SettingsError
from canaries.settings import Settings
from listener.gate.sockets import bind_all, open_socket, open_sockets, parse_address, places, spelled
from listener.traps import FOLDER, Trap


def settings(**http: Any) -> Settings:
    return Settings(traps={"http": http})


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
    "text", ["80", "::1:80", "[::1]", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "[::1:80", ""]
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match=r"traps\.http\.bind"):
        parse_address(text, "traps.http.bind")


def test_every_address_is_bound() -> None:
    bound = bind_all(settings(bind=["127.0.0.1:0", "127.0.0.2:0", "[::1]:0"]))
    try:
        assert [spelled(sock).rpartition(":")[0] for sock in bound["http"]] == [
            "127.0.0.1",
            "127.0.0.2",
            "[::1]",
        ]
        for sock in bound["http"]:
            with socket.create_connection(sock.getsockname()[:2]):
                pass
    finally:
        for sock in bound["http"]:
            sock.close()


def test_a_port_that_is_taken_is_one_sentence_and_frees_the_others() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
        probe.close()
        port = taken.getsockname()[1]
        with pytest.raises(HomeError, match="another program holds that port") as caught:
            bind_all(settings(bind=[f"127.0.0.1:{free}", f"127.0.0.1:{port}"]))
        assert str(port) in caught.value.sentence
        assert caught.value.hint
        with socket.create_server(("127.0.0.1", free)):
            pass


def test_an_unknown_trap_is_refused_by_name() -> None:
    with pytest.raises(NotFoundError, match="htp"):
        bind_all(Settings(traps={"htp": {}}))


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"'bnid' in traps\.http"):
        bind_all(settings(bnid=["127.0.0.1:0"]))


def test_a_host_of_another_machine_is_refused() -> None:
    with pytest.raises(HomeError, match="no such address"):
        bind_all(settings(bind=["192.0.2.1:0"]))


def test_one_port_for_both_transports_and_one_place() -> None:
    found = open_sockets("127.0.0.1:0", ("udp", "tcp"), "traps.both.bind")
    try:
        assert [sock.type for sock in found] == [socket.SOCK_DGRAM, socket.SOCK_STREAM]
        assert len({sock.getsockname()[1] for sock in found}) == 1
        assert places(found) == [spelled(found[0])]
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


def test_every_trap_opens_where_its_address_is_free() -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    settings = Settings(traps={"http": {"bind": ["127.0.0.1:0"]}})
    told: list[HomeError] = []
    bound = bind_all(settings, told.append)
    everything = set(plugins.classes(FOLDER, Trap))  # type: ignore[type-abstract]
    missing = everything - bound.keys()
    assert len(told) == len(missing)
    assert "http" in bound
    for sockets in bound.values():
        for sock in sockets:
            sock.close()
    with pytest.raises(
        HomeError, match="another program holds"
    ):  # a trap that was asked for is not passed over
        bind_all(Settings(traps={"redis": {"bind": [f"127.0.0.1:{port}"]}}), told.append)
    taken.close()
