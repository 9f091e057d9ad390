"""The generated reference is complete: every plug-in, command, setting, client and room is on its page."""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import json
from pathlib import Path

import pytest

from canaries import kinds
from canaries.core import plugins, settings
from listener import traps
from listener.notify import channels
from tests.house import PLUG_INS, ROOT, modules, package
from tools import reference


@functools.cache
def pages() -> dict[str, str]:
    return reference.pages()


@pytest.mark.parametrize("folder", [folder for folder in PLUG_INS if folder in modules()])
def test_every_plug_in_is_on_a_page(folder: str) -> None:
    """Read off the files, not off the generator: each module that gives a plug-in a name is named."""
    name = "commands" if folder in reference.COMMANDS else "-".join(folder.split(".")[1:])
    text = pages()[f"reference/{name}.md"]
    files = [path for path in (ROOT / folder.replace(".", "/")).glob("[!_]*.py") if names_itself(path)]
    assert len(files) > 1
    missing = [path.stem for path in files if not mentioned(path.stem.replace("_", "-"), text)]
    assert not missing


def names_itself(path: Path) -> bool:
    """Whether a module gives a public class, or an object in it, a ``name``; a command is named by its file."""
    return path.parent.name == "commands" or any(
        isinstance(node, ast.AnnAssign | ast.Assign) and ast.unparse(node).startswith(("name:", "name ="))
        for definition in ast.parse(path.read_text("utf-8")).body
        if isinstance(definition, ast.ClassDef) and not definition.name.startswith("_")
        for node in definition.body
    )


def mentioned(name: str, text: str) -> bool:
    return any(form in text for form in (f"\n## {name}\n", f"\n## trapline {name}\n", f"| `{name}` |"))


def test_every_setting_is_there_with_its_meaning() -> None:
    text = pages()["reference/settings.md"]
    sections = inspect.get_annotations(settings.Settings, eval_str=True)
    shapes = [shape for shape in sections.values() if dataclasses.is_dataclass(shape)]
    shapes += [one.Settings for one in plugins.classes(traps.FOLDER, traps.Trap).values()]
    shapes += [one.Settings for one in plugins.classes(channels.FOLDER, channels.Channel).values()]
    trees = {name for name, shape in sections.items() if not dataclasses.is_dataclass(shape)}
    assert not {name for name in trees if f"\n## `[{name}." not in text}
    names = {field.name for shape in shapes for field in dataclasses.fields(shape)}
    assert len(names) > 60
    assert not {name for name in names if f"| `{name}` |" not in text}
    assert not [line for line in text.splitlines() if line.endswith("|  |")], (
        "say under the field what it means"
    )


def test_every_kind_tells_its_options_and_its_clients() -> None:
    text = pages()["reference/kinds.md"]
    for name, kind in plugins.classes(kinds.FOLDER, kinds.Kind).items():
        own = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert reference.markdown(kind.fired_by) in own
        assert all(f"| `{field.name}` |" in own for field in dataclasses.fields(kind.Options))


def test_every_room_and_module_is_there() -> None:
    text = pages()["reference/rooms.md"]
    assert not {name for name in modules() if f"| `{name}` |" not in text}
    assert not {package(name) for name in modules() if f"\n## {package(name)}\n" not in text}


def test_every_client_that_was_run_is_there() -> None:
    ran = json.loads((ROOT / "tests/clients/results.json").read_text("utf-8"))
    text = pages()["reference/clients.md"]
    assert not {row["client"] for row in ran if reference.markdown(row["client"]) not in text}
    assert text.count("\n| `") == len(ran)


def test_subcommands_have_their_help() -> None:
    text = pages()["reference/commands.md"]
    for heading in ("trapline", "trapline mint", "trapline ledger verify", "trapline dossier build"):
        own = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        assert f"Usage: {heading} " in own


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("one\n two", "one two"),
        ("a | b", "a \\| b"),
        ("``{label}`` of `Home`", "`{label}` of `Home`"),
        ("<script>", "&lt;script>"),
        ("``<b>``", "`<b>`"),
    ],
)
def test_docstring_words_are_safe_in_a_cell(text: str, cell: str) -> None:
    assert reference.markdown(text) == cell


def test_a_sentence_ends_at_its_full_stop() -> None:
    assert reference.sentence("It ends ... here. Not here.") == "It ends ... here"
    assert reference.sentence(None) == ""
