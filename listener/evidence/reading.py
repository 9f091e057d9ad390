"""What a trap's back half makes of a sighting: what was observed, and which strings may be tokens."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from listener.evidence.shapes import Observed


class Reading(msgspec.Struct, frozen=True):
    """What a trap's back half makes of a sighting."""

    observed: Observed = msgspec.field(default_factory=Observed)
    """JSON-able, no floats: request line, headers in order and case, credentials shown, protocol details. Text from
    outside is stored as it came (escaped only where it is not UTF-8); making it harmless is each output's duty."""
    candidates: Iterable[bytes] = ()
    """Every string that may be a token, as written, and in lower case where case cannot matter (host, e-mail)."""
    bounds: tuple[str, ...] = ()
    """Bounds of the decoder that were reached: something was not looked at. Empty where all was."""
    shared: frozenset[bytes] = frozenset()
    """More candidates: those of a part that many sightings have in common, as the same object."""
    sifted: bool = False
    """Candidates only: `observed` is left out, for the trap's `read` to say where one of them is a token."""
