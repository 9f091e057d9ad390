"""fetchmail's servers."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_an_old_server_stands_last() -> None:
    old = 'poll a.example protocol IMAP\n  user "jo" password "x"\n'
    assert text_after(".fetchmailrc", old, "imap-credentials").startswith(f"{old}# poll ")
