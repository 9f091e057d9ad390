"""The house: imports go down only, names stand once, rooms stay small, each source file has its test."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.house import PLUG_INS, ROOT, floors, imports, modules, package, tree

STANDALONE = {"listener.dossier.verify"}
"""Larger than a room may be, for a reason: it is handed to strangers as one file that needs no other."""
LONGEST = 300


def test_canaries_never_imports_listener() -> None:
    bad = {
        f"{name} -> {target}"
        for name in modules()
        if name.startswith("canaries")
        for target in imports(name)
        if target.startswith("listener")
    }
    assert not bad


def test_imports_between_rooms_go_down_only() -> None:
    """An upward arrow and a circle are the same thing: an order of all rooms then does not exist. Types count too."""
    rooms, bad = floors()
    assert not bad
    assert rooms.index("canaries.core") < rooms.index("canaries.crypto") < rooms.index("canaries.ledger")
    assert rooms.index("listener.net") < rooms.index("listener.traps") < rooms.index("listener.runtime")


def test_no_module_stands_beside_the_rooms() -> None:
    flat = {name for name in modules() if name.count(".") == 1 and modules()[name].name != "__init__.py"}
    assert flat == {"listener.__main__", "listener.cli"}


def test_brothers_never_import_each_other() -> None:
    bad = set()
    for folder in PLUG_INS:
        own = {name for name in modules() if name.startswith(f"{folder}.")}
        for name in own:
            neighbours = {
                target
                for target in imports(name, types=False) & own
                if target != name and not target.removeprefix(f"{folder}.").startswith("_")
            }
            bad |= {f"{name} -> {target}" for target in neighbours}
    assert not bad


def test_no_import_goes_in_a_ring() -> None:
    done: set[str] = set()
    rings = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            rings.append(" -> ".join((*above[above.index(name) :], name)))
        elif name not in done:
            for target in sorted(imports(name) & modules().keys()):
                visit(target, (*above, name))
            done.add(name)

    for name in modules():
        visit(name, ())
    assert not rings


def test_rooms_stay_small() -> None:
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert not {name: size for name, size in sizes.items() if size > LONGEST and name not in STANDALONE}


def test_every_source_file_has_its_test() -> None:
    missing = []
    for path in modules().values():
        mirrored = ROOT / "tests" / path.relative_to(ROOT).parent / f"test_{path.stem.strip('_')}.py"
        if path.name != "__init__.py" and not mirrored.is_file():
            missing.append(str(mirrored.relative_to(ROOT)))
    assert not missing


def test_every_test_file_has_its_source() -> None:
    """A test that mirrors nothing is looked for in vain; those of a whole room name the room or its contract."""
    rooms = ("attacks", "contract", "indistinguishable", "hostile_text", "hostile_http", "browser", "main")
    lost = []
    for top in ("canaries", "listener"):
        for test in (ROOT / "tests" / top).rglob("test_*.py"):
            folder = ROOT / test.relative_to(ROOT / "tests").parent
            stem = test.stem.removeprefix("test_")
            found = {path.stem.strip("_") for path in folder.glob("*.py")} | {folder.name} | set(rooms)
            if not any(stem == one or stem.startswith(f"{one}_") for one in found):
                lost.append(str(test.relative_to(ROOT)))
    assert not lost


def test_a_class_name_stands_once() -> None:
    """One word, one thing: a stack trace and a search name the thing."""
    places = defaultdict(list)
    for name in modules():
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert not {word: found for word, found in places.items() if len(found) > 1}


def test_the_rooms_are_those_of_the_architecture() -> None:
    """Each room has its line in ARCHITECTURE.md, and each line its room."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {
        package(name) for name in modules() if modules()[name].name == "__init__.py" and name.count(".") == 1
    }
    assert not {room for room in rooms if f"`{room.replace('.', '/')}/`" not in text}
