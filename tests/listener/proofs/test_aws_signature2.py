"""An AWS signature of version 2 tells the secret that made it, as botocore signs for S3 and for the query API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from canaries.core.model import Token
from canaries.crypto.verifiers import verifiers
from tests.every import every
from tests.listener.proofs.requests_of import proof_in, proven, raw_request

SECRET, WRONG = "kQ3v9sLr2Xw8Tn5Bz7YcwE1rT2yU3iO4pA5sD6fG", "not the secret"
KEY_ID = "AKIAQQQQQQQQQQQQQQQQ"
HELD = verifiers([Token("secret", SECRET), Token("access_key_id", KEY_ID)], ["http"])


def storage(secret: str, *, presigned: bool = False, virtual: bool = False, path: str = "") -> bytes:
    """What boto3 sends to an endpoint at which it was told ``signature_version``."""
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3-query" if presigned else "s3",
        s3={"addressing_style": "virtual" if virtual else "path"},
        retries={"total_max_attempts": 1},
    )
    endpoint = f"http://q7f3.hill.net:9000{path}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=config,
                          aws_access_key_id=KEY_ID, aws_secret_access_key=secret)  # fmt: skip
    if presigned:
        asked = {"Bucket": "logs", "Key": "a b.txt", "ResponseContentType": "text/plain"}
        return raw_request("GET", client.generate_presigned_url("get_object", asked), {})
    sent: list[Any] = []

    def caught(request: Any, **_: Any) -> None:
        sent.append(request)
        raise ConnectionAbortedError

    client.meta.events.register("before-send.s3", caught)
    with pytest.raises(ConnectionAbortedError):
        client.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
    headers = {
        name: value if isinstance(value, str) else value.decode() for name, value in sent[0].headers.items()
    }
    return raw_request(sent[0].method, sent[0].url, headers, sent[0].body)


def query(secret: str) -> bytes:
    """What botocore sends to SimpleDB, the last service with that signature."""
    from botocore.auth import SigV2Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest("POST", "http://q7f3.hill.net/sdb/", {}, {"Action": "ListDomains", "A": "x y~*"})
    SigV2Auth(Credentials(KEY_ID, secret)).add_auth(request)
    sent = request.prepare()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return raw_request(
        "POST", sent.url, kind, sent.body.encode() if isinstance(sent.body, str) else sent.body
    )


WAYS: dict[str, Callable[[str], bytes]] = {
    "header": storage,
    "bucket in the host's name": lambda secret: storage(secret, virtual=True),
    "below a path": lambda secret: storage(secret, path="/q7f3"),
    "presigned": lambda secret: storage(secret, presigned=True),
    "query API": query,
}


@every("way", WAYS)
def test_right_and_wrong_are_told(way: str) -> None:
    right, wrong = proven(WAYS[way](SECRET)), proven(WAYS[way](WRONG))
    assert (right.judged(HELD), wrong.judged(HELD)) == (True, False)
    assert (right.shows(SECRET), right.shows(WRONG)) == (True, False)
    assert right.judged({}) is None, "of bait from before"
    tampered = WAYS[way](SECRET).replace(b"PUT", b"GET").replace(b"a%20b", b"a%20c").replace(b"List", b"Kill")
    assert proven(tampered).judged(HELD) is False, "a signature copied to another request"


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /?AWSAccessKeyId=A&Signature=%21 HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /?AWSAccessKeyId=A&Signature=QQ%3D%3D&SignatureVersion=2&SignatureMethod=x HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nAuthorization: AWS A:\r\n\r\n",
        b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nAuthorization: AWS A:QQ==\r\n\r\n",
    ],
)
def test_what_is_no_signature_is_none(raw: bytes) -> None:
    assert proof_in(raw) is None
