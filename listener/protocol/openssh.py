"""An SSH connection as sshd of OpenSSH 8.2 and 8.4 holds it: lists, order, host keys, extensions, notices.

After its sources of these releases: myproposal.h and list_hostkey_types (KEXINIT), kex.c (EXT_INFO, a wrong guess),
kexgexs.c (groups), notify_hostkeys, auth-options.c (what a key is told). asyncssh has its own habits in these places.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import re
import socket
from collections.abc import Awaitable, Collection, Sequence
from typing import Any

import asyncssh
from asyncssh.constants import MSG_CHANNEL_OPEN
from asyncssh.kex_dh import _KexDHGex
from asyncssh.mac import get_mac_algs
from asyncssh.packet import SSHPacket

from canaries.protocols import ssh_keys
from listener.protocol.identity import Identity
from listener.protocol.ssh_deciphering import BoundedDecompressor, ReadingOn, TeedEncryption
from listener.protocol.ssh_packets import PacketTee

KEX = (
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group14-sha256",
)
_STRICT = b"kex-strict-s-v00@openssh.com"
"""What the distributions' security updates of 2023 added at the end."""
HOST_KEY_ALGORITHMS = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519")
"""In the order in which sshd reads its keys' files."""
CIPHERS = (
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
)
MACS = (
    "umac-64-etm@openssh.com",
    "umac-128-etm@openssh.com",
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha1-etm@openssh.com",
    "umac-64@openssh.com",
    "umac-128@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
)
COMPRESSION = ("none", "zlib@openssh.com")
_SIGNATURES = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ssh-rsa",
    "rsa-sha2-256",
    "rsa-sha2-512",
    "ssh-dss",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
"""``server-sig-algs``: all that sshkey.c can read, in its order, allowed or not."""
_SINCE_8_4 = ("webauthn-sk-ecdsa-sha2-nistp256@openssh.com",)
_REFUSED_SIGNATURES = frozenset({"ssh-dss"})
"""``PubkeyAcceptedKeyTypes`` has none of it."""
_SMALLEST_GROUP = 2048
_REQUEST_OLD, _REQUEST = 30, 34
_HOME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
"""Who has a home folder whose name can be said."""
_KEY_OPTIONS = "key options: agent-forwarding port-forwarding pty user-rc x11-forwarding"
"""auth_log_authopts, of a line without options."""


def signatures(release: str) -> tuple[str, ...]:
    """``server-sig-algs`` of ``OpenSSH_8.4p1 ...``."""
    return _SIGNATURES + (() if release.startswith("OpenSSH_8.2") else _SINCE_8_4)


def options(identity: Identity, rsa: bytes = b"") -> asyncssh.SSHServerConnectionOptions:
    """What is the same for every connection: this installation's version, host keys and algorithms.

    ``rsa``: the RSA host key, PEM; without one only the other keys are offered.
    """
    supported = {name.decode() for name in get_mac_algs()}  # umac needs the nettle library
    release = identity.host.release("ssh")
    return asyncssh.SSHServerConnectionOptions(
        server_version=release,
        server_host_keys=_host_keys(identity.key, rsa),
        send_server_host_keys=True,
        kex_algs=KEX,
        encryption_algs=CIPHERS,
        mac_algs=[name for name in MACS if name in supported],
        compression_algs=COMPRESSION,
        signature_algs=[
            name
            for name in signatures(release)
            if name not in _REFUSED_SIGNATURES and not name.startswith("webauthn")
        ],
        kbdint_auth=False,
        host_based_auth=False,
        gss_host=None,
        x509_trusted_certs=None,
        agent_forwarding=False,
        x11_forwarding=False,
        line_editor=False,
        encoding=None,
    )


def _host_keys(front_key: bytes, rsa: bytes) -> list[asyncssh.SSHKey]:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    seed, number = ssh_keys.host_keys(front_key)
    ecdsa = ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
    ed = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    pems = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for key in (ecdsa, ed)]
    return [asyncssh.import_private_key(pem) for pem in ([rsa] if rsa else []) + pems]


