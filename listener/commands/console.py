"""The operators' web pages, on loopback only.

Prints a link that works once; whoever opens it within ten minutes is in. Ctrl-C ends the console and every session.
"""

from __future__ import annotations

from pathlib import Path

import click

from canaries.installation.session import Session, pass_session, say, tell

SECTION = "Team"


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
    from listener.serve import running

    def announce(root: str, secret: str) -> None:
        say("Open this link within ten minutes; it works once. Ctrl-C ends the console.")
        tell(f"{root}/enter/{secret}")

    running.run(session.home(), bind or "", ready_file, announce)
    say("the console is closed")
