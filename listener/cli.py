"""``trapline``: finds the commands of both halves, runs one, turns errors into a sentence and an exit status.

Nothing is imported before it is needed: ``--help`` reads the first line of each command file's docstring.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import click

import canaries.commands
import listener.commands
from canaries import __version__
from canaries.core.errors import TraplineError
from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, complain, refuse_careless

_FOLDERS: tuple[ModuleType, ...] = (canaries.commands, listener.commands)
_HOME = "home_behind"
SECTIONS = ("Start", "Bait", "What was caught", "Insiders", "Evidence", "Team", "Upkeep")
"""Of ``trapline --help``, in this order. A command file says which by ``SECTION``; others follow."""
_OTHERS = "Other commands"


def _files() -> dict[str, tuple[str, Path]]:
    """Command name to (module name, file)."""
    return {
        path.stem.replace("_", "-"): (f"{package.__name__}.{path.stem}", path)
        for package in _FOLDERS
        for path in sorted(Path(package.__path__[0]).glob("[!_]*.py"))
    }


def _described(path: Path) -> tuple[str, str]:
    """The section of the help that a command file names, and its summary: read, not imported."""
    text = path.read_text("utf-8")
    section = re.search(r'^SECTION = "(.+)"$', text, re.MULTILINE)
    return section[1] if section else _OTHERS, text.partition("\n")[0].strip().strip('"').rstrip(".")


def _with_home(command: click.Command) -> click.Command:
    """The same command, which takes ``--home`` behind its name too: people write it on either side."""
    refuse_careless(command)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _with_home(inner)
    elif not any(item.name == _HOME for item in command.params):
        command.params.append(
            click.Option(
                ["--home", _HOME],
                type=click.Path(path_type=Path),
                hidden=True,
                expose_value=False,
                callback=_choose_home,
            )
        )
    return command


def _choose_home(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    session = ctx.find_object(Session)
    if path is not None and session is not None:
        session.path = path


class _Commands(CommandGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_files())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = _files().get(cmd_name)
        if found is None:
            return None
        command: click.Command = importlib.import_module(found[0]).command
        return _with_home(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {name: [] for name in SECTIONS}
        for name, (_, path) in sorted(_files().items()):
            section, summary = _described(path)
            sections.setdefault(section, []).append((name, summary))
        width = max(len(name) for name in _files())
        for section, commands in sections.items():
            if commands:
                with formatter.section(section):
                    formatter.write_dl([(name.ljust(width), summary) for name, summary in commands])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trapline")
@click.option(
    "--home", type=click.Path(path_type=Path), help="The home folder (default: TRAPLINE_HOME or ~/.trapline)."
)
@click.pass_context
def trapline(ctx: click.Context, home: Path | None) -> None:
    """Plant bait, catch its use, prove it."""
    ctx.obj = Session(home)


refuse_careless(trapline)


def _open_what_is_closed() -> None:
    """Standard streams that were closed (``>&-``) become /dev/null: else the database could get number 1."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the lowest free number is its own
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  while the program runs


def main() -> None:
    """The console script. Exit status 0 done, 1 found or failed a check, 2 wrong use or input."""
    _open_what_is_closed()
    try:
        status = trapline.main(standalone_mode=False)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.UsageError as error:
        if error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
            click.echo(f"Try '{error.ctx.command_path} --help' for help.\n", err=True)
        complain(f"Error: {error.format_message().expandtabs(2)}")
        sys.exit(2)
    except click.ClickException as error:
        complain(f"Error: {error.format_message()}")
        sys.exit(2)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except TraplineError as error:
        complain(f"trapline: {visible(error.sentence)}")
        if error.hint:
            complain(f"  {error.hint}")
        sys.exit(error.status)
    except UnicodeEncodeError:
        click.echo("trapline: an argument or a variable is not valid UTF-8", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except RuntimeError as error:  # what pathlib before 3.13 says of a loop of links
        if not str(error).startswith("Symlink loop"):
            raise
        complain(f"trapline: too many symbolic links: {str(error).partition(' from ')[2]}")
        sys.exit(2)
    except OSError as error:  # a full disk, a folder without permission: no bug to trace
        place = f": {error.filename}" if error.filename else ""
        complain(f"trapline: {error.strerror or error}{place}")
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            complain("  make room, and try again")
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)