class OpenSshConnection(asyncssh.SSHServerConnection):
    """One connection."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        options: asyncssh.SSHServerConnectionOptions,
        tee: PacketTee,
    ) -> None:
        super().__init__(loop, options)
        self._tee = tee
        self._release = options.version.decode()
        self._key_used = False
        has = set(options.server_host_keys)
        self._server_host_key_algs = [name.encode() for name in HOST_KEY_ALGORITHMS if name.encode() in has]

    def _get_extra_kex_algs(self) -> list[bytes]:
        return [_STRICT]

    def _send_ext_info(self) -> None:
        self._extensions_to_send.clear()
        self._extensions_to_send[b"server-sig-algs"] = ",".join(signatures(self._release)).encode()
        super()._send_ext_info()

    def send_newkeys(self, k: bytes, h: bytes) -> None:
        """As asyncssh; what a visitor sends is kept in clear, and cannot swell where it is packed."""
        super().send_newkeys(k, h)
        if self._next_recv_encryption is not None:
            self._next_recv_encryption = TeedEncryption(
                self._next_recv_encryption, self._tee, self._next_recv_blocksize, self._next_recv_macsize
            )
        if self._next_decompressor is not None:
            self._next_decompressor = BoundedDecompressor(self._tee)

    def log_received_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Called with each packet that is nobody else's, also with one that is refused; before keys are agreed that is
        what a visitor says in clear."""
        if self._recv_encryption is None:
            self._tee.add(packet.get_full_payload())
        super().log_received_packet(pkttype, pktid, packet, note)

    def data_received(self, data: bytes, datatype: int | None = None) -> None:
        """As asyncssh, and counted; the transport is closed a moment after the conversation is over."""
        self._tee.heard += len(data)
        if self._transport is None:
            self._tee.behind(data)
        else:
            super().data_received(data, datatype)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Read what came before the end: while one packet is answered others wait behind it. True: not over yet."""
        if self._inpbuf and self._tasks:
            next(iter(self._tasks)).add_done_callback(lambda _: self.eof_received())
            return True
        super().eof_received()
        return False

    def _force_close(self, exc: Exception | None) -> None:
        """The conversation is over; what the client has said behind its end, and says yet, goes into the tee."""
        over = self._transport is None
        super()._force_close(exc)
        if not over and isinstance(self._recv_encryption, TeedEncryption):
            packed = self._auth_complete or not self._decompress_after_auth
            unpacking = self._decompressor if packed else None
            self._tee.late = ReadingOn(self._recv_encryption, unpacking, self._recv_seq)
            self._tee.late(self._inpbuf)
            self._inpbuf = b""

    def _open_in_turn(self, kind: int, number: int, packet: SSHPacket) -> Awaitable[None] | None:
        """As asyncssh; what is said before the channel is confirmed waits: sshd takes one packet after the other."""
        before = set(self._tasks)
        self._process_channel_open(kind, number, packet)
        opening = self._tasks - before
        return _all_done(opening) if opening else None

    _packet_handlers = {
        **asyncssh.SSHServerConnection._packet_handlers,
        MSG_CHANNEL_OPEN: _open_in_turn,
    }

    def choose_server_host_key(self, peer_host_key_algs: Sequence[bytes]) -> bool:
        """Whether there is a key for one of the algorithms that the client asks for; called when a KEXINIT is read."""
        self._ignore_first_kex = self._guessed_wrong(peer_host_key_algs)
        if isinstance(self._kex, _KexDHGex):
            self._kex = _GroupExchange(self._kex.algorithm, self, hashlib.sha256)
        for name in peer_host_key_algs:
            if name in (self._server_host_key_algs or ()):
                # a copy: another connection's choice of hash must not change this one's
                pair = copy.copy(self._server_host_keys[name])
                pair.set_sig_algorithm(name)
                self._server_host_key = pair
                return True
        return False

    def _guessed_wrong(self, peer_host_key_algs: Sequence[bytes]) -> bool:
        """Whether a first packet follows that was guessed for other algorithms: both firsts must agree (4253, 7)."""
        said = SSHPacket(self._client_kexinit)
        said.get_bytes(1 + 16)
        kex = said.get_namelist()
        mine = (KEX[0].encode(), (self._server_host_key_algs or [b""])[0])
        return self._client_kexinit[-5] != 0 and (kex[0], peer_host_key_algs[0]) != mine

    def send_channel_open_confirmation(
        self, send_chan: int, recv_chan: int, recv_window: int, recv_pktsize: int, *result_args: bytes
    ) -> None:
        """Without a window: sshd opens it when it is asked for something (`OpenSshChannel.open_window`)."""
        super().send_channel_open_confirmation(send_chan, recv_chan, 0, recv_pktsize, *result_args)

    def send_server_host_keys(self) -> None:
        """Said once somebody is in; then what sshd's debug messages tell of the key that let them in."""
        super().send_server_host_keys()
        user = self.get_extra_info("username")
        if self._key_used and _HOME.fullmatch(user):
            home = "/root" if user == "root" else f"/home/{user}"
            for _ in range(2):  # of the question whether the key is good, and of its signature
                self.send_debug(f"{home}/.ssh/authorized_keys:1: {_KEY_OPTIONS}", lang="")

    async def validate_public_key(self, username: str, key_data: bytes, msg: bytes, signature: bytes) -> bool:
        """As asyncssh; the server is told of a signature that is not the key's."""
        good = await super().validate_public_key(username, key_data, msg, signature)
        self._key_used = bool(msg) and good
        if msg and not good:
            self._owner.signature_refused(key_data)  # type: ignore[attr-defined]
        return good


async def _all_done(tasks: Collection[asyncio.Task[None]]) -> None:
    await asyncio.wait(tasks)


class _GroupExchange(_KexDHGex):
    """Groups of 2048 bits and more."""

    def _process_request(self, pkttype: int, pktid: int, packet: SSHPacket) -> None:
        said = SSHPacket(packet.get_remaining_payload())
        if pkttype == _REQUEST_OLD:
            raise asyncssh.ProtocolError("a request of before RFC 4419")
        least, wanted, most = said.get_uint32(), said.get_uint32(), said.get_uint32()
        if not max(least, _SMALLEST_GROUP) <= most or not least <= wanted <= most:
            raise asyncssh.ProtocolError("out of range")
        super()._process_request(pkttype, pktid, packet)

    _packet_handlers = {
        **_KexDHGex._packet_handlers,
        _REQUEST_OLD: _process_request,
        _REQUEST: _process_request,
    }


async def converse(
    sock: socket.socket,
    common: asyncssh.SSHServerConnectionOptions,
    server: asyncssh.SSHServer,
    tee: PacketTee,
) -> None:
    """Serve the client at the other end of ``sock`` until the connection is over; its packets go into ``tee``."""
    loop = asyncio.get_running_loop()
    given = await asyncssh.SSHServerConnectionOptions.construct(common, server_factory=lambda: server)
    _, connection = await loop.create_connection(lambda: OpenSshConnection(loop, given, tee), sock=sock)
    await connection.wait_closed()
