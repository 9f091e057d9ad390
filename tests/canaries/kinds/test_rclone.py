"""The rclone configuration, and its obscured password."""

from __future__ import annotations

import base64
import configparser
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Bait
from canaries.kinds.rclone import obscured
from tests import steady
from tests.programs import needs

Mint = Callable[..., Bait]


def section(bait: Bait) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    parser.read_string(bait.files[0].content.decode())
    (name,) = parser.sections()
    assert name == bait.row["remote"]
    return dict(parser[name])


@pytest.mark.parametrize(
    ("password", "iv", "expected"),
    [
        ("", b"a" * 16, "YWFhYWFhYWFhYWFhYWFhYQ"),
        ("potato", b"a" * 16, "YWFhYWFhYWFhYWFhYWFhYXMaGgIlEQ"),
        ("potato", b"b" * 16, "YmJiYmJiYmJiYmJiYmJiYp3gcEWbAw"),
    ],
)
def test_passwords_are_obscured_as_rclones_own_tests_have_it(password: str, iv: bytes, expected: str) -> None:
    assert obscured(password, iv) == expected


def test_the_s3_remote(mint: Mint, base_url: str) -> None:
    bait = mint("rclone", base_url=base_url)
    config = section(bait)
    assert (config["type"], config["endpoint"]) == ("s3", bait.row["url"])
    assert config["secret_access_key"] == bait.tokens[0].value
    assert config["access_key_id"] == bait.tokens[1].value


def test_the_webdav_remote(mint: Mint, base_url: str) -> None:
    bait = mint("rclone", {"remote": "webdav"}, base_url=base_url)
    config = section(bait)
    assert config["type"] == "webdav"
    assert config["url"].startswith(bait.row["url"][:20])
    assert config["pass"] != bait.row["password"]
    assert bait.tokens[0].value == bait.row["password"]
    assert f"pass={bait.row['password']}" in bait.text


@needs("rclone")
@pytest.mark.parametrize("remote", ["s3", "webdav"])
def test_rclone_calls_us(mint: Mint, listening: Any, tmp_path: Path, remote: str) -> None:
    bait = mint("rclone", {"remote": remote}, base_url=listening.url)
    config = tmp_path / "rclone.conf"
    config.write_bytes(bait.files[0].content)
    listening.content_type, listening.answer = "application/xml", b"<x/>"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    subprocess.run(
        ["rclone", "--config", str(config), "--retries", "1", "lsd", f"{bait.row['remote']}:"],
        capture_output=True,
        timeout=steady.PATIENCE,
        check=False,
        env=environment,
    )
    shown = [headers["authorization"] for _, _, headers, _ in listening.seen if "authorization" in headers]
    if remote == "webdav":
        pair = base64.b64encode(f"{bait.row['user']}:{bait.row['password']}".encode()).decode()
        assert shown == [f"Basic {pair}"]
    else:
        assert f"Credential={bait.row['access_key_id']}/" in shown[0]
    assert all(f"/{bait.tokens[-1].value}" in path for _, path, _, _ in listening.seen)
