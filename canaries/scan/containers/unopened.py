"""Files that hold others and that Trapline cannot open: named, so that nobody takes them for clean."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable

_NAMES = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive: unpack it first",
    b"Rar!\x1a\x07": "a RAR archive: unpack it first",
    b"\x04\x22\x4d\x18": "packed with lz4: unpack it first",
    b"\x89LZO\0": "packed with lzop: unpack it first",
    b"LZIP": "packed with lzip: unpack it first",
    b"\x1f\x9d": "packed with compress: unpack it first",
    b"MSCF": "a cabinet file: unpack it first",
    b"PACK\0\0\0": "a pack of git: run git log --all -p and scan what it prints",
    b"PAR1": "a Parquet file: export it as CSV first",
    b"ORC": "an ORC file: export it as CSV first",
    b"Obj\x01": "an Avro file: export it as JSON first",
    b"age-encryption.org/": "encrypted with age",
    b"-----BEGIN AGE ENCRYPTED FILE-----": "encrypted with age",
    b"-----BEGIN PGP MESSAGE-----": "encrypted with OpenPGP",
    b"Salted__": "encrypted with openssl enc",
    b"LUKS\xba\xbe": "an encrypted disk",
    b"hsqs": "a squashfs image: unpack it first",
}


class UnopenedContainer(Container):
    name = "unopened"

    def fits(self, head: bytes) -> bool:
        return head.startswith(tuple(_NAMES))

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Unreadable("", next(said for magic, said in _NAMES.items() if source.head.startswith(magic)))
