"""One answer to a challenge, as a trap recorded it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from canaries.core.lazily import lazily

Raw = Callable[[], bytes | None]
"""The bytes as they came, or None where they are not kept whole."""


def _unknown(_held: Mapping[str, str]) -> bool | None:
    return None


@dataclass(frozen=True)
class GivenProof:
    """One answer to a challenge."""

    how: str
    """The scheme's name: ``MySQL scramble``."""
    asked: str
    """The challenge, or what takes its place: two proofs of the same one are the same exchange."""
    response: str
    """The answer itself."""
    made_by: Callable[[str], bool]
    """Whether this secret makes the answer."""
    user: str = ""
    known_by: Callable[[Mapping[str, str]], bool | None] = _unknown
    """Whether the secret that these verifiers are of makes the answer (`canaries.crypto.verifiers`); None: they do not
    tell."""
    bearer: bool = False
    """Whether the answer itself is a secret that whoever has it can use again, and so may be the bait."""

    def shows(self, secret: str) -> bool:
        """Whether this secret makes the answer; what cannot be computed, as something of it is missing, does not."""
        try:
            return self.made_by(secret)
        except (LookupError, TypeError, ValueError):
            return False

    def judged(self, held: Mapping[str, str]) -> bool | None:
        """The same by a canary's verifiers, without its secret; None where they do not tell."""
        try:
            return self.known_by(held)
        except (LookupError, TypeError, ValueError):
            return None

    @lazily
    def mark(self) -> str:
        """What a copy of this answer has too."""
        return f"{self.how}:{self.response}"
