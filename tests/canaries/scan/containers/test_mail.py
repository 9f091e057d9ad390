"""Mail: attachments are opened, in a mailbox of several messages too."""

from __future__ import annotations

import io
from email.message import EmailMessage

from canaries.scan.containers import Member, Packed, Unreadable
from canaries.scan.dumps import DumpReading


def _mail(data: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Message-ID"] = "<1@example.org>"
    message.set_content("see the attachment\n")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename="list.xlsx")
    return message.as_bytes()


def _mailbox(data: bytes) -> bytes:
    return b"".join(
        b"From a@example.org Fri Nov 27 00:00:00 2026\n" + _mail(one) + b"\n" for one in (b"first", data)
    )


PACKERS = {"mail": _mail, "mailbox": _mailbox}
UNBOUNDED = {"mail", "mailbox"}


def test_attachments_are_named_with_their_message() -> None:
    from canaries.scan.containers.mail import MailContainer

    found = list(MailContainer().members(Packed(io.BytesIO(_mailbox(b"second")))))
    assert all(isinstance(one, Member) for one in found)
    assert [(one.name, one.stream.read()) for one in found if isinstance(one, Member)] == [
        ("message 1!list.xlsx", b"first"),
        ("message 2!list.xlsx", b"second"),
    ]


def test_a_message_that_is_encrypted_with_pgp_is_named() -> None:
    lines = ["From: a@example.org", "Message-ID: <1@example.org>", "MIME-Version: 1.0"]
    lines += ['Content-Type: multipart/encrypted; boundary="b"', "", "--b", "", "Version: 1", "--b"]
    lines += [
        "Content-Type: application/octet-stream",
        "",
        "",
        "-----BEGIN PGP MESSAGE-----",
        "",
        "hQEMA12345",
    ]
    lines += ["-----END PGP MESSAGE-----", "--b--", ""]
    results = DumpReading(1 << 20).file("mail", io.BytesIO("\n".join(lines).encode()))
    assert [one.reason for one in results if isinstance(one, Unreadable)] == ["encrypted with openpgp"]
