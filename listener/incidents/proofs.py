"""Whether a hit shows the canary's secret: in clear, by a proof that only it makes, a wrong one, a copied answer.

The secret is in the canary's sealed record, so this is said by whoever holds the vault's key, when it is asked; nothing
that could make or check a proof is stored for the listener.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from canaries.core.errors import TraplineError
from canaries.crypto.service_keys import private_pem
from canaries.crypto.verifiers import SECRETS
from listener.evidence import observed
from listener.evidence.shapes import HitBody, Observed
from listener.incidents import queries
from listener.incidents.model import Hit
from listener.proofs.given import GivenProof
from listener.proofs.schemes import given_proof

if TYPE_CHECKING:
    from canaries.installation.home import Home

_MOST_EARLIER = 2_000
"""Hits of a canary that are looked through for the same answer."""
_WORDS = {
    "right": "the right secret was shown",
    "wrong": "a wrong secret was shown for it",
    "replayed": "an answer recorded earlier was sent again",
    "unchecked": "not checked",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What a hit proves."""

    verdict: str
    """``right``, ``wrong``, ``replayed`` or ``unchecked``."""
    how: str
    """``in clear``, or the scheme: ``MySQL scramble``."""
    because: str = ""
    """Of what was not checked: why. Of what was replayed: the hit that had it first."""

    def __str__(self) -> str:
        """For people."""
        told = f"{_WORDS[self.verdict]} ({self.how})"
        if self.verdict == "replayed":
            return f"{told}, first in hit {self.because}"
        return f"{told}: {self.because}" if self.because else told

    def as_dict(self) -> dict[str, str]:
        """What ``--json`` prints."""
        return {"verdict": self.verdict, "how": self.how, "because": self.because}


class ProofChecks:
    """Says it of one hit after the other; a canary's record is opened once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._secrets: dict[str, tuple[tuple[str, ...], str]] = {}
        self._earlier: dict[str, dict[str, tuple[str, str]]] = {}

    def of(self, hit: Hit) -> Proof | None:
        """What this hit proves, None where no secret was asked for or shown."""
        return self.of_body(hit.id, hit.body)

    def of_body(self, hit_id: str, body: HitBody) -> Proof | None:
        """The same of the body of a *hit* entry. Never raises for what is in it."""
        facets, seen = set(body.get("facets", [body["facet"]])), body.get("observed", Observed())
        given = self._given(hit_id, body)
        if facets & SECRETS and (given is None or given.bearer):
            return Proof("right", "in clear")
        clear = seen.get("password")
        if given is None:
            if body["trap"] == "ssh" and observed.request(seen) == "proven":
                return Proof("right", "SSH signature")
            if not isinstance(clear, str) or not clear or body.get("follows"):
                return None
        secrets, why = self._of_canary(body["canary"])
        if not secrets:
            return Proof("unchecked", given.how if given else "in clear", why)
        if given is None:
            return Proof("right" if clear in secrets else "wrong", "in clear")
        first, asked = self._first(hit_id, body, given)
        if first != hit_id and asked != given.asked:
            return Proof("replayed", given.how, first)
        return Proof("right" if any(map(given.shows, secrets)) else "wrong", given.how)

    def _given(self, hit_id: str, body: HitBody) -> GivenProof | None:
        def raw() -> bytes | None:
            return None if body.get("raw_truncated") else queries.raw(self._home, hit_id)

        return given_proof(body["trap"], body.get("observed", Observed()), raw)

    def _of_canary(self, canary: str) -> tuple[tuple[str, ...], str]:
        """(its secrets, why there are none)."""
        if canary not in self._secrets:
            from canaries.mint import catalogue

            try:
                record = catalogue.find(self._home, canary)
                found = tuple(token.value for token in record.tokens if token.facet in SECRETS)
                found += tuple(filter(None, [private_pem(record.text)]))
                self._secrets[canary] = found, "" if found else "its record has no secret of that form"
            except TraplineError as error:
                self._secrets[canary] = (), error.sentence
        return self._secrets[canary]

    def _first(self, hit_id: str, body: HitBody, given: GivenProof) -> tuple[str, str]:
        """(the first hit of the canary with the same answer, the challenge that it answered)."""
        canary = body["canary"]
        if canary not in self._earlier:
            known: dict[str, tuple[str, str]] = {}
            for other in queries.hits(self._home, canary=canary, limit=_MOST_EARLIER, parts=True):
                if (theirs := self._given(other.id, other.body)) is not None:
                    known.setdefault(theirs.mark, (other.id, theirs.asked))
            self._earlier[canary] = known
        return self._earlier[canary].get(given.mark, (hit_id, given.asked))
