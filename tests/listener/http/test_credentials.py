"""Each scheme is taken apart into the parts that a bait may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.credentials import find_credentials
from listener.http.message import ParsedMessage


def credential(value: str, name: str = "Authorization") -> dict[str, str]:
    (found,) = find_credentials(ParsedMessage(headers=[(name, value)]), [])
    return found


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("Basic YW5uOnA6dw==", {"scheme": "basic", "user": "ann", "password": "p:w", "pair": "ann:p:w"}),
        ("basic YW5u", {"scheme": "basic", "user": "ann", "password": "", "pair": "ann"}),
        ("Basic A", {"scheme": "basic", "token": "A"}),
        ("Bearer  a.b.c ", {"scheme": "bearer", "token": "a.b.c"}),
        ("token ghp_x", {"scheme": "token", "token": "ghp_x"}),
        ("s3cr3t", {"scheme": "", "token": "s3cr3t"}),
        ("NTLM TlRMTVNTUAAB", {"scheme": "ntlm", "token": "TlRMTVNTUAAB"}),
        (
            "AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0f",
            {
                "scheme": "sigv4",
                "access_key_id": "AKIA",
                "date": "20261122",
                "region": "eu-west-1",
                "service": "s3",
                "signature": "0f",
            },
        ),
        (
            "AWS4-ECDSA-P256-SHA256 Credential=AKIA/20261122/s3/aws4_request",
            {"scheme": "sigv4", "access_key_id": "AKIA", "date": "20261122", "service": "s3"},
        ),
        ("AWS AKIA:c2ln", {"scheme": "aws", "access_key_id": "AKIA", "signature": "c2ln"}),
        ("SharedKey corp:c2ln=", {"scheme": "sharedkey", "account": "corp", "signature": "c2ln="}),
        (
            'Digest username="ann", realm=x',
            {"scheme": "digest", "username": "ann", "realm": "x", "user": "ann"},
        ),
    ],
)
def test_authorization(value: str, parts: dict[str, str]) -> None:
    assert credential(value) == {"in": "authorization", **parts}
    assert credential(value, "PROXY-Authorization") == {"in": "proxy-authorization", **parts}


@pytest.mark.parametrize(
    "name", ["X-Api-Key", "api-key", "PRIVATE-TOKEN", "X-Amz-Security-Token", "X-Auth-Key", "apikey"]
)
def test_keys_in_headers_of_their_own(name: str) -> None:
    assert credential("k", name) == {"in": name.lower(), "scheme": "header", "token": "k"}


def test_ordinary_headers_and_fields_are_none() -> None:
    headers = [
        (name, "x")
        for name in ("Host", "User-Agent", "Accept", "Sec-Fetch-Mode", "Cookie", "X-Amz-Date", "ETag")
    ]
    assert find_credentials(ParsedMessage(headers=headers), [("page", "1"), ("q", "x")]) == []


def test_in_the_query() -> None:
    query = [("api_key", "k"), ("X-Amz-Credential", "AKIA/20261122/eu-west-1/s3/aws4_request")]
    assert [found["scheme"] for found in find_credentials(ParsedMessage(), query)] == ["query", "sigv4"]


@given(st.sampled_from(["Basic ", "AWS4-X ", "Digest ", "SharedKey ", "AWS ", ""]), st.text(max_size=60))
def test_no_value_raises(scheme: str, value: str) -> None:
    assert all(isinstance(part, str) for part in credential(scheme + value).values())
