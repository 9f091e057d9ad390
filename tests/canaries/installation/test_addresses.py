"""Addresses: who can reach one, which are this machine's own, and what a name that nobody knows resolves to."""

from __future__ import annotations

import socket

import pytest

from canaries.installation.addresses import answers, is_name, look_up, own, random_label, scope


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("::ffff:0.0.0.0", "unspecified"),
        ("127.0.0.1", "loopback"),
        ("127.9.9.9", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private"),
        ("192.168.0.9", "private"),
        ("100.64.0.1", "private"),
        ("fe80::1%eth0", "private"),
        ("fd00::1", "private"),
        ("198.51.100.7", "documentation"),
        ("2001:db8::1", "documentation"),
        ("224.0.0.1", "multicast"),
        ("1.1.1.1", ""),
        ("2606:4700::1111", ""),
    ],
)
def test_who_can_reach_an_address(address: str, found: str) -> None:
    assert scope(address) == found


def test_its_own_addresses() -> None:
    assert own("127.0.0.1")
    assert not own("198.51.100.7")
    assert not own("0.0.0.0")


def test_whether_somebody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert answers("127.0.0.1", port)
    assert not answers("127.0.0.1", port)


def test_names_and_addresses() -> None:
    assert is_name("traps.example.net")
    assert not is_name("::1")
    assert look_up("localhost")
    assert random_label() != random_label()


@pytest.mark.parametrize(("code", "found"), [(socket.EAI_NONAME, ()), (socket.EAI_AGAIN, None)])
def test_no_such_name_and_no_answer_are_two_things(
    monkeypatch: pytest.MonkeyPatch, code: int, found: tuple[str, ...] | None
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(code, "no")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert look_up("x.example.net") == found
