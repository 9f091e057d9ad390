"""A ``.netrc`` entry for a host that is a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.kinds import Kind, NoOptions, Order

_LOGINS = ("deploy", "backup", "ci", "reports", "sync", "build")


class Netrc(Kind):
    name: ClassVar[str] = "netrc"
    service: ClassVar[str] = "files"
    title: ClassVar[str] = "A .netrc entry for a host that is a trap"
    fired_by: ClassVar[str] = (
        "wget, httpie, requests, git, curl -n and ftp clients, when they are sent to this host: login and password "
        "come in clear (Basic). Nothing fires by reading the file: put an address of the same host beside it."
    )
    plant_hint: ClassVar[str] = "In a home folder, beside a script or history that fetches from this host."
    try_hint: ClassVar[str] = "curl -u '{login}:{password}' {url}/backups/"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        login, password = stream.pick("login", _LOGINS), order.secret("password", 24)
        text = f"machine {site.hostname}\n  login {login}\n  password {password}\n"
        host_tokens = tuple(token for token in site.tokens if token.facet == "host")
        return Bait(
            (Token("password", password), *host_tokens),  # a path stands in no .netrc
            text,
            files=(BaitFile(".netrc", text.encode()),),
            row={"login": login, "password": password, "url": site.url, "host": site.host},
            stem="repo",
        )
