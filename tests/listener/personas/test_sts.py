"""boto3 learns who it is and which buckets there are, and is refused the rest, as with a real key of few rights."""

from __future__ import annotations

import pytest

from canaries.content.checksums import aws_key_id

AWS = "AWS4-HMAC-SHA256 Credential={}/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00"
SHAPES = {
    "s3": [("GET", "/", {"authorization": AWS.format(f"AKIA{letter * 16}")}) for letter in "QR"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY_ID = aws_key_id("418273645501", b"abcde")


@pytest.fixture
def client(stand_in: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    boto3 = pytest.importorskip("boto3")
    from botocore.config import Config

    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    made = []

    def make(service: str, key_id: str = KEY_ID, path: str = ""):  # type: ignore[no-untyped-def]
        made.append(
            boto3.client(
                service,
                endpoint_url=stand_in + path,
                region_name="eu-west-1",
                aws_access_key_id=key_id,
                aws_secret_access_key="x" * 40,
                config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("path", ["", "/q7f3k29xk2m5v8w1z4y6c"])
def test_who_am_i(client, path: str) -> None:  # type: ignore[no-untyped-def]
    said = client("sts", path=path).get_caller_identity()
    assert said["Account"] == "418273645501"
    assert said["Arn"].startswith("arn:aws:iam::418273645501:user/")
    assert said["UserId"].startswith("AIDA")
    assert len(said["UserId"]) == 21


def test_a_string_that_is_no_key_id_is_told_so(client) -> None:  # type: ignore[no-untyped-def]
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client("sts", "AKIA0000000000000000").get_caller_identity()
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        client("s3", "AKIA0000000000000000").list_buckets()


def test_buckets(client) -> None:  # type: ignore[no-untyped-def]
    said = client("s3", path="/q7f3k29xk2m5v8w1z4y6c").list_buckets()
    assert 1 <= len(said["Buckets"]) <= 4
    assert all(bucket["CreationDate"].year in (2024, 2025, 2026) for bucket in said["Buckets"])


def test_everything_else_is_denied(client) -> None:  # type: ignore[no-untyped-def]
    from botocore.exceptions import ClientError

    calls = {
        r'AccessDenied.*s3:ListBucket on resource: "arn:aws:s3:::backups"': lambda: client(
            "s3"
        ).list_objects_v2(Bucket="backups"),
        r"AccessDenied.*iam:ListUsers": lambda: client("iam").list_users(),
        r"AccessDeniedException.*secretsmanager:ListSecrets": lambda: client("secretsmanager").list_secrets(),
        r"UnauthorizedOperation.*ec2:DescribeInstances": lambda: client("ec2").describe_instances(),
        r"AccessDeniedException.*lambda:ListFunctions": lambda: client("lambda").list_functions(),
    }
    for told, call in calls.items():
        with pytest.raises(ClientError, match=told):
            call()


def test_a_string_that_is_no_key_id_is_told_so_by_every_service(client) -> None:  # type: ignore[no-untyped-def]
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError, match="AuthFailure"):
        client("ec2", "AKIA0000000000000000").describe_instances()
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        client("dynamodb", "AKIA0000000000000000").list_tables()


def test_a_bucket_in_the_host_is_denied_and_no_list_of_buckets(ask) -> None:  # type: ignore[no-untyped-def]
    scope = f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20261122/eu-west-1/s3/aws4_request, Signature=00"
    answer = ask("GET", "/?list-type=2", authorization=scope, host="logs.q7f3k29xk2m5v8w1z4y6c.hill.net")[1]
    assert answer.status == 403
    assert b"arn:aws:s3:::logs" in answer.body


def test_the_older_signature_is_answered_too(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/", authorization=f"AWS {KEY_ID}:c2lnbmF0dXJl")
    assert (name, answer.name) == ("sts", "s3-buckets")


def test_a_presigned_url(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask(
        "GET", f"/b/k?X-Amz-Algorithm=x&X-Amz-Credential={KEY_ID}%2F20261122%2Feu-west-1%2Fs3%2Faws4_request"
    )
    assert (name, answer.status) == ("sts", 403)
    assert b"<Code>AccessDenied</Code>" in answer.body


def test_what_the_client_wrote_is_escaped(ask) -> None:  # type: ignore[no-untyped-def]
    scope = f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20261122/eu-west-1/iam/aws4_request"
    body = ask("POST", "/", b"Action=<script>&Version=1", authorization=scope)[1].body
    assert b"<script>" not in body


def test_a_region_in_capitals_as_s3cmd_signs_it(ask) -> None:  # type: ignore[no-untyped-def]
    scope = (
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20261122/US/s3/aws4_request,SignedHeaders=host,Signature=00"
    )
    name, answer = ask("GET", "/", authorization=scope)
    assert (name, answer.status, answer.name) == ("sts", 200, "s3-buckets")
