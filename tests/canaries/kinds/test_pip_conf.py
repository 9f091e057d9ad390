"""pip.conf: pip itself sends user and password."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from canaries.core.model import Bait
from tests import steady

Mint = Callable[..., Bait]


def test_pip_hands_the_password_over(mint: Mint, listening: Any, tmp_path: Path) -> None:
    bait = mint("pip-conf", base_url=listening.url)
    path = tmp_path / "pip.conf"
    path.write_bytes(bait.files[0].content)
    listening.content_type = "text/html"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--retries",
            "0",
            "-d",
            str(tmp_path),
            "internal-lib",
        ],
        env={**os.environ, "PIP_CONFIG_FILE": str(path), "HOME": str(tmp_path), "NO_PROXY": "*"},
        capture_output=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    wanted = base64.b64encode(f"{bait.row['user']}:{bait.row['password']}".encode()).decode()
    assert any(headers.get("authorization") == f"Basic {wanted}" for _, _, headers, _ in listening.seen)
    assert any("/simple/internal-lib/" in path for _, path, _, _ in listening.seen)


def test_beside_the_public_index_where_it_is_asked_for(mint: Mint) -> None:
    assert "\nextra-index-url = " in mint("pip-conf", {"extra": True}).text
