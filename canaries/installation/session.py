"""The command line of the generator half: one file a command, found because it is in the folder.

What all commands share: the home (``--home`` or TRAPLINE_HOME), data on stdout, messages on stderr, ``--json`` as one
object a line, errors as one sentence and a hint.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canaries.core.text import visible
from canaries.installation import terminal
from canaries.installation.home import default_path

if TYPE_CHECKING:
    from canaries.installation.home import Home


_HANGING = 2
"""Columns before what is left of a folded message."""
_WORD = 200
"""Characters of a word of an error that are shown."""
_OVERLONG = re.compile(rf"\S{{{_WORD + 40},}}")


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


_MAY_BE_EMPTY = frozenset(
    "memo owner recipient expires reason note domain reached alerts mail_server mail_user organisation".split()
)
"""Parameters for which no text is a value: what is kept about a thing, and what a new home leaves at its default."""


def refuse_careless(command: click.Command) -> None:
    """Make ``command`` refuse what it would take for something else in silence.

    That is an option that takes one value and is given twice (the first would be lost), and a value without a
    character, as from a shell variable that is not set: as a path it would mean the current folder, as a filter
    everything.
    """
    if "make_parser" in vars(command):  # done already: commands are modules' own objects
        return
    make_parser = command.make_parser

    def strict(ctx: click.Context) -> Any:
        parser = make_parser(ctx)
        parse = parser.parse_args

        def parse_args(args: list[str]) -> Any:
            found = parse(args)
            _refuse(ctx, found[0], found[2])
            return found

        parser.parse_args = parse_args  # type: ignore[method-assign]
        return parser

    command.make_parser = strict  # type: ignore[method-assign]


def _refuse(ctx: click.Context, values: Mapping[str, Any], given: list[click.Parameter]) -> None:
    for one in given:
        single = isinstance(one, click.Option) and not (one.multiple or one.count or one.is_flag)
        if single and given.count(one) > 1:
            ctx.fail(f"{one.opts[-1]} takes one value and was given {given.count(one)} times.")
        value = values.get(one.name or "")
        texts = value if isinstance(value, (list, tuple)) else (value,)
        empty = any(isinstance(text, str) and not text.strip() for text in texts)
        if empty and one.name not in _MAY_BE_EMPTY:
            instead = "give it a value" if one.required else "leave it out, or give it a value"
            ctx.fail(f"{one.get_error_hint(ctx)} is empty: {instead}.")
        if isinstance(one.type, click.Path) and one.type.exists and not one.type.dir_okay:
            for path in value if isinstance(value, (list, tuple)) else (value,):
                if _never_ends(path):
                    ctx.fail(f"{one.get_error_hint(ctx)} is a device, no file: reading it would never end.")


def _never_ends(path: object) -> bool:
    """Whether ``path`` is a memory device such as /dev/zero, /dev/full or /dev/urandom (Linux: major number 1)."""
    try:
        found = os.stat(str(path))  # noqa: PTH116  a word that is no path is an error of another kind
    except (OSError, ValueError):
        return False
    null = os.makedev(1, 3)
    return stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) == 1 and found.st_rdev != null


pass_session = click.make_pass_decorator(Session)
COUNTING = click.IntRange(1, 2**31 - 1)
"""A number from 1: no database counts without an end, and no calendar."""
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")


def say(message: str) -> None:
    """Write a message to stderr: paths and words of others in it made visible, folded where that is a terminal."""
    shown = "\n".join(map(visible, message.split("\n")))
    click.echo(terminal.folded(shown, terminal.width(err=True), _HANGING), err=True)


def complain(sentence: str) -> None:
    """The same of an error, whose overlong words are cut: they are somebody's input."""
    say(_OVERLONG.sub(lambda word: f"{word[0][:_WORD]}… ({len(word[0]) - _WORD} more)", sentence))


def emit(value: Mapping[str, Any]) -> None:
    """Data for programs: one object, one line, on stdout. Control characters are escaped by JSON itself."""
    click.echo(json.dumps(value, ensure_ascii=True, separators=(",", ":")))


def tell(line: str, indent: int | None = None) -> None:
    """Data for people: on stdout; the caller has made hostile text visible.

    With ``indent`` it is prose: where stdout is a terminal it is folded, with so many spaces before what is left of it.
    """
    click.echo(line if indent is None else terminal.folded(line, terminal.width(), indent))
