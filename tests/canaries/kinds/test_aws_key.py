"""The AWS key: its profile, read and used by the real client."""

from __future__ import annotations

import configparser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from canaries.content.checksums import WATCHED_AWS_ACCOUNTS, aws_account
from canaries.core.model import Bait
from canaries.kinds.aws_key import AwsKeyOptions, entropy

Mint = Callable[..., Bait]

IDENTITY = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    b"<Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>AIDA</UserId><Account>123456789012</Account>"
    b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


def values(bait: Bait) -> dict[str, str]:
    return {token.facet: token.value for token in bait.tokens}


def test_secret_before_key_id_before_site(mint: Mint, base_url: str) -> None:
    bait = mint("aws-key", base_url=base_url)
    assert [token.facet for token in bait.tokens][:2] == ["secret", "access_key_id"]
    assert len(bait.tokens) == 3


def test_ids_and_secrets_have_amazons_form(mint: Mint) -> None:
    accounts = set()
    for number in range(300):
        found = values(mint("aws-key", number=number))
        assert found["access_key_id"].startswith("AKIA")
        assert len(found["secret"]) == 40
        assert entropy(found["secret"]) >= 4.25
        accounts.add(aws_account(found["access_key_id"]))
    assert len(accounts) == 300
    assert not accounts & WATCHED_AWS_ACCOUNTS


@pytest.mark.parametrize(("text", "expected"), [("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0)])
def test_entropy(text: str, expected: float) -> None:
    assert entropy(text) == pytest.approx(expected)


def test_both_files_name_the_endpoint(mint: Mint, base_url: str) -> None:
    bait = mint("aws-key", {"profile": "backup", "region": "eu-west-3"}, base_url=base_url)
    files = {file.path: file for file in bait.files}
    assert set(files) == {".aws/credentials", ".aws/config"}
    assert all(file.mode == 0o600 for file in files.values())
    credentials, config = configparser.ConfigParser(), configparser.ConfigParser()
    credentials.read_string(files[".aws/credentials"].content.decode())
    config.read_string(files[".aws/config"].content.decode())
    assert (
        credentials["backup"]["endpoint_url"] == config["profile backup"]["endpoint_url"] == bait.row["url"]
    )
    assert config["profile backup"]["region"] == "eu-west-3"


def test_it_brings_its_own_ca_only_where_asked(mint: Mint) -> None:
    assert "ca_bundle" not in mint("aws-key").files[1].content.decode()
    bait = mint("aws-key", {"ca": True})
    assert "ca_bundle = ~/.aws/ca.pem\n" in bait.files[1].content.decode()
    assert bait.files[2].path == ".aws/ca.pem"
    assert len(mint("aws-key", {"ca": True}, ca_pem="").files) == 2


def test_one_file_alone_has_all_of_it(mint: Mint, base_url: str) -> None:
    bait = mint("aws-key", {"form": "credentials", "region": "eu-west-3", "ca": True}, base_url=base_url)
    assert [file.path for file in bait.files] == [".aws/credentials", ".aws/ca.pem"]
    parser = configparser.ConfigParser()
    parser.read_string(bait.files[0].content.decode())
    section = parser["default"]
    assert (section["region"], section["endpoint_url"]) == ("eu-west-3", bait.row["url"])
    assert section["ca_bundle"] == "~/.aws/ca.pem"


def test_variables_for_an_environment(mint: Mint, base_url: str) -> None:
    bait = mint("aws-key", {"form": "env"}, base_url=base_url)
    assert bait.files == ()
    lines = dict(line.split("=", 1) for line in bait.text.splitlines())
    assert lines == {
        "AWS_ACCESS_KEY_ID": bait.row["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": bait.row["secret_access_key"],
        "AWS_DEFAULT_REGION": bait.row["region"],
        "AWS_ENDPOINT_URL": bait.row["url"],
    }
    with pytest.raises(ValueError, match="another form"):
        AwsKeyOptions(form="env", ca=True)


@pytest.mark.parametrize("change", [{"profile": "a]\n[b"}, {"profile": ""}, {"region": "eu west"}])
def test_names_that_would_break_the_file_are_refused(change: Any) -> None:
    with pytest.raises(ValueError, match="letters"):
        AwsKeyOptions(**change)


@pytest.mark.parametrize("only", ["both", "credentials"])
def test_boto3_takes_the_files_and_calls_us(
    mint: Mint, listening: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: str
) -> None:
    bait = mint("aws-key", base_url=listening.url)
    for file in bait.files:
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
    config = tmp_path / ".aws" / ("config" if only == "both" else "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / ".aws" / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    listening.answer, listening.content_type = IDENTITY, "text/xml"
    session = boto3.Session(region_name=None if only == "both" else "us-east-1")
    sts = session.client("sts")
    assert sts.get_caller_identity()["Account"] == "123456789012"
    s3 = session.client("s3")
    listening.answer = (
        b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></ListBucketResult>'
    )
    s3.list_objects_v2(Bucket="backups")
    sts.close()
    s3.close()
    found = values(bait)
    assert [path.split("?")[0] for _, path, _, _ in listening.seen] == [
        f"/{found['path']}",
        f"/{found['path']}/backups",
    ]
    for _, _, headers, body in listening.seen:
        assert f"Credential={found['access_key_id']}/" in headers["authorization"]
        assert found["secret"] not in str(headers) + body.decode()
