"""The back half of the HTTP trap; what it takes is not loaded in the front."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from listener.evidence.reading import Reading
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting
from listener.traps import Trap


class HttpBack(Trap):
    """Reads what the front half has recorded."""

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        from listener.http.reading import read_request

        return read_request(sighting)

    @classmethod
    def sift(cls, sighting: Sighting) -> Reading:
        return _sifter()(sighting)

    @classmethod
    def observe(cls, sighting: Sighting) -> Observed:
        return _observer()(sighting)


@cache
def _sifter() -> Callable[[Sighting], Reading]:
    from listener.http.sifting import sift_request

    return sift_request


@cache
def _observer() -> Callable[[Sighting], Observed]:
    from listener.http.reading import observe_request

    return observe_request
