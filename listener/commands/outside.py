"""Services outside that can be asked about addresses: list, ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION = "What was caught"
_OLDEST_DAYS = 366


@click.group(cls=CommandGroup)
def command() -> None:
    """Ask services outside about addresses: reverse DNS, RDAP and others, each off until you switch it on."""


@command.command(name="list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Each service: whether it is on, and who learns what by being asked. Nobody is asked."""
    from listener.outside import asking

    home = session.home()
    chosen = asking.settings_of(home)
    for name, service in sorted(asking.services().items()):
        on = chosen[name].enabled
        if as_json:
            emit({"name": name, "enabled": on, "learns": service.learns, "through": chosen[name].through})
        else:
            tell(f"{name}: {'on' if on else 'off'}\n  {service.learns}")
    if not as_json:
        say("To switch one on, in trapline.toml: [outside.NAME] enabled = true")


@command.command()
@click.argument("incidents", nargs=-1)
@click.option(
    "--days", type=click.IntRange(1, _OLDEST_DAYS), help="All incidents with hits of the last DAYS days."
)
@click.option("--service", "only", multiple=True, metavar="NAME", help="Only this one; may be given again.")
@click.option("--reason", default="", metavar="WHY", help="Why; kept in the ledger with what was asked.")
@json_option
@pass_session
@click.pass_context
def ask(
    ctx: click.Context,
    session: Session,
    incidents: tuple[str, ...],
    days: int | None,
    only: tuple[str, ...],
    reason: str,
    as_json: bool,
) -> None:
    """Ask the services that are switched on about the addresses of INCIDENTS, slowly; what is known is not asked again.

    Each service learns something: trapline outside list. What was asked and answered is an entry.
    """
    from datetime import timedelta

    from canaries.core.clock import rfc3339
    from listener.incidents import queries
    from listener.outside import asking

    if bool(incidents) == (days is not None):
        raise click.UsageError("give either INCIDENTS or --days")
    home = session.home()
    services = asking.switched_on(home, only)
    since = rfc3339(home.clock.now() - timedelta(days=days or 0))
    wanted = [queries.incident(home, prefix).id for prefix in incidents]
    if days is not None:
        wanted = [one.id for one in queries.incidents(home) if one.last_at >= since]
    failed = False
    for incident in wanted:
        for said in asking.ask(home, incident, services, reason, asking.OutsideRun(say=say)):
            failed = failed or "failed" in said
            _show(said | {"incident": incident}, as_json=as_json)
    ctx.exit(1 if failed else 0)


@command.command()
@click.argument("incident")
@json_option
@pass_session
def answers(session: Session, incident: str, as_json: bool) -> None:
    """What services outside said of the addresses of INCIDENT, and when. Nobody is asked."""
    from listener.incidents import queries
    from listener.outside import asking

    home = session.home()
    for said in asking.answers(home, queries.incident(home, incident).id):
        _show(said, as_json=as_json)


def _show(said: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(said)
        return
    for line in _lines(said):
        tell(line)


def _lines(said: dict[str, Any]) -> Iterator[str]:
    when = said.get("since", said["at"])
    yield f"{said['service']} {visible(said['subject'])}, {when[:10]}"
    if "failed" in said:
        yield f"  no answer: {visible(said['failed'], limit=200)}"
    for name, value in sorted(said.get("fact", {}).items()):
        if value not in ("", [], None):
            yield f"  {name}: {visible(_text(value), limit=200)}"
    through = f", through {said['through']}" if said["through"] else ""
    if said["queries"]:
        yield f"  asked: {visible('; '.join(said['queries']), limit=200)} of {visible(said['server'] or '?')}{through}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(item)}" for name, item in value.items())
    return str(value)
