"""SSH: a client that agrees on keys as RFC 4253 has it, and then says whatever it is given."""

from __future__ import annotations

import hashlib
import hmac
import socket
import struct
import zlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.carried import Door, anything, ascii_line, carries, one_line, text

_KEX, _HOST_KEY, _CIPHER, _MAC = b"curve25519-sha256", b"ssh-ed25519", b"aes128-ctr", b"hmac-sha2-256"
_VERSION = b"SSH-2.0-OpenSSH_9.6"


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def mpint(number: bytes) -> bytes:
    """RFC 4251, section 5: no zeros in front but one before a high bit."""
    digits = number.lstrip(b"\0")
    return _string(bytes(digits[0] >> 7) + digits)


def _packet(payload: bytes, block: int = 8) -> bytes:
    """In clear (RFC 4253, section 6)."""
    padding = block - (len(payload) + 5) % block
    padding += block if padding < 4 else 0
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + bytes(padding)


def _kexinit(
    compression: bytes = b"none", kex: bytes = _KEX, language: bytes = b"", cookie: bytes = bytes(16)
) -> bytes:
    lists = (kex, _HOST_KEY, _CIPHER, _CIPHER, _MAC, _MAC, compression, b"none", language, b"")
    return b"\x14" + cookie + b"".join(map(_string, lists)) + bytes(5)


def _opens(sock: socket.socket, said: bytes, compression: bytes = b"none") -> bytes:
    """Agree on keys; ``said`` encrypted, of which each packet stands behind its length."""
    own, mine = X25519PrivateKey.generate(), _kexinit(compression)
    public = own.public_key().public_bytes_raw()
    sock.sendall(_VERSION + b"\r\n" + _packet(mine) + _packet(b"\x1e" + _string(public)))
    with sock.makefile("rb") as answers:
        version = answers.readline().rstrip(b"\r\n")
        theirs, reply = _read(answers.read), _read(answers.read)
        assert _read(answers.read) == b"\x15"
    key, other, _ = _strings(reply[1:])
    shared = mpint(own.exchange(X25519PublicKey.from_public_bytes(other)))
    said_both = (_VERSION, version, mine, theirs, key, public, other)
    agreed = hashlib.sha256(b"".join(map(_string, said_both)) + shared).digest()

    def drawn(letter: bytes) -> bytes:
        return hashlib.sha256(shared + agreed + letter + agreed).digest()

    cipher = Cipher(algorithms.AES128(drawn(b"C")[:16]), modes.CTR(drawn(b"A")[:16])).encryptor()
    wire, packer = bytearray(_packet(b"\x15")), zlib.compressobj()
    for number, payload in enumerate(_strings(said)):
        if number > 1 and compression != b"none":  # from the login on
            payload = packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH)
        packet = _packet(payload, 16)
        mac = hmac.digest(drawn(b"E"), struct.pack(">I", number + 3) + packet, "sha256")
        wire += cipher.update(packet) + mac
    return bytes(wire)


def _opens_packed(sock: socket.socket, said: bytes) -> bytes:
    return _opens(sock, said, b"zlib@openssh.com")


def _read(read: object) -> bytes:
    size, padding = struct.unpack(">IB", read(5))  # type: ignore[operator]
    return read(size - 1)[: size - 1 - padding]  # type: ignore[operator, no-any-return]


def _strings(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : end]
        at = end


def _said(*payloads: bytes) -> bytes:
    return b"".join(map(_string, (b"\x05" + _string(b"ssh-userauth"), *payloads)))


def _userauth(user: bytes, method: bytes, rest: bytes = b"") -> bytes:
    return b"\x32" + _string(user) + _string(b"ssh-connection") + _string(method) + rest


def _inside(door: Door, *payloads: bytes) -> bytes:
    password = b"\0" + _string(door.password.encode())
    bye = b"\x01" + struct.pack(">I", 11) + _string(b"disconnected by user") + _string(b"")
    return _said(_userauth(door.user.encode(), b"password", password), *payloads, bye)


_SESSION = b"\x5a" + _string(b"session") + struct.pack(">III", 0, 1 << 21, 1 << 15)


def _request(kind: bytes, rest: bytes) -> bytes:
    return b"\x62" + struct.pack(">I", 0) + _string(kind) + b"\x01" + rest


