"""The command line of the generator half: one file a command, found because it is in the folder.

What all commands share: the home (``--home`` or TRAPLINE_HOME), data on stdout, messages on stderr, ``--json`` as one
object a line, errors as one sentence and a hint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canaries.installation.home import default_path

if TYPE_CHECKING:
    from canaries.installation.home import Home


class Session:
    """What the command line has settled before a command runs."""

    def __init__(self, path: Path | None) -> None:
        self.path = path or default_path()

    def home(self) -> Home:
        """The installation; its settings and operator are checked first."""
        from canaries.installation.home import Home

        home = Home.open(self.path)
        _ = home.settings
        return home


class CommandGroup(click.Group):
    """A command with subcommands; their summaries wrap, none is cut off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(limit=400)) for name, one in sorted(self.commands.items())]
            )


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")


def say(message: str) -> None:
    """Write a message to stderr."""
    click.echo(message, err=True)


def emit(value: Mapping[str, Any]) -> None:
    """Data for programs: one object, one line, on stdout. Control characters are escaped by JSON itself."""
    click.echo(json.dumps(value, ensure_ascii=True, separators=(",", ":")))


def tell(line: str) -> None:
    """Data for people: on stdout; the caller has made hostile text visible."""
    click.echo(line)
