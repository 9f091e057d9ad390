"""Terraform's HTTP backend: the program itself asks us for the state."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from canaries.core.model import Bait
from tests import steady
from tests.programs import needs

Mint = Callable[..., Bait]


def test_every_address_is_ours(mint: Mint, base_url: str) -> None:
    bait = mint("terraform-http-backend", base_url=base_url)
    addresses = [line.split('"')[1] for line in bait.text.splitlines() if "address" in line]
    assert addresses == [bait.row["url"], bait.row["url"] + "/lock", bait.row["url"] + "/lock"]


@needs("terraform")
def test_terraform_sends_user_and_password(mint: Mint, listening: Any, tmp_path: Path) -> None:
    bait = mint("terraform-http-backend", base_url=listening.url)
    (tmp_path / "backend.tf").write_bytes(bait.files[0].content)
    listening.answer = json.dumps(
        {
            "version": 4,
            "terraform_version": "1.5.0",
            "serial": 1,
            "lineage": "x",
            "outputs": {},
            "resources": [],
        }
    ).encode()
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "HOME": str(tmp_path)}
    for command in ("init", "state"):
        arguments = ["init", "-no-color", "-input=false"] if command == "init" else ["state", "pull"]
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            timeout=steady.PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    pair = base64.b64encode(f"{bait.row['user']}:{bait.row['password']}".encode()).decode()
    assert listening.seen
    for _, path, headers, _ in listening.seen:
        assert path.startswith(f"/{bait.tokens[1].value}/terraform/state/")
        assert headers["authorization"] == f"Basic {pair}"
