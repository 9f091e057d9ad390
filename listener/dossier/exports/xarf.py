"""XARF 4: a report a source address, for the programs of abuse desks. It asks to preserve and names nobody."""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._abuse import complaints, xarf
from listener.dossier.exports._event import encoded


class Xarf(Exchange):
    """A report a line. Addresses of name servers and of mail servers between are left out: they did nothing."""

    name = "xarf"
    suffix = ".xarf.ndjson"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        for complaint in complaints(case):
            yield encoded(xarf(complaint))
