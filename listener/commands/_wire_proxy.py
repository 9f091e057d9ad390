"""``trapline sensors proxy prepare`` and ``run``: a proxy before a database, through which people work."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.core.text import counted, visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say


@click.group(cls=CommandGroup)
def proxy() -> None:
    """A proxy before a database, for people's access: names who read honey and watched rows, and how."""


@proxy.command()
@click.argument("databases", metavar="DATABASE...", nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write it, mode 0600; a file that is there is replaced as a whole.",
)
@json_option
@pass_session
def prepare(session: Session, databases: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Write the file by which a proxy knows planted rows, watched rows and honey tables of one server.

    DATABASE is a URL with its table, as for 'plant'; each table once. Nothing is changed there. Prepare it again after
    rows were planted, watched or watched no more: a proxy takes up a new file by itself.
    """
    from listener.sensors.proxied_rows import prepare as prepared

    found = prepared(session.home(), databases, out)
    if as_json:
        emit(
            {
                "path": str(out),
                "tables": found.tables,
                "planted": found.planted,
                "watched": found.watched,
                "honey": found.honey,
            }
        )
        return
    rows = f"{counted(found.planted, 'planted row')} and {counted(found.watched, 'watched row')}"
    say(
        f"{visible(str(out))} knows {rows} of {counted(found.tables, 'table')}, {counted(found.honey, 'honey table')}"
    )
    say("whoever has the file can find out which rows these are: give it to the proxy's user alone")


@proxy.command()
@click.argument("settings", metavar="SETTINGS", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--ready-file", type=click.Path(path_type=Path), help='Gets {"proxy":["127.0.0.1:6432"]} once it answers.'
)
def run(settings: Path, ready_file: Path | None) -> None:
    """Be the proxy that the file SETTINGS describes, until Ctrl-C. It needs no home.

    SETTINGS has one section, [proxy]: see docs/proxy.md. Bytes pass as they are; nothing of a password is kept.
    """
    from listener.wire_proxy import proxy_server
    from listener.wire_proxy.proxy_settings import read_settings

    proxy_server.run(read_settings(settings), ready_file, proxy_server.say)


COMMANDS = (proxy,)
