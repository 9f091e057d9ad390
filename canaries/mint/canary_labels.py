"""The label of a fresh canary: what alerts may say of it, and what its secret is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canaries import kinds
from canaries.core import plugins
from canaries.crypto.labels import CanaryLabel, seal_label
from canaries.crypto.sealed_box import Locker
from canaries.crypto.verifiers import verifiers
from canaries.kinds import Kind

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.installation.home import Home


class LabelWriter:
    """Writes the column ``canary.label``."""

    def __init__(self, home: Home) -> None:
        self._locker = Locker(home.keys.alerts)
        found = plugins.classes(kinds.FOLDER, Kind)  # type: ignore[type-abstract]
        self._traps = {name: one.traps for name, one in found.items()}

    def label(self, canary: Canary) -> bytes:
        """Sealed under the ``alerts`` key."""
        held = verifiers(canary.tokens, self._traps.get(canary.kind, ()))
        memo, recipient, owner = canary.memo, canary.recipient, canary.owner
        label = CanaryLabel(memo=memo, recipient=recipient, owner=owner, verifiers=held)
        return seal_label(self._locker, canary.id, label)
