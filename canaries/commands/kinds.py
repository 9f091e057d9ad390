"""List what can be minted, and which client fires each."""

from __future__ import annotations

import dataclasses
import textwrap
import typing
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from canaries.installation import terminal
from canaries.installation.session import emit, json_option, tell

if TYPE_CHECKING:
    from rich.console import Console

SECTION = "Bait"


@click.command()
@click.argument("names", metavar="[KIND]...", nargs=-1)
@json_option
def command(*, names: tuple[str, ...], as_json: bool) -> None:
    """List what can be minted, and which client fires each; for a named KIND also its options.

    An option is given to mint: --set NAME=VALUE.
    """
    from canaries.core import plugins
    from canaries.kinds import FOLDER, Kind

    found = sorted(plugins.classes(FOLDER, Kind).items())  # type: ignore[type-abstract]
    if names:
        found = [(name, plugins.pick(FOLDER, Kind, name, "kind")) for name in names]  # type: ignore[type-abstract]
    if as_json:
        for _, kind in found:
            emit(_described(kind))
    elif names:
        tell("\n\n".join("\n".join(_lines(_described(kind))) for _, kind in found))
    elif terminal.width() is not None:
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


def _lines(described: dict[str, Any]) -> Iterator[str]:
    """One kind for people, wrapped."""
    yield f"{described['name']}: {described['title']}"
    for label, text in (
        ("fires", described["fired_by"]),
        ("plant", described["plant_hint"]),
        ("try", described["try_hint"]),
        ("from", "mint --from FILE makes a file of your own into bait" if described["takes_source"] else ""),
    ):
        for number, line in enumerate(_wrapped(text)):
            yield f"  {'' if number else label:<7} {line}"
    for option in described["options"]:
        wanted = (
            "|".join(str(choice) or "''" for choice in option["choices"])
            if "choices" in option
            else option["type"]
        )
        default = f" (default: {option['default']})" if option["default"] not in ("", None) else ""
        yield f"  {'option':<7} {option['name']}={wanted}{default}"


def _wrapped(text: str) -> list[str]:
    """Lines of at most 90 characters; a command to copy (its words are longer) stays as it is."""
    lines: list[str] = []
    for line in text.splitlines():
        lines += [line] if "{" in line else textwrap.wrap(line, 90, break_on_hyphens=False)
    return lines


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
