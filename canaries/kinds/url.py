"""A tracking URL: a page, a pixel or a redirect."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.crypto.seeded_random import BASE36
from canaries.kinds import Kind, Order

_LONGEST_TARGET = 2000
"""Characters: longer links are cut by mail programs and address bars."""


@dataclass(frozen=True, slots=True)
class UrlOptions:
    """What ``--set`` may set."""

    mode: Literal["page", "pixel", "redirect"] = "page"
    """``page`` shows a dull page, ``pixel`` is an image to embed, ``redirect`` leads on to ``to``."""
    to: str = ""
    """Where a redirect leads: an absolute http or https URL."""


class Url(Kind):
    name: ClassVar[str] = "url"
    service: ClassVar[str] = "s"
    title: ClassVar[str] = "A tracking URL: page, pixel or redirect"
    fired_by: ClassVar[str] = (
        "Whatever opens it: browsers, curl, link previews of chat programs, mail scanners; with a host label and a "
        "DNS trap, already the look-up. A pixel fires only where the program loads remote images; web mail mostly "
        "has its own proxy load them."
    )
    plant_hint: ClassVar[str] = (
        "Where an intruder reads and you do not click: a wiki page, a runbook, a comment."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"
    Options: ClassVar[type[Any]] = UrlOptions

    def mint(self, order: Order, options: UrlOptions) -> Bait:
        site = order.site()
        if options.mode == "redirect":
            url = f"{site.url}/?{_signed(order, _target(options.to))}"
        elif options.to:
            raise MintError("only a redirect has a target", hint="add: --set mode=redirect")
        elif options.mode == "pixel":
            url = f"{site.url}/{order.stream.text('image', BASE36, 8)}.gif"
        else:
            url = f"{site.url}/"
        text = f'<img src="{escape(url)}" width="1" height="1" alt="">' if options.mode == "pixel" else url
        return Bait(site.tokens, f"{text}\n", row={"url": url, "host": site.host})


def _target(to: str) -> str:
    if not to:
        raise MintError("a redirect needs a target", hint="add: --set to=https://...")
    try:
        parts = urlsplit(to)
        fine = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and to.isprintable() and " " not in to
        )
    except ValueError:
        fine = False
    if not fine or len(to) > _LONGEST_TARGET:
        raise MintError(
            "the target of a redirect must be an absolute http or https URL", hint="e.g. to=https://host/path"
        )
    return to


def _signed(order: Order, target: str) -> str:
    query = order.signer.sign_link(target)
    if not query:  # what the front would not follow must not be minted
        raise MintError("the target of a redirect is too long once encoded", hint="shorten it")
    return query
