"""A file of CloudTrail, and a call in it."""

from __future__ import annotations

import json

import pytest

from listener.logs.cloudtrail import CloudTrail

CALL = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "IAMUser",
        "arn": "arn:aws:iam::123456789012:user/alice",
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "userName": "alice",
    },
    "eventTime": "2026-11-27T08:00:00Z",
    "eventSource": "sts.amazonaws.com",
    "eventName": "GetCallerIdentity",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "203.0.113.7",
    "userAgent": "aws-cli/2.15",
    "errorCode": "AccessDenied",
    "eventID": "1-2-3",
}


def test_a_call() -> None:
    [raw] = CloudTrail().split(json.dumps({"Records": [CALL]}).encode())
    found = CloudTrail().record(raw)
    assert found is not None
    assert (found.account, found.client, found.at) == ("alice", "203.0.113.7", "2026-11-27T08:00:00Z")
    assert found.request == "sts.amazonaws.com GetCallerIdentity"
    assert found.strings == ("AKIAIOSFODNN7EXAMPLE",)
    assert found.facts["error"] == "AccessDenied"


def test_what_is_none() -> None:
    for document in (b"", b"[]", b'{"Records": 5}', b'{"Records": [', b"{" * 90_000):
        with pytest.raises(ValueError, match="no Records"):
            CloudTrail().split(document)
    assert CloudTrail().record(b'{"eventName": 5}') is None
    assert CloudTrail().split(b'{"Records": [5]}') == [b"5"]
    assert CloudTrail().record(b"5") is None
