"""What a client says before it asks for anything: `tests/listener/traps/test_ssh.py` floods a server with it."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import asyncssh
import pytest
from asyncssh.packet import String

from listener.protocol import openssh, ssh_server
from listener.protocol.identity import Identity
from listener.protocol.ssh_packets import PacketTee
from tests import steady
from tests.listener.traps.test_ssh import opened


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["LANG", "LC_ALL", "FOO"], [True, True, False]),
        ([f"LC_{number}" for number in range(131)], [*[True] * 129, False, False]),
    ],
)
def test_variables_are_taken_as_sshd_takes_them(names: list[str], taken: list[bool]) -> None:
    """Those that AcceptEnv of the distributions names, and 129 of them: it looks whether there are more than 128."""
    seen: list[tuple[str, dict[str, Any]]] = []

    async def play() -> None:
        here, there = socket.socketpair()
        here.setblocking(False)
        there.setblocking(False)
        manner = ssh_server.Manner(lambda _: False, lambda _: True, 6)
        common = openssh.options(Identity(b"k" * 32))
        serving = asyncio.ensure_future(
            ssh_server.serve(there, common, manner, lambda *one: seen.append(one), PacketTee(1 << 18))
        )
        async with asyncssh.connect(
            "127.0.0.1",
            sock=here,
            username="app",
            password="x",
            known_hosts=None,
            config=None,
            agent_path=None,
            client_keys=None,
        ) as connection:
            channel = await opened(connection)
            said = [bool(await channel._make_request(b"env", String(name), String("x"))) for name in names]
            await channel._make_request(b"shell")
        assert said == taken
        await asyncio.wait([serving], timeout=steady.PATIENCE)

    asyncio.run(asyncio.wait_for(play(), steady.PATIENCE))
    shown = next(shown for what, shown in seen if what == "shell")
    assert list(shown["environment"]) == names[:64], "refused or not, it is shown"
