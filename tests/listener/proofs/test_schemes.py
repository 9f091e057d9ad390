"""What a trap recorded is a proof, or none, and nothing hostile raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.proofs.given import GivenProof
from listener.proofs.schemes import SCHEMES, given_proof

SECRET = "kQ3v9sLr2Xw8Tn5Bz7Yc"


def proof(trap: str, seen: dict[str, Any], raw: bytes | None = None) -> GivenProof:
    found = given_proof(trap, seen, lambda: raw)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("trap", "seen"),
    [
        ("mysql", {"challenge": "00", "response": ""}),
        ("mysql", {"challenge": "zz", "response": "00"}),
        ("mongodb", {"mechanism": "SCRAM-SHA-1", "asked": "x", "challenge": "y", "response": "z"}),
        ("vnc", {"challenge": "00", "response": "00"}),
        ("vnc", {}),
        ("http", {"credentials": [{"scheme": "digest"}]}),
        ("redis", {"password": "x"}),
    ],
)
def test_what_is_no_proof_is_none(trap: str, seen: dict[str, Any]) -> None:
    assert given_proof(trap, seen, lambda: b"") is None


def test_without_credentials_query_and_form_no_scheme_of_http_finds_a_proof() -> None:
    """What `given_proof` relies on where it asks none of them."""
    raw = b"GET /?sig=MDAw&sv=1 HTTP/1.1\r\nHost: h\r\nAuthorization: Digest username=u\r\n\r\n"
    for scheme in SCHEMES["http"]:
        assert (
            scheme(
                {"method": "GET", "headers": [("Host", "h")], "json": [("assertion", "a.b.c")]}, lambda: raw
            )
            is None
        )


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=40), st.binary(max_size=80))
def test_nothing_hostile_raises(trap: str, text: str, raw: bytes) -> None:
    seen = dict.fromkeys(("challenge", "response", "asked", "mechanism", "user", "method"), text)
    credential = {"scheme": "digest", "algorithm": text, "nonce": text, "uri": text, "username": text}
    found = given_proof(trap, {**seen, "credentials": [credential, {"scheme": "sigv4"}]}, lambda: raw)
    assert found is None or not found.made_by(SECRET)
