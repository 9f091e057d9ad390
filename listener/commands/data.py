"""Network data: what is in use; add, fetch anew, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from listener.network_data.datasets import DataSet, OpenSet

SECTION = "Upkeep"


@click.group(cls=CommandGroup)
def command() -> None:
    """Network data: whose an address is, by files on this machine."""


@command.command(name="list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Each file in use, strongest first: what it answers, licence, day, age, SHA-256. And what is refused."""
    from listener.network_data import datasets

    home = session.home()
    found = datasets.load(home.path)
    today = home.clock.now().date()
    for item in found.sets:
        row = _row(item.known, item.known.age_days(today)) | {"answers": sorted(item.topics)}
        emit(row) if as_json else _tell(row, item)
    for name, sentence in found.refused:
        emit({"name": name, "refused": sentence}) if as_json else say(f"refused: {sentence}")
    if not as_json:
        for sentence in datasets.old([item.known for item in found.sets], today):
            say(f"old: {sentence}")


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--schema", default="", help="What the file is; found by its content where that is clear.")
@click.option("--licence", default="", help="Its licence, for the list.")
@click.option("--date", "day", default="", help="Day of the data (2026-11-27), where the file does not say.")
@click.option("--url", default="", help="Where to fetch it anew: https://... (for: data update).")
@click.option("--last", is_flag=True, help="After the other files of your own, instead of before them.")
@json_option
@pass_session
def add(
    session: Session,
    files: tuple[Path, ...],
    schema: str,
    licence: str,
    day: str,
    url: str,
    last: bool,
    as_json: bool,
) -> None:
    """Read FILES whole, copy them into the home and use them before what is there. What answers nothing is refused."""
    from listener.network_data import fetching, library

    home = session.home()
    if url:
        fetching.check_url(url)
    for path in files:
        known = library.add(
            home.path, path, at=home.now(), schema=schema, licence=licence, origin=url, day=day, last=last
        )
        emit(_row(known, None)) if as_json else tell(
            f"{known.name}: {known.schema}, {known.date}, {known.sha256}"
        )
    say("Tell a running listener: trapline reload")


@command.command()
@click.argument("names", nargs=-1)
@click.option("--proxy", default="", help="Through this proxy: http://127.0.0.1:3128, socks5h://...")
@json_option
@pass_session
@click.pass_context
def update(ctx: click.Context, session: Session, names: tuple[str, ...], proxy: str, as_json: bool) -> None:
    """Fetch the files with a URL anew, all or NAMES: the only command here that asks anybody outside."""
    from canaries.core.errors import NotFoundError, TraplineError
    from listener.network_data import fetching
    from listener.network_data.datasets import registered

    home = session.home()
    known = {item.name: item for item in registered(home.path) if item.origin.startswith("https://")}
    unknown = sorted(set(names) - known.keys())
    if unknown or not known:
        raise NotFoundError(
            f"no file called {unknown[0]!r} has a URL" if unknown else "no file has a URL",
            hint="trapline data add FILE --url https://...",
        )
    failed = False
    for name in names or sorted(known):
        try:
            new = fetching.refresh(home.path, known[name], at=home.now(), proxy=proxy)
        except TraplineError as error:
            failed = True
            say(f"{name}: {error.sentence}; the file in use stays")
            continue
        emit(_row(new, None)) if as_json else tell(f"{name}: {new.date}, {new.sha256}")
    ctx.exit(1 if failed else 0)


@command.command()
@pass_session
@click.pass_context
def verify(ctx: click.Context, session: Session) -> None:
    """Hash and open every file, and walk those of your own whole. Exit status 1 where one is not what it was."""
    from listener.network_data import datasets
    from listener.network_data.readers import DataError

    found = datasets.load(session.home().path)
    problems = [sentence for _, sentence in found.refused]
    for item in found.sets:
        own = item.known.origin != "shipped"  # what is shipped is known by its hash
        try:
            count = f"{sum(1 for _ in item.reader.entries())} entries, " if own else ""
            tell(f"{item.known.name}: {count}{item.known.sha256}")
        except DataError as error:
            problems.append(error.sentence)
    for sentence in problems:
        say(sentence)
    ctx.exit(1 if problems else 0)


@command.command()
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> None:
    """Take the file called NAME out of use."""
    from listener.network_data import library

    for known in library.remove(session.home().path, name):
        tell(f"removed {known.name} of {known.date}")
    say("Tell a running listener: trapline reload")


def _row(known: DataSet, age: int | None) -> dict[str, Any]:
    return {
        "name": known.name,
        "schema": known.schema,
        "date": known.date,
        "age_days": age,
        "licence": known.licence,
        "origin": known.origin,
        "sha256": known.sha256,
        "added_at": known.added_at,
        "lists": dict(known.lists),
    }


def _tell(row: dict[str, Any], item: OpenSet) -> None:
    from canaries.core.text import visible

    answers = ", ".join(row["answers"])
    tell(
        f"{visible(row['name'])}  {row['schema']}: {answers}  of {row['date']}, {row['age_days']} days",
        indent=2,
    )
    tell(
        f"  {row['sha256']}  {visible(row['licence']) or 'licence not said'}  {visible(row['origin'])}",
        indent=4,
    )
    for name, entry in item.known.lists.items():
        tell(f"  {name}: {entry['date']}  {entry['licence']}  {entry['credit']}", indent=4)
