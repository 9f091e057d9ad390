"""A host name that nobody knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._dns_names import own_name


@dataclass(frozen=True, slots=True)
class DnsNameOptions:
    """What ``--set`` may set."""

    form: Literal["name", "url", "ssh-config"] = "name"
    """The bare name, a link to it, or a host block for ``~/.ssh/config``."""
    alias: str = ""
    """Of the host block; empty: one of the usual names."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9._-]*", self.alias):
            raise ValueError("alias may have letters, digits, dots, - and _ only")


class DnsName(Kind):
    name: ClassVar[str] = "dns-name"
    traps: ClassVar[tuple[str, ...]] = ("dns",)
    title: ClassVar[str] = "A host name that tells when somebody looks it up"
    fired_by: ClassVar[str] = (
        "Every program that resolves it: ping, curl, ssh, a browser, a port scanner with a list of hosts. The DNS trap "
        "sees the resolver, not the visitor, sometimes with the visitor's network (EDNS client subnet); one that "
        "has the answer cached does not ask again. Silent: reading it."
    )
    plant_hint: ClassVar[str] = (
        "In a hosts inventory, a network diagram, ~/.ssh/config, a password manager's notes."
    )
    try_hint: ClassVar[str] = "dig {host}"
    Options: ClassVar[type[Any]] = DnsNameOptions

    def mint(self, order: Order, options: DnsNameOptions) -> Bait:
        token, stream = own_name(order), order.stream
        if options.form == "url":
            text = f"https://{token.value}/"
        elif options.form == "ssh-config":
            alias = options.alias or stream.pick(
                "alias", ("backup", "db-old", "jump", "nas", "legacy", "build")
            )
            user = stream.pick("user", ("root", "admin", "deploy", "backup", "ops"))
            text = f"Host {alias}\n    HostName {token.value}\n    User {user}"
        else:
            text = token.value
        return Bait((token,), f"{text}\n", row={"host": token.value})
