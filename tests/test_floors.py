"""The house: imports go down only, brothers never import each other, canaries never imports listener."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOOR_0 = {"errors", "model", "clock", "text"}
FLOOR_1 = {
    "authority", "box", "home", "keys", "ledger", "links", "merkle", "notes", "plugins", "render", "schema", "settings",
    "store", "tokens",
}  # fmt: skip
BROTHERS = [
    "canaries.kinds",
    "canaries.plant",
    "canaries.commands",
    "listener.traps",
    "listener.personas",
    "listener.facts",
    "listener.alerts",
    "listener.dossier.formats",
    "listener.commands",
]
"""Folders of plug-ins: one file never imports its neighbour. Names with an underscore are the folder's own helpers."""


def modules() -> dict[str, Path]:
    found = {}
    for top in ("canaries", "listener"):
        for path in (ROOT / top).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports(name: str) -> set[str]:
    """Modules of ours that ``name`` imports at run time, wherever in the file; type-checking imports are left out."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    found: set[str] = set()
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{name} imports by dots"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in MODULES else node.module)
    return {target for target in found if target.split(".")[0] in ("canaries", "listener")}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_canaries_never_imports_listener(name: str) -> None:
    if name.startswith("canaries"):
        assert not {target for target in imports(name) if target.startswith("listener")}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_floors_0_and_1_import_down_only(name: str) -> None:
    top, _, module = name.partition(".")
    if top != "canaries" or module not in FLOOR_0 | FLOOR_1:
        return
    allowed = {f"canaries.{one}" for one in (FLOOR_0 if module in FLOOR_0 else FLOOR_0 | FLOOR_1)} | {
        "canaries"
    }
    if module == "home":  # the shape of an installation's bait is part of the kinds' contract
        allowed.add("canaries.kinds")
    assert imports(name) <= allowed


@pytest.mark.parametrize("name", sorted(MODULES))
def test_brothers_never_import_each_other(name: str) -> None:
    for folder in BROTHERS:
        if name.startswith(folder + "."):
            brothers = {
                target
                for target in imports(name)
                if target.startswith(folder + ".")
                and target != name
                and not target.removeprefix(folder + ".").startswith("_")
            }
            assert not brothers, f"{name} imports its neighbour"


def test_no_import_goes_in_a_ring() -> None:
    graph = {name: {target for target in imports(name) if target in MODULES} for name in MODULES}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name not in done:
            for target in graph[name]:
                visit(target, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


ALONE = {"listener.dossier.verify"}
"""Larger than a room may be, for a reason: it is handed to strangers as one file that needs no other."""


@pytest.mark.parametrize("name", sorted(set(MODULES) - ALONE))
def test_rooms_stay_small(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_source_file_has_its_test(name: str) -> None:
    path = MODULES[name]
    if path.name == "__init__.py":
        return
    relative = path.relative_to(ROOT)
    mirrored = ROOT / "tests" / relative.parent / f"test_{relative.stem.strip('_')}.py"
    assert mirrored.is_file(), f"no {mirrored.relative_to(ROOT)}"
