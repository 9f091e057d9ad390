"""Which traps are opened, and where: all of them, or none."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from canaries.core import plugins
from canaries.core.errors import HomeError, NotFoundError, SettingsError
from canaries.core.settings import Settings
from listener.net.sockets import format_address
from listener.runtime.bindings import bind_all, bind_trap
from listener.traps import FOLDER, Trap


def settings(**http: Any) -> Settings:
    return Settings(traps={"http": http})


def test_every_address_is_bound() -> None:
    bound = bind_all(settings(bind=["127.0.0.1:0", "127.0.0.2:0", "[::1]:0"]))
    try:
        assert [format_address(sock).rpartition(":")[0] for sock in bound["http"]] == [
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


def test_a_local_socket_is_for_traps_that_need_no_address_of_the_peer(tmp_path: Path) -> None:
    place = f"unix:{tmp_path / 's'}"
    for name, trap in plugins.classes(FOLDER, Trap).items():  # type: ignore[type-abstract]
        section = Settings(traps={name: {"bind": [place]}})
        if trap.local:
            (opened,) = bind_trap(name, section)
            opened.close()
            continue
        with pytest.raises(SettingsError, match=rf"traps\.{name}\.bind"):
            bind_trap(name, section)


def test_an_unknown_trap_is_refused_by_name() -> None:
    with pytest.raises(NotFoundError, match="htp"):
        bind_all(Settings(traps={"htp": {}}))


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"'bnid' in traps\.http"):
        bind_all(settings(bnid=["127.0.0.1:0"]))


def test_every_trap_opens_where_its_address_is_free() -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    settings = Settings(traps={"http": {"bind": ["127.0.0.1:0"]}})
    told: list[HomeError] = []
    bound = bind_all(settings, told.append)
    everything = set(plugins.classes(FOLDER, Trap))
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


def test_a_host_of_another_machine_is_refused() -> None:
    with pytest.raises(HomeError, match="no such address"):
        bind_all(settings(bind=["192.0.2.1:0"]))
