"""The settings of bait; the others are in `canaries.core.settings`."""

from __future__ import annotations

from dataclasses import dataclass

from canaries.core.web_address import is_host_name, root_url


@dataclass(frozen=True, slots=True)
class BaitSettings:
    """Where bait points to."""

    base_url: str = "http://127.0.0.1:8080"
    """Root of every URL in a bait. With ``{label}`` in it the label is a host name (``https://{label}.example.net``);
    without, an id in the path betrays the bait."""
    domain: str = ""
    """The catch domain, whose every name and mailbox is yours; empty: none, host and mail tokens are then weaker."""
    mail_domains: tuple[str, ...] = ()
    """More domains whose every mailbox is yours, for people in tables; ``[traps.smtp] domains`` names them too."""
    locale: str = "en_US"
    """Default locale of phony people."""

    def __post_init__(self) -> None:
        root_url(self.base_url, "base_url", labelled=True)
        for setting, names in (("domain", (self.domain,)), ("mail_domains", self.mail_domains)):
            for name in names:
                if name and not is_host_name(name):
                    raise ValueError(f"{setting} names {name!r}, which is no domain name")
