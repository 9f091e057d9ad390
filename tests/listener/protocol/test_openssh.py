"""What asyncssh does otherwise than OpenSSH's server, done as that does it; `test_ssh_beside_sshd` has both beside."""

from __future__ import annotations

import asyncio
import socket
import zlib
from typing import Any

import asyncssh
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canaries.protocols import ssh_keys
from listener.protocol import openssh, ssh_server
from listener.protocol.identity import Identity
from listener.protocol.ssh_deciphering import BoundedDecompressor
from listener.protocol.ssh_packets import PacketTee, packets
from tests import steady
from tests.listener.protocol.test_ssh_deciphering import CIPHERS, SAID, ends, sealed
from tests.listener.protocol.test_ssh_server import KEY, LENIENT, PASSWORD, Jotted, nothing, visit


def test_one_installation_has_its_own_version_and_host_keys() -> None:
    async def scene(connection: asyncssh.SSHClientConnection) -> None:
        key = connection.get_server_host_key()
        assert key is not None
        assert key.export_public_key().decode().split()[:2] == ssh_keys.host_public(KEY).split()

    visit(scene, server_host_key_algs=["ssh-ed25519"], **PASSWORD)
    versions = {openssh.options(Identity(bytes((n,)) * 32)).version for n in range(12)}
    assert len(versions) > 2
    assert all(version.startswith(b"OpenSSH_8.") for version in versions)


def test_what_is_sent_packed_is_unpacked_and_cannot_swell() -> None:
    jotted = visit(nothing, compression_algs=["zlib@openssh.com"], **PASSWORD)
    assert jotted[-1][0] == "login"
    bounded = BoundedDecompressor(PacketTee(1 << 16))
    stream = zlib.compressobj()
    assert bounded.decompress(stream.compress(b"ls") + stream.flush(zlib.Z_SYNC_FLUSH)) == b"ls"
    assert bounded.decompress(stream.compress(bytes(1 << 20)) + stream.flush()) is None
    assert bounded.decompress(b"no zlib") is None


def test_of_each_release_the_signatures_that_it_names() -> None:
    old, new = (openssh.signatures(f"OpenSSH_8.{n}p1 Debian") for n in (2, 4))
    assert set(new) - set(old) == {"webauthn-sk-ecdsa-sha2-nistp256@openssh.com"}


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")  # the library's, of what it will drop
@pytest.mark.parametrize("most", [1024, 2048])
def test_a_group_has_2048_bits(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asyncssh.kex_dh.KEX_DH_GEX_PREFERRED_SIZE", most)
    monkeypatch.setattr("asyncssh.kex_dh.KEX_DH_GEX_MAX_SIZE", most)
    kex = {"kex_algs": ["diffie-hellman-group-exchange-sha256"], **PASSWORD}
    if most < 2048:
        with pytest.raises(asyncssh.Error):
            visit(nothing, **kex)
    else:
        assert visit(nothing, **kex)


def test_clients_at_the_same_time_have_the_signature_that_each_asked_for() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    options = openssh.options(Identity(KEY), pem)

    async def one(algorithm: str) -> str:
        ours, theirs = socket.socketpair()
        serving = asyncio.ensure_future(
            ssh_server.serve(theirs, options, LENIENT, lambda *_: None, PacketTee(1 << 16))
        )
        settings: Any = {
            "username": "root",
            "known_hosts": None,
            "config": None,
            "agent_path": None,
            **PASSWORD,
        }
        async with asyncssh.connect(
            "127.0.0.1", sock=ours, server_host_key_algs=[algorithm], **settings
        ) as it:
            host_key = it.get_server_host_key()
        await asyncio.wait((serving,), timeout=steady.PATIENCE)
        assert host_key is not None
        return host_key.get_algorithm()

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*map(one, ("rsa-sha2-512", "ssh-rsa", "rsa-sha2-256")))

    assert asyncio.run(asyncio.wait_for(all_at_once(), steady.PATIENCE)) == ["ssh-rsa"] * 3


def test_a_signature_of_another_key_is_told() -> None:
    """Who has the public half alone can offer the key, and no more."""
    shown, own = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    (pair,) = asyncssh.load_keypairs([shown])
    pair.sign = asyncssh.load_keypairs([own])[0].sign  # type: ignore[method-assign]
    jotted: Jotted = []
    with pytest.raises(asyncssh.PermissionDenied):
        visit(nothing, client_keys=[pair], jotted=jotted)
    assert [what for what, _ in jotted] == ["user", "key", "not proven"]
    assert jotted[-1][1]["fingerprint"] == ssh_keys.fingerprint(shown.public_data)


@pytest.mark.parametrize("cut", [0, 10, 40, 100])
def test_what_comes_before_a_connection_that_is_over_is_closed_is_read(cut: int) -> None:
    """The transport is closed a moment later, and hands over meanwhile what the client goes on to say."""
    tee = PacketTee(1 << 16)
    client, mine, head = ends(CIPHERS[0], tee)
    wire = b"".join(sealed(client, head, number, payload) for number, payload in enumerate(SAID))

    async def scene() -> None:
        loop, (ours, theirs) = asyncio.get_running_loop(), socket.socketpair()
        common = openssh.options(Identity(KEY))
        given = await asyncssh.SSHServerConnectionOptions.construct(common, server_factory=asyncssh.SSHServer)
        with ours:
            _, connection = await loop.create_connection(
                lambda: openssh.OpenSshConnection(loop, given, tee), sock=theirs
            )
            connection._recv_encryption, connection._inpbuf = mine, wire[:cut]
            connection.abort()
            connection.data_received(wire[cut:])
            await connection.wait_closed()

    asyncio.run(asyncio.wait_for(scene(), steady.PATIENCE))
    assert list(packets(tee.take(1 << 16))) == SAID
    assert tee.heard == len(wire) - cut
