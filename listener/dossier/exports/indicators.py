"""A list of addresses for people who watch networks, defanged so that nothing in it is a link; a list of what to look
for, not of whom to block."""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._event import ExchangeEvent
from listener.incidents.wording import clocks


class Indicators(Exchange):
    """Tab-separated, one line an address and way of knowing it; the operator's own are left out."""

    name = "indicators"
    suffix = ".indicators.tsv"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        yield b"# Looked for, not accused: an address may be a proxy's, a resolver's or many people's.\n"
        yield b"address\thow_known\tfirst_seen_utc\tlast_seen_utc\tuses\tclock\n"
        found: dict[tuple[str, str], list[ExchangeEvent]] = {}
        for event in case.events:
            if event.ip and not event.mark:
                found.setdefault((event.ip, event.origin), []).append(event)
        for (ip, known), events in sorted(found.items()):
            clock = clocks(event.clock_state for event in events)
            cells = (defanged(ip), known, events[0].at, events[-1].at, str(len(events)), clock)
            yield ("\t".join(cells) + "\n").encode()


def defanged(ip: str) -> str:
    """``203[.]0[.]113[.]7``, ``2001[:]db8[:][:]1``."""
    return ip.replace(".", "[.]").replace(":", "[:]")
