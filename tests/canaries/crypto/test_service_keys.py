"""A key file of a service account gives its public half, which tells what the private one signed."""

from __future__ import annotations

import json

import pytest

from canaries.crypto import service_keys
from tests.listener.proofs.test_jwt_assertions import key_file


def test_a_public_half_tells_what_was_signed() -> None:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    info = key_file(1)
    half = service_keys.public_half(json.dumps(info))
    key = load_pem_private_key(info["private_key"].encode(), None)
    signature = key.sign(b"said", padding.PKCS1v15(), SHA256())  # type: ignore[call-arg,union-attr,arg-type]
    for known in (half, info["private_key"]):
        assert service_keys.verifies(known, b"said", signature)
        assert not service_keys.verifies(known, b"sad", signature)
    assert "PRIVATE" not in half


@pytest.mark.parametrize(
    "text", ["", "{}", '{"private_key": 7}', '{"private_key": "x"}', '"private_key"', '["private_key"]']
)
def test_a_text_without_a_key_has_none(text: str) -> None:
    assert service_keys.public_half(text) == ""


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        service_keys.verifies("QQ==", b"", b"")