@carries("ssh identification", lambda data: ascii_line(data) and len(data) < 230, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"SSH-2.0-x " + data + b"\r\n" + _packet(_kexinit())


@carries("ssh line that is no identification", one_line)
def _(data: bytes, door: Door) -> bytes:
    return data + b"\r\n"


@carries("ssh bytes behind a refusal", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"GET / HTTP/1.1\r\n\r\n" + data


@carries("ssh algorithm", lambda data: ascii_line(data) and len(data) < 2000 and not set(data) & set(b", "))
def _(data: bytes, door: Door) -> bytes:
    return _VERSION + b"\r\n" + _packet(_kexinit(kex=_KEX + b"," + data))


@carries("ssh language", lambda data: len(data) < 2000)
def _(data: bytes, door: Door) -> bytes:
    return _VERSION + b"\r\n" + _packet(_kexinit(language=data))


@carries("ssh ignored packet in clear", anything)
def _(data: bytes, door: Door) -> bytes:
    return _VERSION + b"\r\n" + _packet(_kexinit()) + _packet(b"\x02" + _string(data))


@carries("ssh user", text, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(_userauth(data, b"none"))


@carries("ssh password", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(_userauth(b"bob", b"password", b"\0" + _string(data)))


@carries("ssh new password", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(_userauth(b"bob", b"password", b"\x01" + _string(b"old") + _string(data)))


@carries("ssh second password", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    first, second = (_userauth(b"bob", b"password", b"\0" + _string(word)) for word in (b"wrong", data))
    return _said(first, second)


@carries("ssh service", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _string(b"\x05" + _string(data))


@carries("ssh method", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(_userauth(b"bob", data))


@carries("ssh answer to no question", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    asked = _userauth(b"bob", b"keyboard-interactive", _string(b"") + _string(b"pam"))
    return _said(asked, b"\x3d" + struct.pack(">I", 1) + _string(data))


@carries("ssh sort of question", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(_userauth(b"bob", b"keyboard-interactive", _string(b"") + _string(data)))


@carries("ssh client host", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    key = _string(_HOST_KEY) + _string(bytes(32))
    told = _string(_HOST_KEY) + _string(key) + _string(data) + _string(b"root") + _string(b"x")
    return _said(_userauth(b"bob", b"hostbased", told))


def _certified(key_id: bytes = b"", principals: bytes = b"", options: bytes = b"") -> bytes:
    algorithm = b"ssh-ed25519-cert-v01@openssh.com"
    key = _string(algorithm) + _string(bytes(range(32))) + _string(bytes(range(32)))
    key += struct.pack(">QI", 1, 1) + _string(key_id) + _string(principals) + struct.pack(">QQ", 0, 1 << 63)
    key += _string(options) + _string(b"") + _string(b"") + _string(b"ca") + _string(b"signature")
    return _said(_userauth(b"bob", b"publickey", b"\0" + _string(algorithm) + _string(key)))


@carries("ssh id of a certificate", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _certified(key_id=data)


@carries("ssh principal of a certificate", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _certified(principals=_string(b"root") + _string(data))


@carries("ssh option of a certificate", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _certified(options=_string(b"force-command") + _string(_string(data)))


@carries("ssh packet before a login", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(_SESSION, _request(b"exec", _string(data)))


@carries("ssh ignored packet", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(b"\x02" + _string(data))


@carries("ssh debug message", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(b"\x04\x01" + _string(data) + _string(b""))


@carries("ssh extension", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(b"\x07" + struct.pack(">I", 1) + _string(b"x@example.com") + _string(data))


@carries("ssh reason of a disconnect", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _said(b"\x01" + struct.pack(">I", 11) + _string(data) + _string(b""))


@carries("ssh packet of no known sort", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, b"\xc0" + _string(data))


@carries("ssh command", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"exec", _string(data)))


@carries("ssh command, packed", anything, opens=_opens_packed)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"exec", _string(data)))


@carries("ssh subsystem", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"subsystem", _string(data)))


@carries("ssh variable", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    env = _request(b"env", _string(b"LC_KEY") + _string(data))
    return _inside(door, _SESSION, env, _request(b"shell", b""))


@carries("ssh name of a variable", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"env", _string(data) + _string(b"1")))


@carries("ssh terminal", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    size = struct.pack(">IIII", 80, 24, 0, 0)
    return _inside(
        door, _SESSION, _request(b"pty-req", _string(data) + size + _string(b"\0")), _request(b"shell", b"")
    )


@carries("ssh cookie of X11", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    told = b"\0" + _string(b"MIT-MAGIC-COOKIE-1") + _string(data) + struct.pack(">I", 0)
    return _inside(door, _SESSION, _request(b"x11-req", told))


@carries("ssh signal", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"signal", _string(data)))


@carries("ssh request of no known sort", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"note@example.com", _string(data)))


def _data(data: bytes) -> bytes:
    return b"\x5e" + struct.pack(">I", 0) + _string(data)


@carries("ssh input", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"exec", _string(b"cat")), _data(data))


@carries("ssh input in two packets", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    cut = len(data) // 2
    return _inside(door, _SESSION, _request(b"exec", _string(b"cat")), _data(data[:cut]), _data(data[cut:]))


@carries("ssh input for a shell", anything, whole=False, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, _SESSION, _request(b"shell", b""), _data(b"id\n"), _data(data + b"\n"))


@carries("ssh target", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    ends = struct.pack(">III", 0, 1 << 21, 1 << 15)
    told = _string(data) + struct.pack(">I", 22) + _string(b"127.0.0.1") + struct.pack(">I", 40_000)
    return _inside(door, b"\x5a" + _string(b"direct-tcpip") + ends + told)


@carries("ssh origin of a forwarding", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    ends = struct.pack(">III", 0, 1 << 21, 1 << 15)
    told = _string(b"10.0.0.5") + struct.pack(">I", 22) + _string(data) + struct.pack(">I", 40_000)
    return _inside(door, b"\x5a" + _string(b"direct-tcpip") + ends + told)


@carries("ssh socket to forward", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    ends = struct.pack(">III", 0, 1 << 21, 1 << 15)
    told = _string(data) + _string(b"") + struct.pack(">I", 0)
    return _inside(door, b"\x5a" + _string(b"direct-streamlocal@openssh.com") + ends + told)


@carries("ssh channel of no known sort", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, b"\x5a" + _string(data) + struct.pack(">III", 0, 1 << 21, 1 << 15))


@carries("ssh address to listen on", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(
        door, b"\x50" + _string(b"tcpip-forward") + b"\x01" + _string(data) + struct.pack(">I", 80)
    )


@carries("ssh global request of no known sort", anything, opens=_opens)
def _(data: bytes, door: Door) -> bytes:
    return _inside(door, b"\x50" + _string(b"note@example.com") + b"\x01" + _string(data))
