"""The web pages and the HTTP API, for a team."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.installation.session import Session, pass_session, say, tell

SECTION = "Team"


@click.command()
@click.option("--bind", help="Address and port, in place of console.bind; port 0: any free one.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    help='Gets {"console":[...],"api":["http://127.0.0.1:40001/api/v1"]} once it answers.',
)
@click.option(
    "--link", is_flag=True, help="Print a link that opens the console once, for whoever has this terminal."
)
@pass_session
def command(session: Session, bind: str | None, ready_file: Path | None, link: bool) -> None:
    """Serve console and API to operators with accounts and programs with tokens.

    On loopback, unless console.certificate (TLS) or console.proxies (a proxy in front) is set. It holds this home's
    keys; whoever uses it needs none. Accounts: trapline accounts --help; tokens: trapline tokens --help.
    """
    from listener.serve import running

    def announce(root: str, secret: str) -> None:
        say(
            f"Console {root}, API {root}{running.MOUNT} (described at {root}{running.MOUNT}/docs). Ctrl-C ends both."
        )
        if link:
            tell(f"{root}/enter/{secret}")

    running.run(session.home(), bind or "", ready_file, announce)
    say("the server is closed")
