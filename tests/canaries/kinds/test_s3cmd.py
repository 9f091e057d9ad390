"""The s3cmd configuration: its values, and the program itself signing to us."""

from __future__ import annotations

import configparser
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Bait
from tests import steady

Mint = Callable[..., Bait]


def read(bait: Bait) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    parser.read_string(bait.files[0].content.decode())
    return dict(parser["default"])


def test_every_value_points_to_us(mint: Mint, base_url: str) -> None:
    bait = mint("s3cmd", base_url=base_url)
    assert bait.files[0].path == ".s3cfg"
    config = read(bait)
    assert config["host_base"] == config["host_bucket"] == bait.row["address"]
    assert config["access_key"] == bait.row["access_key_id"]
    assert config["use_https"] == str(base_url.startswith("https"))


def test_a_certificate_of_ours_is_taken_unless_told_otherwise(mint: Mint) -> None:
    assert read(mint("s3cmd"))["check_ssl_certificate"] == "False"
    assert read(mint("s3cmd", {"verify": True}))["check_ssl_certificate"] == "True"


@pytest.mark.skipif(importlib.util.find_spec("S3") is None, reason="no s3cmd")
def test_s3cmd_signs_with_the_key(mint: Mint, listening: Any, tmp_path: Path) -> None:
    bait = mint("s3cmd", base_url=listening.url)
    config = tmp_path / ".s3cfg"
    config.write_bytes(bait.files[0].content)
    listening.content_type = "application/xml"
    listening.answer = (
        b"<ListAllMyBucketsResult><Buckets><Bucket><Name>backups</Name>"
        b"<CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>"
    )
    program = Path(sys.executable).with_name("s3cmd")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, str(program), "-c", str(config), "ls"],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
        env={**environment, "HOME": str(tmp_path)},
    )
    assert "s3://backups" in done.stdout, done.stderr
    ((_, path, headers, _),) = listening.seen
    assert path.rstrip("/") == f"/{bait.tokens[2].value}"
    assert f"Credential={bait.row['access_key_id']}/" in headers["authorization"]
