"""DNS: the names that bait leads to, and where mail for the catch domain goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from canaries.installation.addresses import is_name, own
from canaries.installation.reachability import base_addresses
from listener.health.state import PartState, failing, note, well
from listener.health.trials import Trial

if TYPE_CHECKING:
    from listener.health.checks import View

_SECONDS = 4.0


class NamesTrial(Trial):
    name = "names"
    order = 10

    def run(self, view: View) -> Iterator[PartState]:
        settings = view.home.settings
        host = urlsplit(settings.bait.base_url).hostname or ""
        addresses = base_addresses(settings)
        if addresses and is_name(host):
            said = f"{host} resolves to {', '.join(addresses)}"
            if any(own(address) for address in addresses):
                yield well(self.name, f"{said}, this machine")
            else:
                yield note(
                    self.name,
                    f"{said}, which is no address of this machine",
                    "right behind a proxy or a translated address; else correct the record",
                )
        if settings.bait.domain and "smtp" in settings.traps:
            yield self._mail(settings.bait.domain)

    def _mail(self, domain: str) -> PartState:
        import dns.exception
        import dns.resolver

        try:
            found = dns.resolver.resolve(domain, "MX", lifetime=_SECONDS)
        except dns.exception.DNSException as error:
            return failing(
                "names: mail",
                f"{domain} has no MX record ({type(error).__name__}): mail to bait addresses arrives nowhere",
                f"add: {domain}. IN MX 10 NAME, where NAME leads to this machine's smtp trap",
            )
        hosts = sorted(str(one.exchange).rstrip(".") for one in found)
        return well("names: mail", f"mail for {domain} goes to {', '.join(hosts)}")
