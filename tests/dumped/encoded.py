"""A table of people in an alphabet, in mail, packed or in an archive."""

from __future__ import annotations

import base64
import binascii
import bz2
import email.policy
import gzip
import lzma
import mailbox
import quopri
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import backports.zstd
import lz4.frame

from tests.dumped.making import Form, csv_of, of_csv, of_rows, seven_zip_of, table, tar_of, zip_of


def _message(address: str, encoding: str, *, attached: bool = False) -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"], message["From"], message["To"] = "List", "a@example.org", "b@example.org"
    lines = csv_of(table(address)).decode()
    if attached:
        message.set_content("Enclosed.")
        message.add_attachment(
            lines.encode(), maintype="application", subtype="octet-stream", filename="p.csv"
        )
    else:
        message.set_content(lines, cte=encoding)
    return message.as_bytes()


def _mbox(folder: Path, address: str) -> None:
    box = mailbox.mbox(folder / "inbox")
    box.add(_message("nobody@example.org", "7bit"))
    box.add(_message(address, "base64"))
    box.close()


def _uuencoded(content: bytes) -> bytes:

    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 people.csv\n" + b"".join(lines) + b"`\nend\n"


def _git_object(folder: Path, address: str) -> None:
    content = csv_of(table(address))
    (folder / "2f").mkdir()
    (folder / "2f" / ("1c" * 19)).write_bytes(zlib.compress(b"blob %d\0" % len(content) + content))


def _debian_package(rows: list[dict[str, Any]]) -> bytes:
    found = b"!<arch>\n"
    for name, content in (("debian-binary", b"2.0\n"), ("data.tar.xz", lzma.compress(tar_of(csv_of(rows))))):
        found += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content
        found += b"\n" * (len(content) % 2)
    return found


def _cpio(rows: list[dict[str, Any]]) -> bytes:
    """New ASCII form (cpio -H newc)."""
    found = b""
    for name, content in (("people.csv", csv_of(rows)), ("TRAILER!!!", b"")):
        fields = [1, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        found += head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4)
    return found


FORMS: dict[str, Form] = {
    "UTF-16": of_rows(lambda rows: csv_of(rows).decode().encode("utf-16")),
    "UTF-16, big end first, no mark": of_rows(lambda rows: csv_of(rows).decode().encode("utf-16-be")),
    "UTF-32": of_rows(lambda rows: csv_of(rows).decode().encode("utf-32")),
    "EBCDIC": of_rows(lambda rows: csv_of(rows).decode().encode("cp037")),
    "base64": of_csv(base64.encodebytes),
    "base64, one line": of_csv(base64.b64encode),
    "base64, for URLs": of_csv(base64.urlsafe_b64encode),
    "base32": of_csv(base64.b32encode),
    "Ascii85": of_csv(lambda content: base64.a85encode(content, wrapcol=76, adobe=True)),
    "hexadecimal": of_csv(lambda content: content.hex().encode()),
    "hexadecimal, wrapped": of_csv(lambda content: content.hex("\n", 32).encode()),
    "uuencode": of_csv(_uuencoded),
    "quoted-printable": of_rows(
        lambda rows: quopri.encodestring(";".join(f"Am\u00e9lie {row['email']}" for row in rows).encode())
    ),
    "a data: URL": of_csv(
        lambda content: b"<img src='data:text/csv;base64," + base64.b64encode(content) + b"'>"
    ),
    "a message, base64": of_rows(lambda rows: _message(rows[120]["email"], "base64")),
    "a message, quoted-printable": of_rows(lambda rows: _message(rows[120]["email"], "quoted-printable")),
    "a message with an attachment": of_rows(lambda rows: _message(rows[120]["email"], "", attached=True)),
    "mbox": _mbox,
    "gzip": of_csv(gzip.compress),
    "gzip, two members": of_csv(
        lambda content: gzip.compress(content[:4000]) + gzip.compress(content[4000:])
    ),
    "bzip2": of_csv(bz2.compress),
    "xz": of_csv(lzma.compress),
    "lzma": of_csv(lambda content: lzma.compress(content, lzma.FORMAT_ALONE)),
    "zlib": of_csv(zlib.compress),
    "Zstandard": of_csv(backports.zstd.compress),
    "lz4": of_csv(lz4.frame.compress),
    "7z": of_csv(seven_zip_of),
    "gzip in base64": of_csv(lambda content: base64.b64encode(gzip.compress(content))),
    "zip": of_csv(zip_of),
    "zip, stored": of_csv(lambda content: zip_of(content, zipfile.ZIP_STORED)),
    "zip, bzip2": of_csv(lambda content: zip_of(content, zipfile.ZIP_BZIP2)),
    "zip, LZMA": of_csv(lambda content: zip_of(content, zipfile.ZIP_LZMA)),
    "zip in zip": of_csv(lambda content: zip_of(zip_of(content), name="inner.zip")),
    "zip behind a program": of_csv(lambda content: b"MZ" + bytes(3000) + zip_of(content)),
    "tar": of_csv(tar_of),
    "tar.gz": of_csv(lambda content: tar_of(content, "w:gz")),
    "tar.bz2": of_csv(lambda content: tar_of(content, "w:bz2")),
    "tar.xz": of_csv(lambda content: tar_of(content, "w:xz")),
    "gzip in tar": of_csv(lambda content: tar_of(gzip.compress(content))),
    "cpio": of_rows(_cpio),
    "cpio.gz": of_rows(lambda rows: gzip.compress(_cpio(rows))),
    "a Debian package": of_rows(_debian_package),
    "a loose object of git": _git_object,
}

NOT_WHOLE: dict[str, Form] = {
    "gzip, cut short": of_csv(lambda content: gzip.compress(content)[:1500]),
    "xz, cut short": of_csv(lambda content: lzma.compress(content)[:800]),
    "zip, cut short": of_csv(lambda content: zip_of(content)[:1500]),
    "Zstandard, cut short": of_csv(lambda content: backports.zstd.compress(content)[:1000]),
}
"""Each is to be named as not read, or not whole."""
