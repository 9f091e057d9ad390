"""A signed request tells the secret that signed it from one that did not, as Requests and botocore sign."""

from __future__ import annotations

from typing import Any

import pytest

from listener.proofs import signed_requests
from listener.proofs.schemes import given_proof
from tests.listener.proofs.test_schemes import SECRET, proof


def digest(secret: str) -> dict[str, Any]:
    """As Requests answers."""
    from requests.auth import HTTPDigestAuth

    auth: Any = HTTPDigestAuth("app", secret)
    auth.init_per_thread_state()
    auth._thread_local.chal = {"realm": "r", "nonce": "n0", "qop": "auth"}
    header = auth.build_digest_header("GET", "http://h/x?y=1")
    assert header is not None
    pairs = [part.split("=", 1) for part in header.removeprefix("Digest ").split(", ")]
    said = {name: value.strip('"') for name, value in pairs}
    return {"method": "GET", "credentials": [{"scheme": "digest", **said}]}


def aws(secret: str, service: str, *, presigned: bool = False) -> tuple[dict[str, Any], bytes]:
    """As botocore signs."""
    from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    url = "http://q7.hill.net/q7f3/logs/a%20b.txt?list-type=2&prefix=x%2Fy"
    request = AWSRequest(
        "GET" if service == "s3" else "POST",
        url,
        {"Host": "q7.hill.net"},
        b"" if service == "s3" else b"Action=X",
    )
    make = S3SigV4QueryAuth if presigned else S3SigV4Auth if service == "s3" else SigV4Auth
    make(Credentials("AKIAQQQQQQQQQQQQQQQQ", secret), service, "eu-west-1").add_auth(request)
    target = request.url.removeprefix("http://q7.hill.net")
    head = [
        f"{request.method} {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in request.headers.items()),
    ]
    return {"credentials": [{"scheme": "sigv4"}]}, "\r\n".join([*head, "", ""]).encode() + (
        request.body or b""
    )


def test_digest() -> None:
    found = proof("http", digest(SECRET))
    assert found.made_by(SECRET)
    assert not found.made_by("guess")


@pytest.mark.parametrize(("service", "presigned"), [("s3", False), ("s3", True), ("sts", False)])
def test_aws(service: str, presigned: bool) -> None:
    seen, raw = aws(SECRET, service, presigned=presigned)
    found = proof("http", seen, raw)
    assert found.made_by(SECRET)
    assert not found.made_by("guess")


def test_an_aws_request_whose_bytes_are_gone_proves_nothing() -> None:
    seen, _ = aws(SECRET, "s3")
    assert given_proof("http", seen, lambda: None) is None


def test_a_session_without_its_nonce_is_no_proof() -> None:
    """RFC 7616, 3.4.2: with ``-sess`` the client's nonce is hashed; it is the visitor who leaves it out."""
    said = {
        "scheme": "digest",
        "username": "u",
        "nonce": "n",
        "uri": "/",
        "response": "r",
        "algorithm": "MD5-sess",
    }
    assert given_proof("http", {"credentials": [said]}, lambda: None) is None


@pytest.mark.parametrize(
    "text", ["Credential=a/20200101/b/c/aws4_request,", "SignedHeaders=a,", "Credential="]
)
def test_a_long_authorization_is_read_in_linear_time(text: str) -> None:
    """One regular expression took 0.4 s for 3.6 kB, and eight times as long for twice as much."""
    assert signed_requests._scope(f"AWS4-HMAC-SHA256 {text * 2000}SignedHeaders={'a' * 60_000}") is None
    good = (
        "AWS4-HMAC-SHA256 Credential=K/20200101/eu-1/s3/aws4_request,SignedHeaders=host;a,  Signature="
        + "0a" * 32
    )
    assert signed_requests._scope(good) == ("20200101", "eu-1", "s3", "host;a", "0a" * 32)
