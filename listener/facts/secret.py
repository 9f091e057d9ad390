"""Whether the canary's own secret was shown behind what betrayed it: a user name with the right password, or a guess.

Derived from what minting left in the canary's label (`canaries.crypto.verifiers`). Of bait from before there was any,
nothing is said here: `listener.incidents.proofs` says it to whoever holds the vault's key.
"""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.verifiers import SECRETS, shown_in_clear
from listener.evidence.derived import Facts, SecretFact
from listener.facts import Source, Use
from listener.proofs.in_clear import SHOWN_IN, secrets_in_clear
from listener.proofs.schemes import given_proof

_SSH = {"proven": True, "not proven": False}


class Secret(Source):
    """Says nothing where the secret itself is what betrayed the use: then it was shown in clear."""

    name: ClassVar[str] = "secret"
    order: ClassVar[int] = 20

    def derive(self, use: Use, facts: Facts) -> SecretFact | None:
        right, how = (None, "") if use.part else self._judged(use)
        if right is None:
            return None
        return {"source": "trapline", "shown": "right" if right else "wrong", "how": how}

    @staticmethod
    def _judged(use: Use) -> tuple[bool | None, str]:
        seen, sighting = use.observed, use.sighting
        if use.trap == "ssh" and (right := _SSH.get(str(seen.get("request")))) is not None:
            return right, "SSH signature"
        if use.trap == "wireguard" and "public_key" in use.facets:  # else it could not have been read
            return True, "WireGuard handshake"
        proof = given_proof(
            use.trap, seen, lambda: sighting.raw if len(sighting.raw) == sighting.size else None
        )
        betrayed = SECRETS & {use.facet, *use.facets}
        if proof is not None and not (betrayed and proof.bearer):
            return proof.judged(use.verifiers), proof.how
        if betrayed:
            return None, ""
        if SHOWN_IN.isdisjoint(seen):
            return None, ""
        said = [shown_in_clear(use.verifiers, one) for one in secrets_in_clear(seen)]
        return (any(said) if said and None not in said else None), "in clear"
