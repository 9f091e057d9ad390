"""The front as it is, but with a journal that keeps nothing: what answering alone costs. For measuring only.

``python -m benchmarks._bare_front`` takes the place of ``python -m listener.runtime.front``.
"""

from __future__ import annotations

from listener.evidence.sighting import Sighting
from listener.runtime import front


class Forgetful:
    """Stands in for `listener.net.lanes.Lanes`."""

    problem, refused = "", 0

    def __init__(self, *_: object, **__: object) -> None:
        pass

    async def append(self, sighting: Sighting) -> None:
        """Return at once."""

    async def close(self) -> None:
        """Nothing to write."""


if __name__ == "__main__":
    front.Lanes = Forgetful  # type: ignore[assignment, misc]
    front.main()
