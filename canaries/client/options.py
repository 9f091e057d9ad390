"""``--server URL`` of the command line: the same commands by the API, on a machine without a home.

The token never stands on the command line, which every user of the machine can read: it is in TRAPLINE_TOKEN, or in the
file that TRAPLINE_TOKEN_FILE names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

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


def client(server: str, environ: Mapping[str, str] | None = None) -> ApiClient:
    """With the token of the environment. Raises TraplineError."""
    from canaries.client.api_client import ApiClient

    return ApiClient(server, _token(os.environ if environ is None else environ))


def refuse(server: str, **given: object) -> None:
    """Refuse options that the API has no answer to: names with ``_`` for ``-``, and whether each was given."""
    for name, value in given.items():
        if server and value:
            raise click.UsageError(f"--{name.replace('_', '-')} is not for --server.")


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
