"""What cannot be computed proves nothing, and raises nothing."""

from __future__ import annotations

from collections.abc import Mapping

from listener.proofs.given import GivenProof
from tests.listener.proofs.test_challenges import scram
from tests.listener.proofs.test_schemes import SECRET, proof


def test_what_fails_at_a_secret_does_not_show_it() -> None:
    def fail(_secret: str) -> bool:
        raise KeyError("left out")

    assert not GivenProof("a scheme", "", "", fail).shows(SECRET)
    assert not proof("mongodb", scram(SECRET, "SCRAM-SHA-1") | {"user": "\ud800"}).shows(SECRET)


def test_what_fails_at_verifiers_is_not_known() -> None:
    def fail(held: Mapping[str, str]) -> bool:
        return bool(held["left out"])

    assert GivenProof("a scheme", "", "", bool, known_by=fail).judged({}) is None
    assert GivenProof("a scheme", "", "", bool).judged({}) is None
