"""The requests that real client libraries sign, as bytes, and what the HTTP trap's reading makes of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from listener.proofs.given import GivenProof
from listener.proofs.schemes import given_proof
from tests.listener.proofs.showings import TRAPS, sighting


def raw_request(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """As it goes over the wire."""
    split = urlsplit(url)
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if not any(name.lower() == "host" for name in headers):
        lines.insert(1, f"Host: {split.netloc}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def proof_in(raw: bytes) -> GivenProof | None:
    """What the trap reads of a request, held as a proof."""
    observed: Any = TRAPS["http"].read(sighting("http", raw)).observed
    return given_proof("http", observed, lambda: raw)


def proven(raw: bytes) -> GivenProof:
    found = proof_in(raw)
    assert found is not None
    return found
