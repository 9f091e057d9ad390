"""The login at a mail server. Real programs use it in tests/listener/traps/test_smtp.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def settings(text: str) -> dict[str, str]:
    """Lines of a name and a value."""
    return dict(line.split(maxsplit=1) for line in text.splitlines() if len(line.split()) == 2)


def test_env_and_msmtprc_say_the_same(mint: Mint) -> None:
    bait = mint("smtp-credentials", ports={"smtp": 2525})
    values = [line.partition("=")[2] for line in bait.text.splitlines()]
    row = bait.row
    assert values == [row["host"], "2525", row["user"], row["password"], row["sender"]]
    env, msmtprc = bait.files
    assert (env.path, env.content.decode()) == (".env", bait.text)
    found = settings(msmtprc.content.decode())
    assert (found["host"], found["port"]) == (row["host"], "2525")
    assert (found["user"], found["password"], found["from"]) == (row["user"], row["password"], row["sender"])
    assert found["tls"] == "off"
    assert msmtprc.mode == 0o600, "msmtp refuses a file that others may read"


def test_with_its_own_ca_it_asks_for_tls(mint: Mint) -> None:
    bait = mint("smtp-credentials", {"ca": True}, ca_pem="-----BEGIN CERTIFICATE-----\nx\n")
    found = settings(bait.files[1].content.decode())
    assert (found["tls"], found["tls_trust_file"]) == ("on", f"~/{bait.files[2].path}")
    assert bait.files[2].content == b"-----BEGIN CERTIFICATE-----\nx\n"


@pytest.mark.parametrize(("domain", "at"), [("quiet-post.net", "quiet-post.net"), ("", "localhost")])
def test_the_sender_is_a_mailbox(mint: Mint, domain: str, at: str) -> None:
    assert mint("smtp-credentials", domain=domain).row["sender"].endswith(f"@{at}")
