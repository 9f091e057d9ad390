""".npmrc: the token's sum, and npm itself."""

from __future__ import annotations

import re
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from canaries.content.checksums import base62
from canaries.core.model import Bait
from tests import steady
from tests.programs import needs

Mint = Callable[..., Bait]


def test_the_token_ends_in_its_sum(mint: Mint) -> None:
    for number in range(50):
        secret = mint("npm-token", number=number).tokens[0].value
        found = re.fullmatch(r"npm_([A-Za-z0-9]{30})([A-Za-z0-9]{6})", secret)
        assert found
        assert found[2] == base62(zlib.crc32(found[1].encode()), 6)


def test_the_own_ca_comes_along_where_it_is_asked_for(mint: Mint) -> None:
    assert 'ca="-----BEGIN' in mint("npm-token", {"ca": True}).text
    assert "ca=" not in mint("npm-token").text


@needs("npm")
def test_npm_hands_the_token_over(mint: Mint, listening: Any, tmp_path: Path) -> None:
    bait = mint("npm-token", base_url=listening.url)
    (tmp_path / ".npmrc").write_bytes(bait.files[0].content)
    listening.answer = b'{"username": "ci"}'
    subprocess.run(
        ["npm", "whoami"],
        cwd=tmp_path,
        env={
            "HOME": str(tmp_path),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "npm_config_update_notifier": "false",
        },
        capture_output=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert f"Bearer {bait.tokens[0].value}" in {
        headers.get("authorization") for _, _, headers, _ in listening.seen
    }
