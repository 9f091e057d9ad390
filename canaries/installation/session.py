"""The command line of the generator half: one file a command, found because it is in the folder.

What all commands share: the home (``--home`` or TRAPLINE_HOME), data on stdout, messages on stderr, ``--json`` as one
object a line, errors as one sentence and a hint.
"""

from __future__ import annotations

import difflib
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
        """The installation; its settings and operator are checked first. Closed when the command ends."""
        home = self.unchecked_home()
        _ = home.settings
        return home

    def unchecked_home(self) -> Home:
        """The installation, whatever its settings say. Closed when the command ends."""
        from canaries.installation.home import Home

        home = Home.open(self.path)
        if context := click.get_current_context(silent=True):
            context.call_on_close(home.close)
        return home


class CommandGroup(click.Group):
    """A command with subcommands; their summaries wrap, none is cut off; a mistyped one gets a suggestion."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(limit=400)) for name, one in sorted(self.commands.items())]
            )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            known = self.list_commands(ctx)
            near = difflib.get_close_matches(name, known, 3) or [one for one in known if one.startswith(name)]
            hint = f" Did you mean: {', '.join(near)}?" if near else f" See: {ctx.command_path} --help"
            ctx.fail(f"There is no command called {name!r}.{hint}")
        return super().resolve_command(ctx, args)


def refuse_repeated(command: click.Command) -> None:
    """Make ``command`` refuse an option that takes one value and is given twice: the first would be lost in silence."""
    if "make_parser" in vars(command):  # done already: commands are modules' own objects
        return
    make_parser = command.make_parser

    def strict(ctx: click.Context) -> Any:
        parser = make_parser(ctx)
        parse = parser.parse_args

        def parse_args(args: list[str]) -> Any:
            found = parse(args)
            given = [one for one in found[2] if isinstance(one, click.Option)]
            for one in given:
                if not (one.multiple or one.count or one.is_flag) and given.count(one) > 1:
                    ctx.fail(f"{one.opts[-1]} takes one value and was given {given.count(one)} times.")
            return found

        parser.parse_args = parse_args  # type: ignore[method-assign]
        return parser

    command.make_parser = strict  # type: ignore[method-assign]


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
