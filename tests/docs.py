"""The generated parts of the documents: ``make docs`` writes them anew, ``python -m tests.docs --check`` compares.

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``. Everything in it comes from the code: the
plug-in folders, the settings' dataclasses with the sentences under their fields, the first sentence of each module.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import json
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import canaries
from canaries import kinds
from canaries.core import plugins, settings
from canaries.plant import planters
from listener import cli, facts, personas, traps
from listener.dossier import formats
from listener.notify import channels

ROOT = Path(canaries.__file__).resolve().parent.parent
PAGES = ("README.md", "REFERENCE.md", "CLIENTS.md")
_PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def paragraph(docstring: str | None) -> str:
    """The first paragraph, on one line, in Markdown."""
    return markdown((docstring or "").split("\n\n")[0])


def sentence(docstring: str | None) -> str:
    """The first sentence, without its full stop."""
    return re.split(r"(?<=[^.][.])\s|:$", paragraph(docstring))[0].removesuffix(".")


def markdown(text: str) -> str:
    """Docstring words as Markdown that is safe in a table's cell."""
    code = re.sub(r"``(.+?)``|`([a-zA-Z_.]+)`", lambda match: f"`{match[1] or match[2]}`", text)
    return " ".join(code.split()).replace("|", "\\|")


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def usage() -> str:
    """What ``trapline --help`` prints, 80 columns wide."""
    done = CliRunner().invoke(cli.trapline, ["--help"], prog_name="trapline", terminal_width=80)
    return f"```text\n{done.output}```\n"


def kinds_table() -> str:
    found = plugins.classes(kinds.FOLDER, kinds.Kind)  # type: ignore[type-abstract]
    rows = [
        (f"`{name}`", markdown(kind.title), markdown(kind.fired_by)) for name, kind in sorted(found.items())
    ]
    return table(("kind", "what it is", "which client fires it"), rows)


def folder_table(noun: str, folder: str, contract: type[Any]) -> str:
    """The plug-ins of a folder by name, each with the first paragraph of its module."""
    found = plugins.classes(folder, contract)
    rows = [
        (f"`{name}`", paragraph(inspect.getdoc(inspect.getmodule(one))))
        for name, one in sorted(found.items())
    ]
    return table((noun, "what it does"), rows)


def meanings(shape: type[Any]) -> dict[str, str]:
    """The sentence under each field of a dataclass, inherited ones too."""
    found: dict[str, str] = {}
    for base in reversed(shape.__mro__[:-1]):
        found |= _own_meanings(base)
    return found


def _own_meanings(shape: type[Any]) -> dict[str, str]:
    (definition,) = ast.parse(inspect.getsource(shape)).body
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, str] = {}
    for statement, below in zip(definition.body, [*definition.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            said = below.value if isinstance(below, ast.Expr) else None
            found[statement.target.id] = said.value if isinstance(said, ast.Constant) else ""
    return found


def setting_table(section: str, shape: type[Any], about: str) -> str:
    """One section: its name, what it is about, its settings with their defaults."""
    said = meanings(shape)
    parameters = inspect.signature(shape).parameters.items()
    rows = [(f"`{name}`", default(item.default), markdown(said[name])) for name, item in parameters]
    return f"**{section}**: {about}\n\n" + (
        table(("setting", "default", "meaning"), rows) + "\n" if rows else ""
    )


def default(value: Any) -> str:
    if value is inspect.Parameter.empty:
        return "must be given"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(_toml(one) for one in value)}]`"
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def settings_tables() -> str:
    parts = [
        setting_table(f"`[{name}]`", shape, paragraph(inspect.getdoc(shape)))
        for name, shape in inspect.get_annotations(settings.Settings, eval_str=True).items()
        if name not in ("traps", "channels")
    ]
    for name, trap in sorted(plugins.classes(traps.FOLDER, traps.Trap).items()):  # type: ignore[type-abstract]
        parts.append(
            setting_table(
                f"`[traps.{name}]`", trap.Settings, paragraph(inspect.getdoc(inspect.getmodule(trap)))
            )
        )
    for name, one in sorted(plugins.classes(channels.FOLDER, channels.Channel).items()):  # type: ignore[type-abstract]
        section = f'`[channels.NAME]` with `type = "{name}"`'
        parts.append(setting_table(section, one.Settings, paragraph(inspect.getdoc(inspect.getmodule(one)))))
    return "\n" + "".join(parts)


def _first(path: Path) -> str:
    return sentence(ast.get_docstring(ast.parse(path.read_text("utf-8")))).replace("`", "")


FOLDERS: tuple[tuple[str, str, type[Any]], ...] = (
    ("kinds", kinds.FOLDER, kinds.Kind),
    ("planters", planters.FOLDER, planters.Planter),
    ("traps", traps.FOLDER, traps.Trap),
    ("personas", personas.FOLDER, personas.Persona),
    ("facts", facts.FOLDER, facts.Source),
    ("channels", channels.FOLDER, channels.Channel),
    ("formats", formats.FOLDER, formats.Format),
)


def names_table() -> str:
    """What there is, by name only."""
    rows = [
        (noun, " ".join(f"`{name}`" for name in sorted(plugins.classes(folder, contract))))
        for noun, folder, contract in FOLDERS
    ]
    return table(("", "that are there"), rows)


def clients_table() -> str:
    """What the last run of ``make test-clients`` saw: one row for each client and bait, failures too."""
    ran = json.loads((ROOT / "tests" / "clients" / "results.json").read_text("utf-8"))
    rows = [
        (
            f"`{row['kind']}`",
            markdown(f"{row['client']} {row['version']}".strip()),
            markdown(row["how"]) + (" (†)" if row["trusted"] else ""),
            row["outcome"] if row["outcome"] != "failed" else "**failed**",
            ", ".join(f"`{facet}`" for facet in row["facets"]) or "nothing",
            ", ".join(row["traps"]),
            row["date"],
        )
        for row in ran
    ]
    fired = {row["client"] for row in ran if row["outcome"] == "fired"}
    counted = f"{len(fired)} different programs and libraries fired, in {len(rows)} cases.\n\n"
    return counted + table(
        ("kind", "client", "how", "outcome", "what arrived", "at the trap", "run on"), rows
    )


PARTS: dict[str, Callable[[], str]] = {
    **{noun: partial(folder_table, noun.removesuffix("s"), folder, one) for noun, folder, one in FOLDERS},
    "usage": usage,
    "names": names_table,
    "kinds": kinds_table,
    "settings": settings_tables,
    "clients": clients_table,
}


def renewed(page: str) -> str:
    """The page with each generated part as the code has it now."""
    return _PART.sub(lambda match: f"{match[1]}{PARTS[match[2]]()}{match[4]}", page)


def main() -> int:
    stale = 0
    for name in PAGES:
        path = ROOT / name
        old = path.read_text("utf-8")
        new = renewed(old)
        if "--check" not in sys.argv:
            path.write_text(new, "utf-8")
        elif new != old:
            stale = 1
            sys.stdout.writelines(
                difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, "the code")
            )
    return stale


if __name__ == "__main__":
    sys.exit(main())
