"""An assertion tells the private key that signed it, as google-auth asks for a token with a minted key file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.crypto import service_keys
from canaries.crypto.rsa_keys import private_key
from canaries.crypto.verifiers import verifiers
from tests.listener.proofs.requests_of import proof_in, proven, raw_request


def key_file(number: int) -> dict[str, str]:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = private_key(bytes([number]) * 32, 1024)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    email = "ci@core.iam.gserviceaccount.com"
    return {
        "private_key": pem,
        "client_email": email,
        "token_uri": "https://h/q7/token",
        "private_key_id": "7",
    }


def asked_by_google_auth(info: dict[str, str]) -> bytes:
    from google.oauth2 import service_account

    sent: list[bytes] = []

    def caught(url: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any) -> Any:
        sent.append(raw_request(method, url, dict(headers), body))
        raise ConnectionAbortedError

    made: Any = service_account.Credentials
    with pytest.raises(ConnectionAbortedError):
        made.from_service_account_info(info, scopes=["s"]).refresh(caught)
    return sent[0]


def test_right_and_wrong_are_told() -> None:
    info, other = key_file(1), key_file(2)
    text = json.dumps(info)
    held = verifiers((), ["http"], text=text)
    right = proven(asked_by_google_auth(info))
    wrong = proven(asked_by_google_auth(info | {"private_key": other["private_key"]}))
    assert (right.judged(held), wrong.judged(held), right.judged({})) == (True, False, None)
    assert right.user == info["client_email"]
    assert right.shows(service_keys.private_pem(text))
    assert not right.shows(other["private_key"])
    assert not right.shows("no key")
    raw = asked_by_google_auth(info)
    at = raw.index(b"assertion=") + 60
    assert proven_or_wrong(raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :], held)


def proven_or_wrong(raw: bytes, held: dict[str, str]) -> bool:
    """Whether what was changed is no proof, or a wrong one."""
    found = proof_in(raw)
    return found is None or found.judged(held) is False


@pytest.mark.parametrize(
    "assertion", ["", "a.b", "a.b.c", "e30.e30.QQ", "eyJhbGciOiJub25lIn0.e30.QQ", "W10.e30.QQ", "x" * 20_000]
)
def test_what_is_no_assertion_is_none(assertion: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert proof_in(raw_request("POST", "http://h/token", form, f"assertion={assertion}".encode())) is None
