"""A GitHub token for an enterprise server that is a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.content.checksums import crc32_base62, sha256_base32
from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE32, BASE62, SeededRandom
from canaries.kinds import Kind, Order


@dataclass(frozen=True, slots=True)
class GithubTokenOptions:
    """What ``--set`` may set."""

    style: Literal["classic", "fine-grained"] = "classic"
    """``ghp_`` with its CRC-32, or ``github_pat_`` with its SHA-256."""


class GithubToken(Kind):
    name: ClassVar[str] = "github-token"
    title: ClassVar[str] = "A GitHub token with the address of an enterprise server"
    fired_by: ClassVar[str] = (
        "curl, PyGithub, octokit and self-made tools that take the API address: the token comes in clear. gh "
        "(GH_HOST) insists on https with a publicly trusted certificate: otherwise only the host name is seen (SNI). "
        "Silent: tools that try the bare token at github.com."
    )
    plant_hint: ClassVar[str] = "In a .env, a CI variable dump, or the notes of a release script."
    try_hint: ClassVar[str] = "curl -H 'Authorization: token {secret}' {url}/user"
    Options: ClassVar[type[Any]] = GithubTokenOptions

    def mint(self, order: Order, options: GithubTokenOptions) -> Bait:
        site = order.site()
        secret = _classic(order.stream) if options.style == "classic" else _fine_grained(order.stream)
        url = f"{site.url}/api/v3"  # where GitHub Enterprise Server has its REST API
        text = f"GITHUB_TOKEN={secret}\nGITHUB_API_URL={url}\n"
        row = {"secret": secret, "url": url, "host": site.host}
        return Bait((Token("secret", secret), *site.tokens), text, row=row)


def _classic(stream: SeededRandom) -> str:
    body = stream.text("classic", BASE62, 30)
    return f"ghp_{body}{crc32_base62(body)}"


def _fine_grained(stream: SeededRandom) -> str:
    """``github_pat_11`` USER(7) ``0`` RANDOM(12) ``_`` RANDOM(43) SUM(8) RANDOM(8): 93 characters."""
    user = stream.text("user", BASE32, 7)
    head = f"github_pat_11{user}0{stream.text('id', BASE62, 12)}_{stream.text('body', BASE62, 43)}"
    return head + sha256_base32(head) + stream.text("rest", BASE62, 8)
