"""Stored git credentials: git's own helper reads them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from canaries.core.model import Bait
from tests import steady
from tests.programs import needs

Mint = Callable[..., Bait]


@needs("git")
def test_git_finds_the_password_for_the_host(mint: Mint, base_url: str, tmp_path: Path) -> None:
    bait = mint("git-credentials", base_url=base_url)
    for file in bait.files:
        (tmp_path / file.path).write_bytes(file.content)
    scheme, _, rest = bait.row["url"].partition("://")
    question = f"protocol={scheme}\nhost={rest.partition('/')[0]}\n\n"
    done = subprocess.run(
        ["git", "credential", "fill"],
        input=question,
        env={**os.environ, "HOME": str(tmp_path), "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    assert f"password={bait.tokens[0].value}" in done.stdout
