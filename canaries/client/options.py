"""``--server URL`` of the command line: the same commands by the API, on a machine without a home.

A command gets it by one decorator, `by_server`, which says what is done in its place.

The token never stands on the command line, which every user of the machine can read: it is in TRAPLINE_TOKEN, or in the
file that TRAPLINE_TOKEN_FILE names.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource

from canaries.core.errors import TraplineError

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient

server_option = click.option(
    "--server",
    metavar="URL",
    envvar="TRAPLINE_SERVER",
    help="Work by the API of this server, without a home; the token is in TRAPLINE_TOKEN or TRAPLINE_TOKEN_FILE.",
)
_LARGEST = 4096
Command = TypeVar("Command", bound=Callable[..., Any])


def client(server: str, environ: Mapping[str, str] | None = None) -> ApiClient:
    """With the token of the environment. Raises TraplineError."""
    from canaries.client.api_client import ApiClient

    return ApiClient(server, _token(os.environ if environ is None else environ))


def by_server(work: Callable[..., Any], but: Collection[str] = ()) -> Callable[[Command], Command]:
    """Give a command ``--server URL``: with it, ``work`` runs in the command's place, with an `ApiClient`.

    It gets, by name, those of the command's parameters that its own signature has (where it ends in ``**``: all, but
    those named in ``but``). Every other one that somebody gives is refused: the API has no answer to it. What it
    returns is the exit status. The decorator stands above ``pass_session``: no home is needed.
    """
    declared = inspect.signature(work).parameters.values()
    named = {one.name for one in declared}
    takes_all = any(one.kind is one.VAR_KEYWORD for one in declared)

    def takes(name: str | None) -> bool:
        return name not in but and (takes_all or name in named)

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def either(*given: Any, server: str | None, **options: Any) -> Any:
            if not server:
                return command(*given, **options)
            _refuse_others(takes)
            with client(server) as api:
                return work(api, **{name: value for name, value in options.items() if takes(name)})

        vars(either)["by_server"] = work
        return cast("Command", server_option(either))

    return decorate


def _refuse_others(takes: Callable[[str | None], bool]) -> None:
    """Raises UsageError where something is given that ``--server`` has no answer to."""
    context = click.get_current_context()
    for one in context.command.params:
        given = context.get_parameter_source(one.name or "") is not ParameterSource.DEFAULT
        if given and one.name != "server" and not takes(one.name):
            raise click.UsageError(f"{one.opts[-1]} is not for --server.")


def _token(environ: Mapping[str, str]) -> str:
    if token := environ.get("TRAPLINE_TOKEN"):
        return token
    name = environ.get("TRAPLINE_TOKEN_FILE")
    if not name:
        raise TraplineError(
            "--server needs a token",
            hint="set TRAPLINE_TOKEN, or TRAPLINE_TOKEN_FILE to the file that holds it",
        )
    try:
        with Path(name).open(encoding="utf-8") as file:
            return file.read(_LARGEST).strip()
    except (OSError, UnicodeDecodeError):
        raise TraplineError("the file that TRAPLINE_TOKEN_FILE names cannot be read") from None
