"""Files that nothing but their end tells: their beginning is that of what they hold."""

from __future__ import annotations

from canaries.scan import parts

_TABLES = {0xDB4775248B80FB57: "LevelDB", 0x88E241B785F4CFF7: "RocksDB", 0x8242229663BF9564: "RocksDB"}
"""The number in a table's last eight bytes, the lowest first (``table_format.md`` of LevelDB, ``format.cc``)."""
_TABLE = "its keys are cut, and its blocks may be packed: export it, and scan what that writes"
_KOLY_AT = 512
"""How far before a disk image's end its last block begins."""


def strange(tail: bytes) -> str:
    """Why nobody may take a file that ends in ``tail`` for read; empty where it is."""
    if parts.is_last_of_zip(tail):
        return "the last part of a zip archive: the parts before it are not beside it"
    if sort := _TABLES.get(int.from_bytes(tail[-8:], "little")):
        return f"a table of {sort}: {_TABLE}"
    if tail[-_KOLY_AT : -_KOLY_AT + 8] == b"koly\0\0\0\x04":
        return "a disk image of Apple's: mount it, and scan what is in it"
    return ""
