"""The GitHub command's ``hosts.yml`` with a token for an enterprise server that is a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.content.checksums import crc32_base62
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_USERS = ("deploy-bot", "release-bot", "ci-runner", "platform-bot", "build-agent")


class GhHosts(Kind):
    name: ClassVar[str] = "gh-hosts"
    service: ClassVar[str] = "github"
    title: ClassVar[str] = "gh's hosts.yml with a token for a server that is a trap"
    fired_by: ClassVar[str] = (
        "gh, when GH_HOST or a repository names this host: the token comes in clear, with the machine's time zone. "
        "It insists on https with a publicly trusted certificate on the usual port: otherwise only the name is seen "
        "(DNS, SNI)."
    )
    plant_hint: ClassVar[str] = "In a home folder (~/.config/gh/hosts.yml)."
    try_hint: ClassVar[str] = "curl -H 'Authorization: token {secret}' {url}/api/v3/user"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        body = stream.text("token", BASE62, 30)
        secret = f"gho_{body}{crc32_base62(body)}"
        user = stream.pick("user", _USERS)
        text = (
            f"{site.hostname}:\n    users:\n        {user}:\n            oauth_token: {secret}\n"
            f"    git_protocol: https\n    oauth_token: {secret}\n    user: {user}\n"
        )
        host_tokens = tuple(token for token in site.tokens if token.facet == "host")
        return Bait(
            (Token("secret", secret), *host_tokens),
            text,
            files=(BaitFile(".config/gh/hosts.yml", text.encode()),),
            row={"secret": secret, "user": user, "url": site.url, "host": site.host},
        )
