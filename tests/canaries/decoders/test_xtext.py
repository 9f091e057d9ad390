"""Values of SMTP's parameters."""

from __future__ import annotations

import re
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "xtext": lambda data: (
        b"MAIL FROM:<a@b.example> ENVID="
        + re.sub(rb"[^A-Za-z0-9.@_-]", lambda one: b"+%02X" % one[0][0], data)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = set(WRAPPERS)


def test_the_recipient_that_was_meant(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"ann+tag=b@a.example" in texts(b"RCPT TO:<c@d.example> ORCPT=rfc822;ann+2Btag+3Db@a.example")
