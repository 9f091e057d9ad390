"""A GitLab personal access token for a server that is a trap."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar, Literal

from canaries.content.checksums import crc32_base36
from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE36, URLSAFE, SeededRandom
from canaries.kinds import Order
from canaries.kinds._service import ServiceKey


@dataclass(frozen=True, slots=True)
class GitlabTokenOptions:
    """What ``--set`` may set."""

    style: Literal["classic", "routable"] = "classic"
    """Twenty characters, or the routable form that servers issue since July 2025, with its CRC-32."""


class GitlabToken(ServiceKey):
    name = "gitlab-token"
    title = "A GitLab token with a server that is a trap"
    fired_by = (
        "curl, python-gitlab and CI scripts that take the server from GITLAB_URL: the token comes in clear "
        "(PRIVATE-TOKEN or Bearer). Silent: tools that try the bare token at gitlab.com."
    )
    try_hint = "curl -H 'PRIVATE-TOKEN: {secret}' {url}/api/v4/user"
    variable = "GITLAB_TOKEN"
    base = "GITLAB_URL"
    Options: ClassVar[type[Any]] = GitlabTokenOptions

    def secret(self, stream: SeededRandom) -> str:
        drawn = (stream.text(f"token:{attempt}", URLSAFE, 20) for attempt in count())
        return next(
            f"glpat-{text}" for text in drawn if sum(map(str.isdigit, text)) > 1
        )  # kingfisher 1 wants two

    def mint(self, order: Order, options: GitlabTokenOptions) -> Bait:
        if options.style == "classic":
            return super().mint(order, options)
        site, secret = order.site(), _routable(order.stream)
        row = {"secret": secret, "url": site.url, "host": site.host}
        text = f"{self.variable}={secret}\n{self.base}={site.url}\n"
        return Bait((Token("secret", secret), *site.tokens), text, row=row)


def _routable(stream: SeededRandom) -> str:
    """``glpat-`` PAYLOAD ``.01.`` LENGTH(2) SUM(7): docs.gitlab.com, "Routable tokens"; the sum is of all before it."""
    user = stream.text("user", BASE36[1:], 1) + stream.text("user rest", BASE36, 4)
    payload = f"o:1\nu:{user}".encode() + stream.draw_bytes("random", 16) + bytes([16])
    text = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    head = f"glpat-{text}.01.{BASE36[len(text) // 36]}{BASE36[len(text) % 36]}"
    return head + crc32_base36(head)
