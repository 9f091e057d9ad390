"""The operators' web pages, on loopback only.

Prints a link that works once; whoever opens it within ten minutes is in. Ctrl-C ends the console and every session.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from canaries.commands import Session, pass_session, say, tell


@click.command()
@click.option("--bind", help="Loopback address and port, in place of console.bind; port 0: any free one.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    help='Gets {"console":["127.0.0.1:40001"]} once the pages are up.',
)
@pass_session
def command(session: Session, bind: str | None, ready_file: Path | None) -> None:
    """Open the operators' web pages, on loopback only.

    The link on standard output works once. From another machine, forward the same port: ssh -L PORT:127.0.0.1:PORT HOST
    """
    from listener.console import server
    from listener.console.app import create_app
    from listener.stopping import stop_when_told

    home = session.home()
    with server.bind(bind or home.settings.console.bind) as listening:
        host = server.name(listening)
        app = create_app(home, host=host)
        desk = app.extensions["trapline"]
        stop_when_told(desk.stop)
        if ready_file is not None:
            _announce(ready_file, host)
        say("Open this link within ten minutes; it works once. Ctrl-C ends the console.")
        tell(f"http://{host}/enter/{desk.doorkeeper.link()}")
        server.serve(app, listening, desk.stop)
    say("the console is closed")


def _announce(path: Path, host: str) -> None:
    """Whole or not at all: who waits for the file never reads half of it."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps({"console": [host]}), encoding="utf-8")
    part.replace(path)
