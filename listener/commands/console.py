"""The operators' web pages, on loopback only.

Prints a link that works once; whoever opens it within ten minutes is in. Ctrl-C ends the console and every session.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from canaries.core import files
from canaries.installation.session import Session, pass_session, say, tell


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
    from listener.runtime.stop_signals import stop_when_told

    home = session.home()
    with server.bind(bind or home.settings.console.bind) as listening:
        host = server.name(listening)
        app = create_app(home, host=host)
        context = app.extensions["trapline"]
        stop_when_told(context.stop)
        if ready_file is not None:
            files.replace(ready_file, json.dumps({"console": [host]}).encode(), mode=0o644)
        say("Open this link within ten minutes; it works once. Ctrl-C ends the console.")
        tell(f"http://{host}/enter/{context.doorkeeper.link()}")
        server.serve(app, listening, context.stop)
    say("the console is closed")
