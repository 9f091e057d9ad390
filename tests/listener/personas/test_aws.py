"""Actions are named as policies name them, by method, bucket, key and sub-resource, on the path or in the host."""

from __future__ import annotations

import pytest

from listener.personas import Request
from listener.personas._aws import signed, wish

KEY_ID = "AKIAQQQQQQQQQQQQQQQQ"
LABEL = "q7f3k29xk2m5v8w1z4y6c"


def request(method: str, target: str, service: str = "s3", body: bytes = b"", **headers: str) -> Request:
    scope = f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20261122/eu-west-1/{service}/aws4_request, Signature=00"
    sent = {"authorization": scope, **headers}
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()]
    return Request(method, target.encode(), fields, body, tls=False)


@pytest.mark.parametrize(
    ("method", "target", "action", "resource"),
    [
        ("GET", "/", "ListAllMyBuckets", ""),
        ("GET", "/logs?list-type=2", "ListBucket", "logs"),
        ("HEAD", "/logs", "ListBucket", "logs"),
        ("GET", "/logs?location", "GetBucketLocation", "logs"),
        ("PUT", "/logs", "CreateBucket", "logs"),
        ("PUT", "/logs?acl", "PutBucketAcl", "logs"),
        ("DELETE", "/logs", "DeleteBucket", "logs"),
        ("GET", "/logs/2026/a%20b.gz", "GetObject", "logs/2026/a b.gz"),
        ("PUT", "/logs/a", "PutObject", "logs/a"),
        ("DELETE", "/logs/a", "DeleteObject", "logs/a"),
        ("DELETE", "/logs/a?uploadId=1", "AbortMultipartUpload", "logs/a"),
    ],
)
def test_actions_of_s3(method: str, target: str, action: str, resource: str) -> None:
    found = wish(request(method, target))
    assert found.action == action
    assert found.resource == (f"arn:aws:s3:::{resource}" if resource else "")


def test_a_bucket_in_the_host() -> None:
    found = wish(request("GET", "/a.txt", host=f"logs.{LABEL}.hill.net"))
    assert (found.action, found.resource) == ("GetObject", "arn:aws:s3:::logs/a.txt")
    assert wish(request("GET", "/?list-type=2", host=f"logs.{LABEL}.hill.net:443")).action == "ListBucket"
    assert wish(request("GET", "/", host=f"{LABEL}.hill.net")).action == "ListAllMyBuckets"


def test_the_older_signature() -> None:
    for shown in (
        Request("GET", b"/logs", [(b"Authorization", f"AWS {KEY_ID}:c2lnbmF0dXJl".encode())], b"", tls=False),
        Request("GET", f"/logs?AWSAccessKeyId={KEY_ID}&Expires=1&Signature=x".encode(), [], b"", tls=False),
    ):
        assert signed(shown)
        assert (wish(shown).key_id, wish(shown).policy_action) == (KEY_ID, "s3:ListBucket")
    assert not signed(Request("GET", b"/?Signature=x", [], b"", tls=False))


def test_other_services() -> None:
    assert wish(request("POST", "/", "iam", b"Action=ListUsers&Version=1")).policy_action == "iam:ListUsers"
    target = wish(
        request("POST", "/", "monitoring", x_amz_target="GraniteServiceVersion20100801.ListMetrics")
    )
    assert target.policy_action == "cloudwatch:ListMetrics"
    assert wish(request("GET", "/2015-03-31/functions/", "lambda")).action == "ListFunctions"
    assert wish(request("GET", "/2015-03-31/functions/x", "lambda")).action == "GetFunction"
    assert wish(request("POST", "/clusters", "eks")).action == "CreateCluster"
    assert wish(request("GET", "/", "sts")).action == "Unknown"
