"""Stored git credentials for a server that is a trap."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_USERS = ("git", "deploy", "ci", "oauth2", "build", "mirror")


class GitCredentials(Kind):
    name: ClassVar[str] = "git-credentials"
    service: ClassVar[str] = "git"
    title: ClassVar[str] = "Stored git credentials for a server that is a trap"
    fired_by: ClassVar[str] = (
        "git, with the store helper that the .gitconfig beside it names, on clone, fetch or push from this server: "
        "user and password come in clear (Basic, after the server has asked), with the repository's path. Scanners "
        "name it, but do not try it."
    )
    plant_hint: ClassVar[str] = "In a home folder, beside a shell history that clones from this server."
    try_hint: ClassVar[str] = "git ls-remote {remote}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        user, password = stream.pick("user", _USERS), stream.text("password", BASE62, 32)
        parts = urlsplit(site.url)
        stored = parts._replace(netloc=f"{user}:{password}@{parts.netloc}").geturl()
        remote = f"{stored}/{stream.pick('repository', ('infra/deploy', 'platform/api', 'ops/ansible'))}.git"
        # git matches a stored credential by host alone unless told to use the path, which is where the label may be
        config = f'[credential]\n\thelper = store\n[credential "{site.url}"]\n\tuseHttpPath = false\n'
        text = f"{stored}\n"
        return Bait(
            (Token("password", password), *site.tokens),
            text,
            files=(
                BaitFile(".git-credentials", text.encode()),
                BaitFile(".gitconfig", config.encode(), 0o644),
            ),
            row={"user": user, "password": password, "remote": remote, "url": site.url, "host": site.host},
        )
