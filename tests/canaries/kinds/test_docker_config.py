"""The Docker client's configuration: read by Docker's own library."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_login_is_under_the_registrys_name(mint: Mint, base_url: str) -> None:
    bait = mint("docker-config", {"user": "ci"}, base_url=base_url)
    auths = json.loads(bait.files[0].content)["auths"]
    ((registry, entry),) = auths.items()
    assert registry == bait.row["host"]
    assert "/" not in registry
    assert base64.b64decode(entry["auth"]).decode() == f"ci:{bait.tokens[0].value}"
    assert bait.text == f"docker login -u ci -p {bait.tokens[0].value} {registry}\n"


def test_dockers_library_finds_it(mint: Mint, tmp_path: Path) -> None:
    auth = pytest.importorskip("docker.auth")
    bait = mint("docker-config")
    path = tmp_path / "config.json"
    path.write_bytes(bait.files[0].content)
    found = auth.load_config(str(path)).resolve_authconfig(bait.row["host"])
    assert (found["username"], found["password"]) == (bait.row["user"], bait.row["password"])


@pytest.mark.parametrize("bad", ["a:b", "a b", "$(x)"])
def test_users_that_would_break_the_pair_are_refused(mint: Mint, bad: str) -> None:
    with pytest.raises(MintError, match="letters"):
        mint("docker-config", {"user": bad})
