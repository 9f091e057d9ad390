"""Let the listener read settings, certificates and data again."""

from __future__ import annotations

import click

from canaries.core.errors import CheckError, SettingsError
from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, tell

SECTION = "Start"

_SECONDS = 120.0
"""The back finishes what it has in hand first."""


@click.command()
@json_option
@pass_session
def command(session: Session, as_json: bool) -> None:
    """Let the running listener take up changed settings: channels, certificates, proxies, data.

    What needs a restart (addresses, journal.folder, listen.user) is said. Settings that are wrong are refused, and a
    listener that runs goes on with the old ones: exit status 1. No visitor is refused meanwhile.
    """
    from listener.health import control_socket

    try:
        home = session.home()
    except SettingsError as error:
        raise CheckError(f"not reloaded: {error.sentence}", hint=error.hint) from None
    answer = control_socket.ask(home.path, {"ask": "reload"}, _SECONDS)
    if "error" in answer:
        raise CheckError(str(answer["error"]))
    if as_json:
        emit(answer)
    else:
        tell(visible(str(answer["said"]), limit=1000), indent=2)
