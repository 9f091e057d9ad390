"""The house as the code has it: who imports whom. ``python -m tests.house`` prints the packages, lowest first."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOPS = ("canaries", "listener")
TWO_NAMES = "listener.hook"
"""The room that is also installed, and copied, under another name: its files name each other by dots."""
PLUG_INS = [
    "canaries.allowlists.scanners",
    "canaries.commands",
    "canaries.copies.datasets",
    "canaries.decoders",
    "canaries.kinds",
    "canaries.plant.formats",
    "canaries.plant.planters",
    "canaries.scan.containers",
    "listener.commands",
    "listener.dossier.exports",
    "listener.dossier.formats",
    "listener.facts",
    "listener.health.checks",
    "listener.logs",
    "listener.notify.channels",
    "listener.outside",
    "listener.personas",
    "listener.readers",
    "listener.traps",
]
"""Folders of plug-ins: one file never imports its neighbour. Names with an underscore are the folder's own helpers."""


@cache
def modules() -> Mapping[str, Path]:
    """Every module by its dotted name; a package stands for its ``__init__``."""
    found = {}
    for top in TOPS:
        for path in (ROOT / top).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return dict(sorted(found.items()))


@cache
def tree(name: str) -> ast.Module:
    """A module, parsed once."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every statement at any depth, and nothing of what is in one: a tenth of what `ast.walk` goes through."""
    for one in body:
        yield one
        for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
            if isinstance(found := getattr(one, inner, None), list):
                yield from statements(found)


@cache
def imports(name: str, *, types: bool = True) -> frozenset[str]:
    """Modules of the house that ``name`` imports, wherever in the file; without ``types`` at run time only."""
    skipped: set[int] = set()
    if not types:
        for node in statements(tree(name).body):
            if (
                isinstance(node, ast.If)
                and isinstance(node.test, ast.Name)
                and node.test.id == "TYPE_CHECKING"
            ):
                skipped |= {id(inner) for inner in ast.walk(node)}
    found: set[str] = set()
    for node in statements(tree(name).body):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            room = (
                name.split(".")[: -node.level] if modules()[name].name != "__init__.py" else name.split(".")
            )
            assert node.level == 0 or name.startswith(TWO_NAMES), f"{name} imports by dots"
            module = ".".join([*room, str(node.module)]) if node.level else str(node.module)
            for alias in node.names:
                full = f"{module}.{alias.name}"
                found.add(full if full in modules() else module)
    return frozenset(target for target in found if target.split(".")[0] in TOPS)


def package(name: str) -> str:
    """The room of a module: ``canaries.plant`` of ``canaries.plant.rows.table``."""
    return ".".join(name.split(".")[:2])


def floors() -> tuple[list[str], list[str]]:
    """The packages, each above all that it imports, and the arrows that make this impossible."""
    arrows: dict[str, set[str]] = {package(name): set() for name in modules()}
    for name in modules():
        arrows[package(name)] |= {package(target) for target in imports(name)} - {package(name)}
    done: list[str] = []
    bad: list[str] = []

    def visit(room: str, above: tuple[str, ...]) -> None:
        for below in sorted(arrows.get(room, ())):
            if below in (*above, room):
                bad.extend(
                    f"{name} -> {target}"
                    for name in modules()
                    for target in sorted(imports(name))
                    if (package(name), package(target)) == (room, below)
                )
            elif below not in done:
                visit(below, (*above, room))
        if room not in done:
            done.append(room)

    for room in arrows:
        visit(room, ())
    return done, bad


def main() -> None:
    done, bad = floors()
    for room in done:
        below = sorted(
            {package(target) for name in modules() if package(name) == room for target in imports(name)}
        )
        print(f"{room:24} {' '.join(one for one in below if one != room)}".rstrip())
    for arrow in bad:
        print(f"UPWARD: {arrow}")


if __name__ == "__main__":
    main()
