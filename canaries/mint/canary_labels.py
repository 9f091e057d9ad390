"""The label of a fresh canary: what alerts may say of it, and what its secret is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from canaries import kinds
from canaries.core import plugins
from canaries.crypto.hmac_states import states_of_many
from canaries.crypto.labels import CanaryLabel, seal_labels
from canaries.crypto.sealed_box import Locker
from canaries.crypto.verifiers import signing_keys, verifiers
from canaries.kinds import Kind
from canaries.mint.retired_endpoints import VERIFIER
from canaries.protocols.push_endpoints import retired_tag

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.installation.home import Home


class LabelWriter:
    """Writes the column ``canary.label``."""

    def __init__(self, home: Home) -> None:
        self._locker, self._front_key = Locker(home.keys.alerts), home.keys.front
        found = plugins.classes(kinds.FOLDER, Kind)  # type: ignore[type-abstract]
        self._traps = {name: one.traps for name, one in found.items()}

    def labels(self, canaries: Sequence[Canary]) -> list[bytes]:
        """One of each, sealed under the ``alerts`` key."""
        keys = [signing_keys(canary.tokens) for canary in canaries]
        known = states_of_many({key for each in keys for key in each.values()})
        states = [{scheme: known[key] for scheme, key in each.items()} for each in keys]
        labels = map(self._label, canaries, states)
        return seal_labels(self._locker, zip([one.id for one in canaries], labels, strict=True))

    def _label(self, canary: Canary, states: Mapping[str, str]) -> CanaryLabel:
        traps, user = self._traps.get(canary.kind, ()), canary.row.get("user", "")
        held = verifiers(
            canary.tokens, traps, user=user, front_key=self._front_key, text=canary.text, states=states
        )
        for token in canary.tokens:
            if token.facet == "push_endpoint":
                held = {VERIFIER: retired_tag(self._front_key, token.value)}
        memo, recipient, owner = canary.memo, canary.recipient, canary.owner
        return CanaryLabel(memo=memo, recipient=recipient, owner=owner, verifiers=held)
