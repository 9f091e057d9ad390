"""The login at a mailbox. Real programs use it in tests/listener/traps/test_imap.py."""

from __future__ import annotations

from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_mbsyncrc_and_muttrc_say_the_same(mint: Mint) -> None:
    bait = mint("imap-credentials", ports={"imap": 1143})
    row, (mbsyncrc, muttrc) = bait.row, bait.files
    assert mbsyncrc.content.decode() == bait.text
    lines = bait.text.splitlines()
    for line in (
        f"Host {row['host']}",
        "Port 1143",
        f"User {row['user']}",
        f"Pass {row['password']}",
        "SSLType None",
    ):
        assert line in lines
    mutt = muttrc.content.decode().splitlines()
    for line in (
        f'set imap_user = "{row["user"]}"',
        f'set imap_pass = "{row["password"]}"',
        f'set folder = "imap://{row["host"]}:1143/"',
        "set ssl_starttls = no",
    ):
        assert line in mutt


def test_with_its_own_ca_both_ask_for_tls(mint: Mint) -> None:
    bait = mint("imap-credentials", {"ca": True}, ca_pem="-----BEGIN CERTIFICATE-----\n")
    mbsyncrc, muttrc, ca = bait.files
    assert f"SSLType STARTTLS\nCertificateFile ~/{ca.path}\n".encode() in mbsyncrc.content
    assert f'set ssl_starttls = yes\nset certificate_file = "~/{ca.path}"\n'.encode() in muttrc.content
    assert (ca.content, ca.mode) == (b"-----BEGIN CERTIFICATE-----\n", 0o644)
