"""Look-ups of watched records: list, review, erase."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from canaries.core.text import clip, counted, visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.lookups.listing import Lookup, LookupFilter

SECTION = "Insiders"

_FULL = click.option("--full", is_flag=True, help="Also queries, and which records; needs --reason.")
_REASON = click.option(
    "--reason",
    default="",
    metavar="WHY",
    help="Why with --full; kept in the ledger, as is that it was shown.",
)
_WHO = click.option("--person", default="", metavar="NAME", help="Only by this person or database user.")


@click.group(cls=CommandGroup, invoke_without_command=True)
@click.option("--since", metavar="TIME", help="Only those since then: 2h, 7d or a date.")
@_WHO
@click.option("--table", default="", metavar="NAME", help="Only at this table.")
@click.option("--without-reason", is_flag=True, help="Only those for which no reason was given.")
@click.option("--programs", is_flag=True, help="Also those of users that people.toml calls exempt.")
@_FULL
@_REASON
@json_option
@click.pass_context
def command(
    context: click.Context,
    since: str | None,
    person: str,
    table: str,
    without_reason: bool,
    programs: bool,
    full: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Look-ups of watched records, oldest first: who, when, from where, how many of the rows, and the reason given.

    They are no alarms. What is watched: trapline sensors watched. Times are the database's. people.toml in the
    home folder says who a database user is.
    """
    if context.invoked_subcommand is not None:
        if any((since, person, table, without_reason, programs, full, reason, as_json)):
            context.fail(f"Give options behind {context.invoked_subcommand}.")
        return
    from canaries.core import clock
    from listener.lookups import pages
    from listener.lookups.listing import LookupFilter

    home = context.find_object(Session)
    assert home is not None  # noqa: S101  the command line always has one
    opened = home.home()
    begin = clock.since(since, opened.clock.now()) if since else ""
    wanted = LookupFilter(begin, "", person, table, without_reason)
    every = _found(opened, wanted, "list", full=full, reason=reason)
    found = every if programs else pages.listed(every)
    if found and not as_json:
        tell(click.style(pages.heading(), bold=True))
    for one in found:
        if as_json:
            emit(one.as_dict(full=full))
        else:
            for line in pages.lines(one, full=full):
                tell(line)
    if left := len(every) - len(found):
        say(
            f"{counted(left, 'look-up')} by programs of their own (exempt in people.toml): --programs lists them"
        )
    elif not found and not as_json:
        say("no look-ups are like that; what is watched: trapline sensors watched")


@command.command()
@click.option("--week", default="", metavar="2026-W48", help="ISO week, in UTC; else the last whole one.")
@_WHO
@click.option("--form", type=click.Choice(["text", "csv", "html"]), default="text", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new file, mode 0600; that it was made is an entry."
)
@_FULL
@_REASON
@json_option
@pass_session
def review(
    session: Session,
    week: str,
    person: str,
    form: str,
    out: Path | None,
    full: bool,
    reason: str,
    as_json: bool,
) -> None:
    """A week's look-ups by person, for a supervisor or inspector: as text, a table, or a page to print.

    Without --full neither queries nor records are in it.
    """
    from listener.lookups import pages
    from listener.lookups import review as reviewing

    home = session.home()
    now = home.clock.now()
    name = (week or reviewing.week_before(now)).strip().upper()
    wanted = reviewing.week_filter(name, now, person)
    if out is not None and as_json:
        raise click.UsageError("--json is for stdout: give --form csv with --out")
    found = _found(home, wanted, name, full=full, reason=reason)
    if as_json:
        for one in found:
            emit(one.as_dict(full=full))
        return
    organisation = home.settings.operator.organisation
    made = pages.WeeklyReview(
        name, wanted.since, wanted.until, home.now(), home.operator, organisation, tuple(found), full
    )
    written = {"text": pages.review_text, "csv": pages.review_csv, "html": pages.review_html}[form](made)
    if out is None:
        click.echo(written, nl=False)
        return
    reviewing.export(home, out, written.encode(), name, len(found))
    say(
        f"{visible(str(out))} has {counted(len(found), 'look-up')}; it is about people: give it to the reviewer alone"
    )


@command.command()
@click.argument("lookups", metavar="LOOKUP...", nargs=-1, required=True)
@click.option(
    "--outcome", type=click.Choice(["fine", "asked", "escalated"]), required=True, help="What came of it."
)
@click.option("--note", default="", help="In words; kept in the ledger.")
@pass_session
def reviewed(session: Session, lookups: Sequence[str], outcome: str, note: str) -> None:
    """Write down what came of look-ups, by the beginnings of their ids: an entry with your name."""
    from listener.lookups.review import record_outcome

    ids = record_outcome(session.home(), lookups, outcome, note)
    say(f"{counted(len(ids), 'look-up')} reviewed: {outcome} ({clip(', '.join(one[:8] for one in ids), 60)})")


@command.command()
@click.option("--before", required=True, metavar="TIME", help="Those that are older: 180d, or a date.")
@click.option("--reason", default="", metavar="WHY", help="On what basis; kept in the ledger.")
@pass_session
def erase(session: Session, before: str, reason: str) -> None:
    """Erase old look-ups: what they say goes, their places in the log stay. Two operators: the other one approves."""
    from canaries.core import clock
    from listener.lookups.erasing import erase_before

    home = session.home()
    count, proposed = erase_before(home, clock.since(before, home.clock.now()), reason)
    for name in proposed:
        say(f"another operator has to approve it: trapline operator approve {name}")
    verb = "proposed to be erased" if proposed else "erased"
    say(f"{counted(count, 'entry', 'entries')} of look-ups {verb}")


def _found(home: Home, wanted: LookupFilter, about: str, *, full: bool, reason: str) -> list[Lookup]:
    """Showing all of it is an entry, written before anything is shown."""
    from canaries.core.errors import TraplineError
    from listener.lookups import listing, people
    from listener.lookups.review import reveal

    if reason and not full:
        raise TraplineError("--reason belongs to --full", hint="leave it out, or give --full as well")
    found = listing.lookups(home, wanted, people.load(home.path / people.FILE))
    if full:
        reveal(home, about, len(found), reason)
    return found
