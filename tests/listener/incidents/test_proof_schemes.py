"""Each scheme tells the secret that made an answer from one that did not, by answers that real clients made."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.incidents.proof_schemes import GivenProof, given_proof

SECRET = "kQ3v9sLr2Xw8Tn5Bz7Yc"
SALT = bytes(range(1, 21))


def proof(trap: str, seen: dict[str, Any], raw: bytes | None = None) -> GivenProof:
    found = given_proof(trap, seen, lambda: raw)
    assert found is not None
    return found


def mysql(secret: str, plugin: str) -> dict[str, str]:
    """As PyMySQL answers."""
    from pymysql import _auth

    make = _auth.scramble_native_password if "native" in plugin else _auth.scramble_caching_sha2
    response = make(secret.encode(), SALT)
    return {"user": "app", "plugin": plugin, "challenge": SALT.hex(), "response": response.hex()}


def scram(secret: str, mechanism: str) -> dict[str, str]:
    """As PyMongo answers (pymongo/auth.py), by RFC 5802."""
    digest = "sha1" if mechanism.endswith("-1") else "sha256"
    first, server = "n,,n=app,r=abc", f"r=abcdef,s={base64.b64encode(SALT).decode()},i=4096"
    hidden = hashlib.md5(f"app:mongo:{secret}".encode()).hexdigest() if digest == "sha1" else secret
    salted = hashlib.pbkdf2_hmac(digest, hidden.encode(), SALT, 4096)
    client = hmac.digest(salted, b"Client Key", digest)
    message = f"n=app,r=abc,{server},c=biws,r=abcdef".encode()
    signed = hmac.digest(hashlib.new(digest, client).digest(), message, digest)
    shown = base64.b64encode(bytes(a ^ b for a, b in zip(client, signed, strict=True))).decode()
    response = f"c=biws,r=abcdef,p={shown}"
    return {"user": "app", "mechanism": mechanism, "asked": first, "challenge": server, "response": response}


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


@pytest.mark.parametrize("plugin", ["mysql_native_password", "caching_sha2_password"])
def test_mysql(plugin: str) -> None:
    found = proof("mysql", mysql(SECRET, plugin))
    assert found.made_by(SECRET)
    assert not found.made_by(f"{SECRET}x")
    assert (found.how, found.user, found.asked) == ("MySQL scramble", "app", SALT.hex())


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_scram(mechanism: str) -> None:
    found = proof("mongodb", scram(SECRET, mechanism))
    assert found.made_by(SECRET)
    assert not found.made_by("guess")


def test_vnc() -> None:
    """The challenge and the answer of a real viewer, as tests/listener/traps/test_vnc.py has it."""
    from tests.listener.traps.test_vnc import des

    asked = bytes(range(16))
    found = proof("vnc", {"challenge": asked.hex(), "response": des(b"8 chars!", asked).hex()})
    assert found.made_by("8 chars!")
    assert found.made_by("8 chars! and more, which no viewer sends")
    assert not found.made_by("8 charz!")


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


@given(st.sampled_from(["mysql", "mongodb", "vnc", "http"]), st.text(max_size=40), st.binary(max_size=80))
def test_nothing_hostile_raises(trap: str, text: str, raw: bytes) -> None:
    seen = dict.fromkeys(("challenge", "response", "asked", "mechanism", "user", "method"), text)
    credential = {"scheme": "digest", "algorithm": text, "nonce": text, "uri": text, "username": text}
    found = given_proof(trap, {**seen, "credentials": [credential, {"scheme": "sigv4"}]}, lambda: raw)
    assert found is None or not found.made_by(SECRET)


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


def test_what_fails_at_a_secret_does_not_show_it() -> None:
    def fail(_secret: str) -> bool:
        raise KeyError("left out")

    assert not GivenProof("a scheme", "", "", fail).shows(SECRET)
    assert not proof("mongodb", scram(SECRET, "SCRAM-SHA-1") | {"user": "\ud800"}).shows(SECRET)


@pytest.mark.parametrize(
    "text", ["Credential=a/20200101/b/c/aws4_request,", "SignedHeaders=a,", "Credential="]
)
def test_a_long_authorization_is_read_in_linear_time(text: str) -> None:
    """One regular expression took 0.4 s for 3.6 kB, and eight times as long for twice as much."""
    from listener.incidents import proof_schemes

    assert proof_schemes._scope(f"AWS4-HMAC-SHA256 {text * 2000}SignedHeaders={'a' * 60_000}") is None
    good = (
        "AWS4-HMAC-SHA256 Credential=K/20200101/eu-1/s3/aws4_request,SignedHeaders=host;a,  Signature="
        + "0a" * 32
    )
    assert proof_schemes._scope(good) == ("20200101", "eu-1", "s3", "host;a", "0a" * 32)
