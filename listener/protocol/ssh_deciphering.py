"""What an SSH client sends encrypted or packed, in clear: for asyncssh and for `listener.protocol.ssh_packets`.

Behind the end of a conversation asyncssh reads nothing. What comes there is read here (`ReadingOn`), and answered by
nobody.
"""

from __future__ import annotations

import zlib

from asyncssh.compression import Decompressor
from asyncssh.encryption import Encryption

from listener.protocol.ssh_packets import PacketTee

LONGEST_PACKET = 262_144
"""PACKET_MAX_SIZE of OpenSSH, also of what a packet unpacks to."""
_LENGTH = 4


class TeedEncryption(Encryption):
    """Decrypts as the cipher that was agreed on."""

    def __init__(self, cipher: Encryption, tee: PacketTee, block: int, mac: int) -> None:
        """``block``, ``mac``: bytes that are read for a packet's length, and bytes behind it that prove it."""
        self._cipher, self._tee, self._block, self._mac = cipher, tee, block, mac
        self._head: tuple[bytes, int] | None = None
        """The beginning of a packet, and its length, until the rest of it has come."""
        self._number: int | None = None
        """Of the packet that comes next; None before the first."""

    def decrypt_header(self, seq: int, first_block: bytes, header_len: int) -> tuple[bytes, bytes]:
        """As the cipher."""
        found, size = self._cipher.decrypt_header(seq, first_block, header_len)
        self._head = found, int.from_bytes(size, "big")
        return found, size

    def decrypt_packet(
        self, seq: int, first: bytes, rest: bytes, header_len: int, mac: bytes
    ) -> bytes | None:
        """None: it is not what the client sent. Padding stands around what it says (RFC 4253, section 6)."""
        self._head, self._number = None, (seq + 1) & 0xFFFFFFFF
        found = self._cipher.decrypt_packet(seq, first, rest, header_len, mac)
        if found:
            self._tee.add(found[1 : -found[0]])
        return found

    def next_packet(self, data: bytearray, number: int) -> bytes | None:
        """Take the next packet out of ``data``, decrypted; None where there is no whole one. ``number``: its, unless
        some were read before. Raises ValueError where it is none."""
        number = number if self._number is None else self._number
        if (head := self._head) is None:
            if len(data) < self._block:
                return None
            begin = bytes(data[: self._block])
            del data[: self._block]
            found, length = self.decrypt_header(number, begin, _LENGTH)
            head = found, int.from_bytes(length, "big")
        first, size = head
        left = _LENGTH + size - self._block
        if not 0 <= left <= LONGEST_PACKET:
            raise ValueError("no length of a packet")
        if len(data) < left + self._mac:
            return None
        rest, proof = bytes(data[:left]), bytes(data[left : left + self._mac])
        del data[: left + self._mac]
        clear = self.decrypt_packet(number, first, rest, _LENGTH, proof)
        if not clear:
            raise ValueError("not what the client sent")
        return clear[1 : -clear[0]]


class BoundedDecompressor(Decompressor):
    """Unpacks to no more than a packet may hold."""

    def __init__(self, tee: PacketTee) -> None:
        self._stream, self._tee = zlib.decompressobj(), tee

    def decompress(self, data: bytes) -> bytes | None:
        """None ends the connection."""
        try:
            found = self._stream.decompress(data, LONGEST_PACKET)
        except zlib.error:
            return None
        if self._stream.unconsumed_tail:
            return None
        self._tee.unpacked(found)
        return found


class ReadingOn:
    """Takes what comes behind the end of a conversation."""

    def __init__(self, cipher: TeedEncryption, unpacking: Decompressor | None, number: int) -> None:
        """``unpacking``: where the client packs; ``number`` of the packet that comes next, where none was read yet."""
        self._cipher, self._unpacking, self._number = cipher, unpacking, number
        self._waiting: bytearray | None = bytearray()
        """None: nothing more can be read."""

    def __call__(self, data: bytes) -> None:
        """Read what is complete; never raises."""
        if self._waiting is None:
            return
        self._waiting += data
        try:
            while (said := self._cipher.next_packet(self._waiting, self._number)) is not None:
                if self._unpacking is not None and self._unpacking.decompress(said) is None:
                    self._waiting = None
                    return
        except ValueError:
            self._waiting = None
