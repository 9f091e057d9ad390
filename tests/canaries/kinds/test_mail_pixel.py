"""The saved mail: parsed again, its HTML part shows our picture."""

from __future__ import annotations

import email
from collections.abc import Callable
from email import policy

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_html_part_shows_the_picture(mint: Mint) -> None:
    bait = mint("mail-pixel")
    message = email.message_from_bytes(bait.files[0].content, policy=policy.default)
    part = message.get_body(("html",))
    assert part is not None
    assert bait.row["url"] in part.get_content()
    assert message["To"].endswith("@quiet-post.net")


def test_the_plain_part_is_readable(mint: Mint) -> None:
    message = email.message_from_bytes(mint("mail-pixel").files[0].content, policy=policy.default)
    part = message.get_body(("plain",))
    assert part is not None
    assert len(part.get_content().split()) > 5
