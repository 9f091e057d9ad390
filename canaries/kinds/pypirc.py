"""A ``.pypirc`` with an upload token for a package index that is a trap."""

from __future__ import annotations

import base64
import json
from typing import ClassVar
from uuid import UUID

from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Kind, NoOptions, Order

_HEAD = base64.b64decode("AgEIcHlwaS5vcmcCJA==")
"""How every token of the public index begins, decoded: a macaroon's version, location and the length of its id."""


class Pypirc(Kind):
    name: ClassVar[str] = "pypirc"
    service: ClassVar[str] = "pypi"
    title: ClassVar[str] = "A .pypirc with an upload token for an index that is a trap"
    fired_by: ClassVar[str] = (
        "twine and other uploaders with this file: the token comes in clear (Basic, user __token__), with the whole "
        "package. Silent: scanners that take the bare token to the public index."
    )
    plant_hint: ClassVar[str] = "In a home folder, a release script's folder, or a CI runner's image."
    try_hint: ClassVar[str] = "curl -u '__token__:{secret}' -F ':action=file_upload' {url}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site, secret = order.site(), _token(order.stream)
        url = f"{site.url}/legacy/"
        text = (
            f"[distutils]\nindex-servers =\n    internal\n\n"
            f"[internal]\nrepository = {url}\nusername = __token__\npassword = {secret}\n"
        )
        return Bait(
            (Token("secret", secret), *site.tokens),
            text,
            files=(BaitFile(".pypirc", text.encode()),),
            row={"secret": secret, "url": url, "host": site.host},
            stem="pypi",
        )


def _token(stream: SeededRandom) -> str:
    """A macaroon (version 2) as the public index makes them: id, one caveat, an HMAC; base64url without padding."""

    def uuid(label: str) -> str:
        return str(UUID(bytes=stream.draw_bytes(label, 16), version=4))

    caveat = json.dumps([3, uuid("user")], separators=(",", ":")).encode()
    body = (
        uuid("id").encode()
        + b"\0\2"
        + bytes([len(caveat)])
        + caveat
        + b"\0\0\6\x20"
        + stream.draw_bytes("mac", 32)
    )
    return "pypi-" + base64.urlsafe_b64encode(_HEAD + body).decode().rstrip("=")
