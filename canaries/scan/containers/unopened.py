"""Files that hold others and that Trapline cannot open: named, so that nobody takes them for clean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable

_ARROW = b"\xff\xff\xff\xff"
_ARROW_STREAM = re.compile(rb"\xff{4}..\0\0[\x0c-\x20]\0\0\0\0\0", re.DOTALL)
"""The mark that a message follows, its length, and where in it its table is (Arrow's "Serialization and IPC")."""
_ENCRYPTED_LOG = b"\xfdbin"
_NAMES = {
    b"Rar!\x1a\x07": "a RAR archive: unpack it first",
    b"\x89LZO\0": "packed with lzop: unpack it first",
    b"LZIP": "packed with lzip: unpack it first",
    b"\x1f\x9d": "packed with compress: unpack it first",
    b"MSCF": "a cabinet file: unpack it first",
    b"PACK\0\0\0": "a pack of git: run git log --all -p and scan what it prints",
    b"# v2 git bundle\n": "a bundle of git: clone it, run git log --all -p and scan what it prints",
    b"# v3 git bundle\n": "a bundle of git: clone it, run git log --all -p and scan what it prints",
    b"PAR1": "a Parquet file: export it as CSV first",
    b"ORC": "an ORC file: export it as CSV first",
    b"Obj\x01": "an Avro file: export it as JSON first",
    b"age-encryption.org/": "encrypted with age",
    b"-----BEGIN AGE ENCRYPTED FILE-----": "encrypted with age",
    b"-----BEGIN PGP MESSAGE-----": "encrypted with OpenPGP",
    b"Salted__": "encrypted with openssl enc",
    b"LUKS\xba\xbe": "an encrypted disk",
    b"$ANSIBLE_VAULT;": "encrypted with ansible-vault",
    b"\0GITCRYPT\0": "encrypted with git-crypt",
    b"\x03\xd9\xa2\x9a": "a KeePass database: encrypted",
    b"BORG_SEG": "a segment of a Borg repository: restore the archive first",
    b"!BDN": "an Outlook data file: export its folders first",
    b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d": "a OneNote section: export it first",
    b"ITSF": "a compiled HTML help file: unpack it first",
    b"QFI\xfb": "a disk image (qcow2): mount it, and scan what is in it",
    b"KDMV": "a disk image (VMDK): mount it, and scan what is in it",
    b"vhdxfile": "a disk image (VHDX): mount it, and scan what is in it",
    b"MSWIM\0\0\0": "a Windows image (WIM): mount it, and scan what is in it",
    b"\xff\x06\0\0sNaPpY": "packed with snappy: unpack it first",
    b"ARROW1": "an Arrow file: export it as CSV first",
    _ARROW: "an Arrow stream: export it as CSV first",
    b"LRZI": "packed with lrzip: unpack it first",
    b"7kSt": "packed with zpaq: unpack it first",
    b"zPQ": "packed with zpaq: unpack it first",
    b"xar!": "a xar archive: unpack it first",
    b"U2FsdGVkX1": "encrypted with openssl enc",
    b"MSSQLBAK": "a compressed backup of SQL Server: restore it, and export its tables",
    b"\xfe\xfe\x08": "a table that myisampack packed: run myisamchk --unpack first",
    b"\0\1\0\0\0\2\0\1\0\5\0\2\0\2\xc0HBAM7": "a FileMaker database: export it as CSV first",
    b"hsqs": "a squashfs image: unpack it first",
    b"\xf0\x9f\x97\x9d\0\0\0\0": "an encrypted redo log of MariaDB: export the tables",
    _ENCRYPTED_LOG: "an encrypted binary log: run mysqlbinlog --read-from-remote-server, and scan what that prints",
}
_SORTS = {
    rb"\x60\xea.[\0-\x0a][\x1e-\x2e][\x01-\xff][\x01-\x20][\0-\x0b]": "an archive of ARJ",
    rb"..-l[hz][\dsdx]-": "an archive of LHA",
    rb".{7}\*\*ACE\*\*": "an archive of ACE",
    rb".{7}-sqx-": "an archive of SQX",
    rb"StuffIt|SIT(?:!|ED|[5D2]\0)": "an archive of StuffIt",
    rb"ZOO \d\.\d\d Archive": "an archive of ZOO",
    rb"ALZ\x01": "an archive of ALZip",
    rb"EGGA\0": "an archive of ALZip",
    rb"ArC\x01": "an archive of FreeArc",
    rb"ISc\(": "a cabinet file of InstallShield",
    rb"SZDD\x88\xf0|KWAJ\x88\xf0": "packed with Microsoft's compress",
    rb"MAM[\x04\x84]": "packed by Windows",
    rb"bvx[12n]": "packed with LZFSE",
    rb"pbz[exz4]\0": "packed by Apple's programs",
    rb"qpress1\d": "packed with qpress",
    rb"RZIP[\x01-\x03]": "packed with rzip",
    rb"\x1f[\x1e\x9e\x9f\xa0]": "packed with pack or freeze",
}
"""More archives, by patterns of their beginnings."""
_PATTERNS = {
    re.compile(beginning, re.DOTALL): f"{said}: unpack it first" for beginning, said in _SORTS.items()
}
_PATTERNS[re.compile(rb"ANDROID BACKUP\n\d+\n[01]\nAES")] = "an encrypted backup of Android"
_BINLOG, _START_ENCRYPTION = b"\xfebin", 164
"""How a binary log begins, and the event behind its first one from which on MariaDB encrypts (``log_event.h``)."""
_EVENT, _TYPE_AT, _LENGTH_AT = 4, 4, 9
"""Where the first event begins; in an event, where its type and its length stand."""

_OPENPGP = re.compile(rb"\x84.\x03|\x85..\x03|[\x8c\xc3].\x04|\xc1(?:.|[\xc0-\xdf].)\x03", re.DOTALL)
"""First packets of what OpenPGP encrypted (RFC 9580, section 5.1 and 5.3): their head, length and version."""


class UnopenedContainer(Container):
    name = "unopened"

    def fits(self, head: bytes) -> bool:
        if head.startswith(_ARROW) and not _ARROW_STREAM.match(head):
            return False
        if head.startswith(tuple(_NAMES)) or _is_encrypted_log(head) or _OPENPGP.match(head):
            return True
        return any(beginning.match(head) for beginning in _PATTERNS)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        head = _ENCRYPTED_LOG if _is_encrypted_log(source.head) else source.head
        said = [said for magic, said in _NAMES.items() if head.startswith(magic)]
        said += [said for beginning, said in _PATTERNS.items() if beginning.match(head)]
        yield Unreadable("", said[0] if said else "encrypted with OpenPGP")


def _is_encrypted_log(head: bytes) -> bool:
    """Whether it is a binary log that MariaDB encrypts: MySQL's says so in its first byte."""
    if not head.startswith(_BINLOG):
        return False
    second = _EVENT + int.from_bytes(head[_EVENT + _LENGTH_AT : _EVENT + _LENGTH_AT + 4], "little")
    return head[second + _TYPE_AT : second + _TYPE_AT + 1] == bytes([_START_ENCRYPTION])
