"""Whether the canary's own secret was shown behind what betrayed it: a user name with the right password, or a guess.

Derived from hashes that minting left in the canary's label; where a scheme has none (SCRAM, Digest, AWS signatures,
VNC), or for bait from before there were any, nothing is said here: `listener.incidents.proofs` says it to whoever holds
the vault's key.
"""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.verifiers import SECRETS, answers_mysql, shown_in_clear
from listener.evidence.derived import Facts, SecretFact
from listener.facts import Source, Use


class Secret(Source):
    """Says nothing where the secret itself is what betrayed the use: then it was shown in clear."""

    name: ClassVar[str] = "secret"
    order: ClassVar[int] = 20

    def derive(self, use: Use, facts: Facts) -> SecretFact | None:
        if use.part or SECRETS & {use.facet, *use.facets}:
            return None
        right, how = self._judged(use)
        if right is None:
            return None
        return {"source": "trapline", "shown": "right" if right else "wrong", "how": how}

    @staticmethod
    def _judged(use: Use) -> tuple[bool | None, str]:
        seen = use.observed
        if use.trap == "ssh" and seen.get("request") == "proven":
            return True, "SSH signature"
        challenge, response = seen.get("challenge"), seen.get("response")
        if use.trap == "mysql" and isinstance(challenge, str) and isinstance(response, str):
            try:
                pair = bytes.fromhex(challenge), bytes.fromhex(response)
            except ValueError:
                return None, ""
            return answers_mysql(use.verifiers, *pair), "MySQL scramble"
        clear = seen.get("password")
        if isinstance(clear, str) and clear:
            return shown_in_clear(use.verifiers, clear), "in clear"
        return None, ""
