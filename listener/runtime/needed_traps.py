"""Which of the traps that are set up have to be open: with ``listen.traps = "needed"`` those that live bait leads to.

A trap is also open where nothing else could open it: no kind of bait names it (sensors, a trap of a plug-in), its port
is any free one (then no bait can be minted before it is open), or what is live is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from canaries import kinds
from canaries.core import plugins
from canaries.core.errors import StoreError
from canaries.installation.kinds_file import LiveKinds
from canaries.kinds import Kind

if TYPE_CHECKING:
    from canaries.core.settings import Settings
    from canaries.installation.home import Home

_BASE = ("http",)
"""Where the base URL of every bait leads."""


def needed(settings: Settings, live: frozenset[str] | None, traps: Iterable[str]) -> frozenset[str]:
    """Of ``traps`` those to open while there is bait of the kinds ``live``; None: not known."""
    found = plugins.classes(kinds.FOLDER, Kind)  # type: ignore[type-abstract]
    listed = frozenset(traps)
    if (
        live is None or not live <= found.keys()
    ):  # bait of a kind that this version has not heard of may lead anywhere
        return listed
    led = {trap for kind in live for trap in found[kind].traps}
    led.update(_BASE, ("dns",) if settings.bait.domain else ())
    known = {trap for kind in found.values() for trap in kind.traps}
    return frozenset(name for name in listed if name in led or name not in known or _any_port(settings, name))


def _any_port(settings: Settings, trap: str) -> bool:
    bind = settings.traps.get(trap, {}).get("bind") or ()
    texts = bind.split(",") if isinstance(bind, str) else [str(one) for one in bind]
    return any(text.strip().endswith(":0") for text in texts)


class KnownKinds:
    """The kinds of live bait, as the listener's own process knows them."""

    def __init__(self, home: Home) -> None:
        self._folder = home.path / "front"
        self._file: LiveKinds | None = None
        self._counted = _counted(home)

    def __call__(self) -> frozenset[str] | None:
        """From the front's file, which whoever mints writes; before that is there, as they were counted."""
        if self._file is None:
            try:
                self._file = LiveKinds(self._folder)
            except (OSError, ValueError):
                return self._counted
        found = self._file()
        return self._counted if found is None else found


class TrapNeeds:
    """What has to be open, asked again and again."""

    def __init__(self, home: Home, *, always: bool = False, never: bool = False) -> None:
        """``always``: as if ``listen.traps`` were ``needed``; ``never``: as if it were not."""
        self._home, self._always, self._never = home, always, never
        self._kinds: KnownKinds | None = None
        self._seen: tuple[Settings, frozenset[str] | None] | None = None

    def of(self, settings: Settings, traps: Iterable[str]) -> frozenset[str] | None:
        """Of ``traps`` those to open; None: all that are set up."""
        if self._never or not (self._always or settings.listen.traps == "needed"):
            return None
        if self._kinds is None:
            self._kinds = KnownKinds(self._home)
        return needed(settings, self._kinds(), traps)

    def changed(self, settings: Settings, traps: Iterable[str], *, retry: bool) -> frozenset[str] | None:
        """Of ``traps`` those to open, where that may be others than before, or with ``retry``; else None."""
        seen = (settings, self._kinds() if self._kinds else None)
        if self._seen == seen and not retry:
            return None
        self._seen = seen
        wanted = self.of(settings, traps)
        return frozenset(traps) if wanted is None else wanted


def _counted(home: Home) -> frozenset[str] | None:
    # here: the supervisor stays without the database library where it need not ask
    from canaries.mint import live_kinds

    try:
        with home.store.read() as connection:
            return live_kinds.counted(connection)
    except StoreError:
        return None
    finally:
        home.store.close()
