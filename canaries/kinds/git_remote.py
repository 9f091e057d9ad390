"""A git remote with a token in its URL, as in the ``.git/config`` of a stolen repository."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_PROJECTS = ("platform/api", "platform/web", "infra/deploy", "data/etl", "ops/ansible", "shared/lib")


class GitRemote(Kind):
    name: ClassVar[str] = "git-remote"
    service: ClassVar[str] = "git"
    title: ClassVar[str] = "A git remote at a trap with a token in its URL"
    fired_by: ClassVar[str] = (
        "git fetch, pull or push in a repository that has this remote: the token comes in clear (Basic, after the "
        "server has asked), with the repository's path. Nothing fires by cloning the stolen repository elsewhere."
    )
    plant_hint: ClassVar[str] = "As a second remote in the .git/config of a repository that may be stolen."
    try_hint: ClassVar[str] = "git ls-remote {remote}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        token = stream.text("token", BASE62, 32)
        parts = urlsplit(f"{site.url}/{stream.pick('project', _PROJECTS)}.git")
        remote = parts._replace(netloc=f"oauth2:{token}@{parts.netloc}").geturl()
        name = stream.pick("name", ("upstream", "deploy", "mirror", "backup"))
        text = f'[remote "{name}"]\n\turl = {remote}\n\tfetch = +refs/heads/*:refs/remotes/{name}/*\n'
        row = {"password": token, "remote": remote, "url": site.url, "host": site.host}
        return Bait((Token("password", token), *site.tokens), text, row=row)
