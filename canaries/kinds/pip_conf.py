"""A pip configuration with the credentials of a package index that is a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, Order

_USERS = ("ci", "build", "deploy", "packages", "reader", "runner")


@dataclass(frozen=True, slots=True)
class PipConfOptions:
    """What ``--set`` may set."""

    extra: bool = False
    """``extra-index-url``, beside the public index, in place of ``index-url``."""


class PipConf(Kind):
    name: ClassVar[str] = "pip-conf"
    service: ClassVar[str] = "pypi"
    title: ClassVar[str] = "A pip.conf with the credentials of an index that is a trap"
    fired_by: ClassVar[str] = (
        "pip on every install: user and password come in clear (Basic, on the first request), with the package that "
        "is wanted, the distribution, the kernel and the Python version. Silent: pip without this file."
    )
    plant_hint: ClassVar[str] = "In a home folder (~/.config/pip/pip.conf), a repository, or a build image."
    try_hint: ClassVar[str] = "pip download --no-deps --index-url {index} --trusted-host {name} requests"
    Options: ClassVar[type[Any]] = PipConfOptions

    def mint(self, order: Order, options: PipConfOptions) -> Bait:
        stream, site = order.stream, order.site()
        user, password = stream.pick("user", _USERS), stream.text("password", BASE62, 24)
        parts = urlsplit(f"{site.url}/simple/")
        index = parts._replace(netloc=f"{user}:{password}@{parts.netloc}").geturl()
        setting = "extra-index-url" if options.extra else "index-url"
        # Without trusted-host pip asks nothing over plain http, not even the name's address.
        text = f"[global]\n{setting} = {index}\ntrusted-host = {site.hostname}\n"
        return Bait(
            (Token("password", password), *site.tokens),
            text,
            files=(BaitFile("pip.conf", text.encode()),),
            row={
                "user": user,
                "password": password,
                "index": index,
                "name": site.hostname,
                "host": site.host,
            },
        )
