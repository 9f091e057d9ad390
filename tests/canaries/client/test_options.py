"""``--server``: where the token comes from, and what it is not for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from canaries.client import options
from canaries.client.api_client import ApiClient
from canaries.core.errors import TraplineError

SERVER = "http://127.0.0.1:1"


def test_the_token_is_in_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    for environ in ({"TRAPLINE_TOKEN": "x"}, {"TRAPLINE_TOKEN_FILE": str(tmp_path / "token")}):
        options.client(SERVER, environ).close()
    for wrong in ({}, {"TRAPLINE_TOKEN_FILE": str(tmp_path / "nowhere")}, {"TRAPLINE_TOKEN": "a\x1bb"}):
        with pytest.raises(TraplineError, match=r"token|TRAPLINE_TOKEN_FILE"):
            options.client(SERVER, wrong)


def made(work: Any, *, but: tuple[str, ...] = ()) -> click.Command:
    """A command with ``--server``, which says what ran in its place."""

    @click.command()
    @click.argument("name")
    @click.option("--kind", default="")
    @click.option("--follow", is_flag=True)
    @options.by_server(work, but)
    def command(name: str, kind: str, follow: bool) -> None:
        click.echo(f"at home: {name} {kind} {follow}")

    return command


def run(command: click.Command, *words: str) -> Result:
    return CliRunner(env={"TRAPLINE_TOKEN": "x"}).invoke(command, words)


def narrow(api: ApiClient, name: str, kind: str) -> None:
    click.echo(f"{type(api).__name__}: {name} {kind}")


def wide(api: ApiClient, name: str, **given: Any) -> None:
    click.echo(f"{type(api).__name__}: {name} {sorted(given)}")


def test_without_a_server_it_is_the_command() -> None:
    assert run(made(narrow), "a", "--follow").stdout == "at home: a  True\n"


def test_with_one_it_is_what_stands_for_it() -> None:
    assert run(made(narrow), "a", "--kind", "b", "--server", SERVER).stdout == "ApiClient: a b\n"
    assert run(made(wide), "a", "--server", SERVER).stdout == "ApiClient: a ['follow', 'kind']\n"
    assert run(made(wide, but=("follow",)), "a", "--server", SERVER).stdout == "ApiClient: a ['kind']\n"


@pytest.mark.parametrize("command", [made(narrow), made(wide, but=("follow",))])
def test_what_the_api_cannot_is_refused(command: click.Command) -> None:
    refused = run(command, "a", "--follow", "--server", SERVER)
    assert refused.exit_code == 2
    assert "--follow is not for --server" in refused.stderr
    assert "ApiClient" not in refused.stdout
