"""Ports: each open trap answers at the name that bait carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from canaries.core import plugins
from canaries.installation.addresses import answers
from canaries.installation.reachability import base_addresses
from listener.health.state import PartState, failing, note, well
from listener.health.trials import Trial
from listener.traps import FOLDER as TRAPS
from listener.traps import Trap

if TYPE_CHECKING:
    from listener.health.checks import View

_SECONDS = 4.0


class PortsTrial(Trial):
    name = "ports"
    order = 20

    def run(self, view: View) -> Iterator[PartState]:
        if view.listener is None:
            yield failing(self.name, "no listener answers, so no port was tried", "start it: trapline listen")
            return
        settings = view.home.settings
        base, reached = urlsplit(settings.bait.base_url), base_addresses(settings) or ()
        for trap, opened in sorted((view.listener.get("traps") or {}).items()):
            kind = plugins.pick(TRAPS, Trap, trap, "trap")  # type: ignore[type-abstract]
            if not kind.baited:
                yield note(f"{self.name}: {trap}", "no bait leads there, so it was not tried")
                continue
            if "tcp" not in kind.transports:
                yield note(f"{self.name}: {trap}", "it speaks UDP only, which was not tried")
                continue
            ports = {int(place.rpartition(":")[2]) for place in opened}
            if trap == "http":
                ports = {base.port or (443 if base.scheme == "https" else 80)}
            for port in sorted(ports):
                yield _tried(f"{self.name}: {trap}", base.hostname or "", reached, port)


def _tried(part: str, host: str, addresses: tuple[str, ...], port: int) -> PartState:
    silent = [address for address in addresses if not answers(address, port, _SECONDS)]
    if not addresses or silent:
        return failing(
            part,
            f"nothing answers at {host} ({', '.join(silent) or 'no address'}), port {port}",
            "is the port open in the firewall, and sent on to the address the trap listens at?",
        )
    return well(part, f"answers at {host}, port {port}")
