"""``--server``: where the token comes from, and what it is not for."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from canaries.client import options
from canaries.core.errors import TraplineError

SERVER = "http://127.0.0.1:1"


def test_the_token_is_in_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    for environ in ({"TRAPLINE_TOKEN": "x"}, {"TRAPLINE_TOKEN_FILE": str(tmp_path / "token")}):
        options.client(SERVER, environ).close()
    for wrong in ({}, {"TRAPLINE_TOKEN_FILE": str(tmp_path / "nowhere")}, {"TRAPLINE_TOKEN": "a\x1bb"}):
        with pytest.raises(TraplineError, match=r"token|TRAPLINE_TOKEN_FILE"):
            options.client(SERVER, wrong)


def test_what_the_api_cannot_is_refused() -> None:
    options.refuse(SERVER, place=None, acts=False)
    with pytest.raises(click.UsageError, match="--never-fired is not for --server"):
        options.refuse(SERVER, never_fired=True)
