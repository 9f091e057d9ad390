"""Sensors in your own programs and databases."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.text import counted, visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell
from listener.commands import _database_sensors, _watched_rows, _wire_proxy

if TYPE_CHECKING:
    from canaries.installation.home import Home

SECTION = "Insiders"

_RELOAD_SECONDS = 120.0


@click.group(cls=CommandGroup)
def command() -> None:
    """Sensors in your own programs and databases: who may report, what they look for, what a database notices."""


for _one in (*_database_sensors.COMMANDS, *_watched_rows.COMMANDS, *_wire_proxy.COMMANDS):
    command.add_command(_one)


@command.command("list")
@json_option
@pass_session
def listed(session: Session, as_json: bool) -> None:
    """List the sensors that may report."""
    from listener.sensors.enrolment import sensors

    found = sensors(session.home())
    for one in found:
        emit(dataclasses.asdict(one)) if as_json else tell(f"{one.name}  since {one.since[:16]}Z")
    if not found and not as_json:
        say("no sensors; make one: trapline sensors add web-1 --out sensor.json")


@command.command()
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write that file there, mode 0600; without this it is printed.",
)
@pass_session
def add(session: Session, name: str, out: Path | None) -> None:
    """Make a sensor, and the file that its program reads: its name, its key, where to report."""
    from canaries.core import files
    from canaries.core.errors import TraplineError
    from listener.sensors.enrolment import add_sensor, remove_sensor

    home = session.home()
    if out is not None and out.exists():
        raise TraplineError(f"{out} is there already", hint="give another name with --out")
    places = _places(home)
    key = add_sensor(home, name)
    text = json.dumps({"name": name, "key": key, "report_to": places}, indent=2) + "\n"
    if out is None:
        tell(text.rstrip())
    else:
        try:
            files.create(out, text.encode())
        except OSError as error:
            remove_sensor(home, name, "its file could not be written")
            raise TraplineError(f"{out} cannot be written: {error.strerror}") from error
        say(f"{out} holds the key of {name}: give it to that program alone")
    if "sensors" not in home.settings.traps:
        say('no sensor can report yet: add [traps.sensors] with bind = ["unix:/run/trapline/sensors.sock"]')
        say("to trapline.toml and restart the listener")
    _take_up(home)


@command.command()
@click.argument("name")
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger.")
@pass_session
def remove(session: Session, name: str, reason: str) -> None:
    """Take a sensor's key back: what it reports from now on is refused."""
    from listener.sensors.enrolment import remove_sensor

    home = session.home()
    remove_sensor(home, name, reason)
    say(f"sensor {name} is removed")
    _take_up(home)


@command.command("filter")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write it; a file that is there is replaced as a whole.",
)
@click.option(
    "--guessable", is_flag=True, help="Include user names and telephone numbers, which others may have too."
)
@click.option("--forget", is_flag=True, help="Do not write this file any more when something is minted.")
@json_option
@pass_session
def filtered(session: Session, out: Path, guessable: bool, forget: bool, as_json: bool) -> None:
    """Write the file by which sensors know bait: salted hashes of all tokens in service, none of them in clear.

    A running listener writes it anew, there, whenever something was minted, with the owner and mode that it has then;
    programs take up a new file by themselves.
    """
    from listener.sensors import filter_keeping

    if forget:
        filter_keeping.forget(session.home(), out)
        say(f"{visible(str(out))} stays as it is")
        return
    count = filter_keeping.keep(session.home(), out, guessable=guessable)
    if as_json:
        emit({"path": str(out), "strings": count, "bytes": out.stat().st_size})
    else:
        say(
            f"{out} knows {counted(count, 'string')}: give it to the programs that have a sensor, with mode 0600"
        )


def _places(home: Home) -> list[str]:
    """Where the settings have sensors report: ``unix:/path``, ``http://host:port``."""
    bind = home.settings.traps.get("sensors", {}).get("bind", ())
    texts = bind.split(",") if isinstance(bind, str) else [str(one) for one in bind]
    return [text if text.startswith("unix:") else f"http://{text}" for text in texts if text]


def _take_up(home: Home) -> None:
    """A listener that runs is told of it at once; without one the next start does it."""
    from listener.health import control_socket

    try:
        answer = control_socket.ask(home.path, {"ask": "reload"}, _RELOAD_SECONDS)
    except control_socket.NotRunningError:
        return
    if "error" in answer:
        say(visible(f"the running listener does not know it yet: {answer['error']}", limit=500))
