"""``trapline sensors watch``, ``unwatch``, ``watched`` and ``refresh``: real rows whose look-ups are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from canaries.core.text import clip, counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from listener.sensors.watches import WatchedRecord

_TABLE = click.option("--table", "table_name", default="", help="Where the URL does not name it.")
_DATABASE = click.argument("database", metavar="DATABASE")


@click.command()
@_DATABASE
@_TABLE
@click.option("--key", "keys", multiple=True, metavar="KEY", help="A row's primary key; once for each.")
@click.option("--where", default="", metavar="SQL", help="A condition that names the rows.")
@click.option("--owner", required=True, metavar="NAME", help="Who answers for the watch.")
@click.option("--why", required=True, metavar="WHY", help="Why these records are watched.")
@click.option(
    "--until", default="365d", show_default=True, metavar="TIME", help="90d, or a date: at most 3 years."
)
@click.option(
    "--person", default="", metavar="NAME", help="Whose record it is, as in people.toml; for one row."
)
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="WORD",
    help="In spite of what 'propose' says under this word.",
)
@click.option(
    "--proxied", is_flag=True, help="A proxy tells of them: nothing is put into the database. Also for MySQL."
)
@json_option
@pass_session
def watch(
    session: Session,
    database: str,
    table_name: str,
    keys: tuple[str, ...],
    where: str,
    owner: str,
    why: str,
    until: str,
    person: str,
    accepted: tuple[str, ...],
    proxied: bool,
    as_json: bool,
) -> None:
    """Record each look-up of real rows of DATABASE's table, with the reason given for it: 'trapline lookups'.

    Nothing of the rows is copied here, not even their keys. Rows that are watched already get this owner, reason
    and end. Both are entries. Without --proxied only in PostgreSQL, where the sensor is a row-level-security policy.
    """
    from canaries.core import clock
    from listener.sensors import watching

    home = session.home()
    end = clock.until(until, home.clock.now())
    order = watching.WatchOrder(owner, why, end, keys, where, person, accepted, proxied)
    done = watching.watch(home, database, order, table_name=table_name)
    if as_json:
        emit({"watched": [one.id for one in done.begun], "changed": [one.id for one in done.changed]})
        return
    say(
        f"{counted(len(done.begun), 'row')} watched from now on, {len(done.changed)} changed; until {end[:10]}"
    )
    for warning in done.warnings:
        say(f"mind: {visible(warning)}")
    if done.warnings:  # the sensor is new there
        say('follow the server\'s own log: [logs.NAME] with type = "postgresql" and path in trapline.toml')
    if proxied:
        say("have the proxy know them: trapline sensors proxy prepare DATABASE... --out FILE")
    say("a reason is given by: SET trapline.reason = '...', or /*reason='...'*/ in the query")


@click.command()
@_DATABASE
@_TABLE
@click.option("--key", "keys", multiple=True, metavar="KEY", help="A row's primary key; once for each.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="How the id of a watch begins; once for each.")
@click.option("--all", "everything", is_flag=True, help="All rows of that table.")
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger.")
@pass_session
def unwatch(
    session: Session,
    database: str,
    table_name: str,
    keys: tuple[str, ...],
    ids: tuple[str, ...],
    everything: bool,
    reason: str,
) -> None:
    """Watch rows no more. An entry says so; look-ups that were recorded stay. Without rows left the sensor goes."""
    from listener.sensors import watching

    found = watching.unwatch(
        session.home(),
        database,
        keys=keys,
        ids=ids,
        everything=everything,
        reason=reason,
        table_name=table_name,
    )
    say(f"{counted(len(found), 'row is', 'rows are')} watched no more")


@click.command()
@click.option("--ended", is_flag=True, help="Also those that were ended.")
@json_option
@pass_session
def watched(session: Session, ended: bool, as_json: bool) -> None:
    """List what is watched: table, owner, why, until when. Which rows these are is in the database alone."""
    from listener.sensors import watches

    home = session.home()
    with home.store.read() as connection:
        found = [one for one in watches.every(home, connection) if ended or not one.ended_at]
    for one in found:
        said = _as_dict(one, home.now())
        if as_json:
            emit(said)
            continue
        head = f"{one.id[:8]}  {one.since[:10]} to {one.until[:10]}  {said['state']}  {one.words.table}"
        tell(clip(visible(head), 80))
        whose = f"record of {one.words.person}; " if one.words.person else ""
        tell(f"  {clip(visible(f'{whose}{one.words.owner}: {one.words.why}'), 78)}")
    if not found and not as_json:
        say("nothing is watched; see: trapline sensors watch --help")


@click.command()
@_DATABASE
@_TABLE
@pass_session
def refresh(session: Session, database: str, table_name: str) -> None:
    """Have the sensor of a table know what was planted since, and go on with what it watches. An entry says so."""
    from listener.sensors import watching

    made = watching.refresh(session.home(), database, table_name=table_name)
    if made is None:
        say("nothing is planted or watched there any more: the sensor is taken away")
        return
    say(f"it knows {counted(made.rows, 'planted row')} and {counted(made.watched, 'watched row')}")


COMMANDS = (watch, unwatch, watched, refresh)


def _as_dict(one: WatchedRecord, now: str) -> dict[str, Any]:
    words = one.words
    return {
        "id": one.id,
        "table": words.table,
        "since": one.since,
        "until": one.until,
        "state": one.state(now),
        "ended_at": one.ended_at or None,
        "owner": words.owner,
        "why": words.why,
        "person": words.person or None,
    }
