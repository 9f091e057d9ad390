"""The SSH server by itself, at one end of a socket pair: what it jots, what it grants, what it never does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import asyncssh
import pytest

from canaries.crypto.seeded_random import SeededRandom
from canaries.protocols import ssh_keys
from listener.protocol import openssh, ssh_server
from listener.protocol.identity import Identity
from listener.protocol.ssh_packets import PacketTee
from tests import steady
from tests.carried import CARRIERS, Door, secure_shell  # noqa: F401  it fills the table

KEY = b"k" * 32
LENIENT = ssh_server.Manner(accepts_key=lambda _: True, accepts_password=lambda _: True, attempts=3)
STRICT = ssh_server.Manner(accepts_key=lambda _: False, accepts_password=lambda _: False, attempts=3)
Jotted = list[tuple[str, dict[str, Any]]]


def visit(
    scene: Callable[[asyncssh.SSHClientConnection], Awaitable[None]],
    manner: ssh_server.Manner = LENIENT,
    jotted: Jotted | None = None,
    tee: PacketTee | None = None,
    **login: Any,
) -> Jotted:
    """Log in, play a scene, and what was jotted meanwhile."""
    jotted = [] if jotted is None else jotted

    async def both() -> None:
        ours, theirs = socket.socketpair()
        options = openssh.options(Identity(KEY))
        serving = asyncio.ensure_future(
            ssh_server.serve(
                theirs,
                options,
                manner,
                lambda what, shown: jotted.append((what, shown)),
                tee or PacketTee(1 << 16),
            )
        )
        try:
            settings = {"username": "root", "known_hosts": None, "config": None, "agent_path": None, **login}
            async with asyncssh.connect("127.0.0.1", sock=ours, **settings) as connection:
                await scene(connection)
        finally:
            await asyncio.wait((serving,), timeout=steady.PATIENCE)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await asyncio.sleep(0)  # transports close in the loop's next turn

    asyncio.run(asyncio.wait_for(both(), steady.PATIENCE))
    return jotted


async def nothing(_: asyncssh.SSHClientConnection) -> None:
    """Only log in."""


PASSWORD: dict[str, Any] = {"password": "hunter2", "client_keys": None}


def test_a_password_is_jotted_with_its_user() -> None:
    jotted = visit(nothing, **PASSWORD)
    assert jotted == [("user", {"user": "root"}), ("login", {"user": "root", "password": "hunter2"})]


def test_a_key_is_jotted_when_offered_and_again_when_proven() -> None:
    key = ssh_keys.bait_ed25519(SeededRandom(b"s" * 32), KEY)
    jotted = visit(nothing, client_keys=[asyncssh.import_private_key(key.openssh("", b"abcd"))])
    shown = {
        "user": "root",
        "algorithm": "ssh-ed25519",
        "fingerprint": key.fingerprint,
        "public_key": key.public,
    }
    assert jotted[1:] == [("key", shown), ("proven", {**shown, "proven": True})]


def test_what_is_refused_is_jotted_as_well() -> None:
    jotted: Jotted = []
    key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    with pytest.raises(asyncssh.PermissionDenied):
        visit(nothing, STRICT, jotted, client_keys=[key], password="hunter2")
    assert [what for what, _ in jotted] == ["user", "key", "login"]
    assert jotted[1][1]["fingerprint"] == key.get_fingerprint()
    assert jotted[2][1]["password"] == "hunter2"


def test_every_session_says_the_same_and_ends_with_1() -> None:
    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        for asked in (
            {"command": "id"},
            {},
            {"subsystem": "sftp"},
            {"term_type": "xterm", "term_size": (132, 50)},
        ):
            done = await connection.run(**asked)
            assert str(done.stdout).strip() == "This account is currently not available."
            assert done.exit_status == 1

    login = {"user": "root", "password": "hunter2"}
    assert visit(scene, **PASSWORD)[2:] == [
        ("command", {**login, "command": "id"}),
        ("shell", login),
        ("subsystem", {**login, "subsystem": "sftp"}),
        ("shell", {**login, "terminal": "xterm 132x50"}),
    ]


def test_there_is_no_other_subsystem() -> None:
    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.run(subsystem="netconf")

    assert visit(scene, **PASSWORD)[-1][1]["subsystem"] == "netconf"


def test_nothing_is_forwarded() -> None:
    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("10.0.0.5", 80)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection("/var/run/docker.sock")
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("", 8022, "127.0.0.1", 22)

    asked = [(shown["forward"], shown["to"]) for what, shown in visit(scene, **PASSWORD) if what == "forward"]
    assert asked == [
        ("direct-tcpip", "10.0.0.5:80"),
        ("direct-streamlocal", "/var/run/docker.sock"),
        ("tcpip-forward", ":8022"),
    ]


def test_neither_agent_nor_display_is_taken() -> None:
    """The session opens all the same: the server has only said no to the request."""

    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        assert connection.get_extra_info("agent_path") is None
        done = await connection.run("id")
        assert done.exit_status == 1

    visit(scene, agent_forwarding=True, **PASSWORD)


def test_sessions_are_counted() -> None:
    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        for _ in range(10):
            await connection.run("id")
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.run("id")

    assert len(visit(scene, **PASSWORD)) == 2 + 10


def test_environment_is_jotted_and_bounded() -> None:
    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        await connection.run("id", env={f"N{number}": "v" for number in range(100)})

    assert len(visit(scene, **PASSWORD)[-1][1]["environment"]) == 64


@pytest.mark.parametrize("pieces", [1, 40])
def test_who_asks_before_the_channel_is_confirmed_is_heard(pieces: int) -> None:
    """Some clients say all they want at once; sshd takes one packet after the other."""
    jotted: Jotted = []
    door = Door("hunter2", "root")

    def client(sock: socket.socket) -> None:
        carrier = CARRIERS["ssh command"]
        assert carrier.opens is not None
        said = carrier.opens(sock, carrier.script(b"uname -a", door))
        for at in range(pieces):
            sock.sendall(said[len(said) * at // pieces : len(said) * (at + 1) // pieces])
        while sock.recv(65_536):
            pass

    async def both() -> None:
        ours, theirs = socket.socketpair()
        with ours:
            serving = ssh_server.serve(
                theirs,
                openssh.options(Identity(KEY)),
                LENIENT,
                lambda what, shown: jotted.append((what, shown)),
                PacketTee(1 << 16),
            )
            await asyncio.gather(serving, asyncio.to_thread(client, ours))

    asyncio.run(asyncio.wait_for(both(), steady.PATIENCE))
    assert ("command", {"user": "root", "password": "hunter2", "command": "uname -a"}) in jotted
