"""What can be minted, and which client fires each."""

from __future__ import annotations

import dataclasses
import sys
import typing
from typing import TYPE_CHECKING, Any

import click

from canaries.commands import emit, json_option, tell

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@json_option
def command(*, as_json: bool) -> None:
    """What can be minted, and which client fires each."""
    from canaries import plugins
    from canaries.kinds import FOLDER, Kind

    found = sorted(plugins.classes(FOLDER, Kind).items())  # type: ignore[type-abstract]
    if as_json:
        for _, kind in found:
            emit(_described(kind))
    elif sys.stdout.isatty():
        from rich.console import Console

        table([(name, kind.title, kind.fired_by) for name, kind in found], Console())
    else:
        width = max(len(name) for name, _ in found)
        for name, kind in found:
            tell(f"{name:{width}}  {kind.title}")
            tell(f"{'':{width}}  {kind.fired_by}")


def _described(kind: type[Any]) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": kind.title,
        "fired_by": kind.fired_by,
        "plant_hint": kind.plant_hint,
        "try_hint": kind.try_hint,
        "takes_source": kind.takes_source,
        "options": [_option(item, kind.Options) for item in dataclasses.fields(kind.Options)],
    }


def _option(item: dataclasses.Field[Any], owner: type[Any]) -> dict[str, Any]:
    wanted = typing.get_type_hints(owner)[item.name]
    if typing.get_origin(wanted) is typing.Literal:
        return {"name": item.name, "choices": list(typing.get_args(wanted)), "default": item.default}
    return {"name": item.name, "type": getattr(wanted, "__name__", str(wanted)), "default": item.default}


def table(rows: list[tuple[str, str, str]], console: Console) -> None:
    """(name, what it is, who fires it) in columns that wrap."""
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    shown.add_column("kind", style="bold", no_wrap=True)
    shown.add_column("what it is", ratio=1)
    shown.add_column("who fires it", ratio=2)
    for row in rows:
        shown.add_row(*row)
    console.print(shown)
