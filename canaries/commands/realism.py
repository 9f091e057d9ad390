"""Measure how far planted rows can be told from their neighbours."""

from __future__ import annotations

import click

from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

SECTION = "Bait"

_ASPECTS = (
    ("all that the rows say", frozenset[str]()),
    ("without ids and times", frozenset({"times"})),
    ("without these and the domains of addresses", frozenset({"times", "hosts"})),
)


@click.command()
@click.argument("target")
@click.option("--table", default="", help="The table, where the URL does not name it.")
@json_option
@pass_session
def command(session: Session, target: str, table: str, as_json: bool) -> None:
    """Measure how far the rows planted into a table can be told from their neighbours.

    TARGET is a database URL as 'plant' takes it. A classifier learns from some of the bait, and tries to find the rest;
    0.5 is a guess, 1.0 is all of it found. Take it as the worst case: a thief is not told which rows are bait.
    """
    from canaries.plant import realism, realism_rows

    rows, planted = realism_rows.of(session.home(), target, table)
    for said, without in _ASPECTS:
        found = realism.judge(rows, planted, without)
        if as_json:
            line = {"aspect": said, "auc": round(found.auc, 3), "dropped": round(found.dropped, 3)}
            emit(
                line
                | {"planted": sum(planted), "rows": len(rows), "tells": [list(one) for one in found.tells]}
            )
            continue
        tell(
            f"{found.auc:.2f}  {said}; to lose nine in ten of them a thief drops {found.dropped:.0%} of the rows",
            indent=8,
        )
        for name, area in found.tells[:3]:
            tell(f"        {name} ({area:.2f} by itself)", indent=10)
    if not as_json:
        say(f"{sum(planted)} planted rows among {len(rows)}. With few of them a figure may be off by 0.1.")
