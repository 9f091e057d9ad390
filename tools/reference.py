"""Reference pages made from the code: plug-ins, settings, commands, rooms, and what the client tests saw.

`pages` makes every page; ``python -m tools.docs`` puts them into the site. None of them is committed. What they say
comes from the plug-in folders, the settings' dataclasses with the sentence under each field, and the docstrings.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import click
from click.testing import CliRunner

from canaries import kinds
from canaries.core import plugins, settings
from listener import cli, traps
from listener.following.log_settings import FollowedLogSettings
from listener.mailboxes import mailbox_settings
from listener.mailboxes.mailbox_settings import MailboxSettings
from listener.notify import channels, duty
from listener.notify.stamp_authorities import AuthoritySettings
from listener.outside.asking import services
from tests import faults, house, reading_matrix
from tools import attribution

COMMANDS = ("canaries.commands", "listener.commands")
SETTINGS = """# Settings

In `trapline.toml` in the home folder, or as `TRAPLINE_SECTION_NAME` in the environment, which wins. `NAME` of a channel
is yours to choose.
"""
READINGS = """# Reads of planted rows

What a run on a real server saw (`python -m tests.reading_matrix`; a test compares it with a run). Three rows of the
table are planted. *Fires*: the client got planted rows, and the log told of them. *Silent*: it got them, and nothing
was told. *False alarm*: the server looked at planted rows that the client did not get. *Quiet*: nothing to tell. On
MariaDB the log names the table that holds them alone, not the row: all three count as told.
"""
CLIENTS = """# Clients

`make test-clients` installs these programs and gives each the bait as an intruder would have stolen it, on a network
that leads nowhere but to the listener. Clients that stay `silent` are tested, too: they take the bait to its real
owner, or do nothing. (†) needs a publicly trusted certificate; the test adds the installation's CA to the client's.
`host` at the DNS trap means that the name was looked up, which also happens where the client then keeps its secret.
"""


def pages() -> dict[str, str]:
    """Every generated page: its path in the site, and its Markdown."""
    makers: dict[str, Callable[[], str]] = {
        "attribution": attribution_page,
        "commands": commands_page,
        "settings": settings_page,
        "clients": clients_page,
        "faults": faults_page,
        "readings": readings_page,
        "rooms": rooms_page,
        **{slug(folder): partial(plug_ins_page, folder) for folder in plug_in_folders()},
        slug(kinds.FOLDER): kinds_page,
    }
    return {f"reference/{name}.md": make() for name, make in sorted(makers.items())}


def attribution_page() -> str:
    """How well the reference set of visitors is told apart, measured now."""
    return attribution.page(attribution.measured())


def readings_page() -> str:
    """Which reads of planted rows the sensors in databases tell of, as a run on real servers saw it."""
    return f"{READINGS}\n{reading_matrix.page(reading_matrix.load())}"


def plug_in_folders() -> list[str]:
    """The folders of plug-ins that have a page of their own; commands share one."""
    return [folder for folder in house.PLUG_INS if folder in house.modules() and folder not in COMMANDS]


def slug(folder: str) -> str:
    """The name of a folder's page: ``plant-formats`` of ``canaries.plant.formats``."""
    return "-".join(folder.split(".")[1:])


def plug_ins_page(folder: str) -> str:
    """The plug-ins of a folder, each with the first paragraph of its module."""
    package = importlib.import_module(folder)
    rows = [
        (
            f"`{name.replace('_', '-')}`",
            paragraph(inspect.getdoc(importlib.import_module(f"{folder}.{name}"))),
        )
        for name in plugins.module_names(folder)
        if is_plug_in(f"{folder}.{name}")
    ]
    title = slug(folder).replace("-", " ").capitalize()
    return f"# {title}\n\n{paragraph(inspect.getdoc(package))}\n\n{table(('name', 'what it does'), rows)}"


def is_plug_in(module: str) -> bool:
    """Whether a module defines a plug-in: a class or object that carries a name of its own."""
    return any(
        not called.startswith("_")
        and isinstance(getattr(value, "name", None), str)
        and getattr(value, "__module__", module) == module
        for called, value in vars(importlib.import_module(module)).items()
    )


def kinds_page() -> str:
    """Every kind with the clients that fire it, its options, where to plant it and how to try it."""
    found = plugins.classes(kinds.FOLDER, kinds.Kind)  # type: ignore[type-abstract]
    text = "# Kinds\n\nWhat `trapline mint KIND` makes. `--set NAME=VALUE` sets an option.\n"
    for name, kind in sorted(found.items()):
        options = field_rows(kind.Options)
        text += (
            f"\n## {name}\n\n{markdown(kind.title)}.\n\n"
            f"- **Fired by.** {markdown(kind.fired_by)}\n"
            f"- **Plant it.** {markdown(kind.plant_hint)}\n"
            f"- **Try it.** `{kind.try_hint.replace('`', '')}`\n"
        )
        text += f"\n{table(('option', 'default', 'meaning'), options)}" if options else ""
    return text


def settings_page() -> str:
    """Every section of ``trapline.toml`` with its settings, their defaults and meanings."""
    text = SETTINGS
    for name, shape in inspect.get_annotations(settings.Settings, eval_str=True).items():
        if isinstance(shape, type):  # not the sections of sections
            text += section(f"[{name}]", shape, inspect.getdoc(shape))
    for name, trap in sorted(plugins.classes(traps.FOLDER, traps.Trap).items()):  # type: ignore[type-abstract]
        text += section(f"[traps.{name}]", trap.Settings, inspect.getdoc(inspect.getmodule(trap)))
    for name, one in sorted(plugins.classes(channels.FOLDER, channels.Channel).items()):  # type: ignore[type-abstract]
        heading = f'[channels.NAME], type = "{name}"'
        text += section(heading, one.Settings, inspect.getdoc(inspect.getmodule(one)))
    about = inspect.getdoc(AuthoritySettings)
    text += section("[stamps.NAME]", AuthoritySettings, about)
    for name, service in sorted(services().items()):
        text += section(
            f"[outside.{name}]",
            service.Settings,
            f"{service.learns} Off unless enabled: docs/attribution.md.",
        )
    about = "A log of another program that the listener follows: docs/sensors.md."
    text += section("[logs.NAME]", FollowedLogSettings, about)
    text += section("[mailboxes.NAME]", MailboxSettings, inspect.getdoc(mailbox_settings))
    return text + section("[duty.NAME]", duty.DutySettings, inspect.getdoc(duty))


def section(heading: str, shape: type[Any], about: str | None) -> str:
    """One section of the settings."""
    rows = field_rows(shape)
    body = table(("setting", "default", "meaning"), rows) if rows else "It has no settings.\n"
    return f"\n## `{heading}`\n\n{paragraph(about)}\n\n{body}"


def commands_page() -> str:
    """What ``--help`` prints for every command, 80 columns wide."""
    text = "# Commands\n\nData goes to stdout, messages to stderr. `--json` prints one object a line.\n"
    for words in ((), *command_names(cli.trapline)):
        done = CliRunner().invoke(
            cli.trapline, [*words, "--help"], prog_name="trapline", terminal_width=80, catch_exceptions=False
        )
        text += f"\n## {' '.join(('trapline', *words))}\n\n```text\n{done.output}```\n"
    return text


def command_names(group: click.Group) -> Iterator[tuple[str, ...]]:
    """Every command below ``group`` that is not hidden, as the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, *inner) for inner in command_names(command))


def clients_page() -> str:
    """What the last run of ``make test-clients`` saw: one row for each client and bait, failures too."""
    ran = json.loads((house.ROOT / "tests/clients/results.json").read_text("utf-8"))
    rows = [
        (
            f"`{row['kind']}`",
            markdown(f"{row['client']} {row['version']}".strip()),
            markdown(row["how"]) + (" (†)" if row["trusted"] else ""),
            row["outcome"] if row["outcome"] != "failed" else "**failed**",
            ", ".join(f"`{facet}`" for facet in row["facets"]) or "nothing",
            ", ".join(row["traps"]),
            str(row["actions"]),
            row["date"],
        )
        for row in ran
    ]
    fired = [row for row in ran if row["outcome"] == "fired"]
    heads = ("kind", "client", "how", "outcome", "what arrived", "at the trap", "actions", "run on")
    counted = (
        f"{len({row['client'] for row in fired})} different programs and libraries fired, in {len(rows)} cases; in "
        f"{sum(row['actions'] > 1 for row in fired)} of {len(fired)} a second action was recorded as well."
    )
    return f"{CLIENTS}\n{counted}\n\n{table(heads, rows)}"


def faults_page() -> str:
    """Every way of being broken that a test breaks, and how ``trapline status`` calls it."""
    rows = [(one.group, one.name, one.part, one.says) for one in faults.FAULTS]
    return (
        "# Faults\n\nEach of these is made in a test, with real files, sockets and databases. `trapline status` names "
        "the part, the heartbeat stops saying well, and a channel that works is told.\n\n"
        + table(("of", "what is broken", "part in `status`", "what its sentence contains"), rows)
    )


def rooms_page() -> str:
    """Every package, lowest first, with what it imports and what its modules are for."""
    text = "# Rooms\n\nEach room imports only from rooms above it on this page.\n"
    for room in house.floors()[0]:
        own = [name for name in house.modules() if house.package(name) == room]
        below = sorted({house.package(target) for name in own for target in house.imports(name)} - {room})
        rows = [(f"`{name}`", sentence(ast.get_docstring(house.tree(name)))) for name in own]
        uses = ", ".join(f"`{one}`" for one in below) or "nothing"
        text += f"\n## {room}\n\nImports {uses}.\n\n{table(('module', 'what it is for'), rows)}"
    return text


def field_rows(shape: type[Any]) -> list[tuple[str, str, str]]:
    """A dataclass's fields with default and meaning: cells of a table."""
    said = meanings(shape)
    return [
        (f"`{name}`", default(item.default), markdown(said.get(name, "")))
        for name, item in inspect.signature(shape).parameters.items()
    ]


def meanings(shape: type[Any]) -> dict[str, str]:
    """The sentence under each field of a dataclass, inherited ones too."""
    found: dict[str, str] = {}
    for base in reversed(shape.__mro__[:-1]):
        found |= _own_meanings(base)
    return found


def _own_meanings(shape: type[Any]) -> Mapping[str, str]:
    (definition,) = ast.parse(inspect.getsource(shape)).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    found: dict[str, str] = {}
    for statement, below in zip(body, [*body[1:], None], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            said = below.value if isinstance(below, ast.Expr) else None
            if isinstance(said, ast.Constant):  # a default set anew keeps the meaning it had
                found[statement.target.id] = str(said.value)
    return found


def default(value: Any) -> str:
    """A default as TOML writes it."""
    if value is inspect.Parameter.empty:
        return "must be given"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(_toml(one) for one in value)}]`"
    return f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def paragraph(docstring: str | None) -> str:
    """The first paragraph, on one line, in Markdown."""
    return markdown((docstring or "").split("\n\n")[0])


def sentence(docstring: str | None) -> str:
    """The first sentence, without its full stop."""
    return re.split(r"(?<=[^.][.])\s|:$", paragraph(docstring))[0].removesuffix(".")


def markdown(text: str) -> str:
    """Docstring words as Markdown that is safe in a table's cell."""
    code = re.sub(r"``(.+?)``|`([a-zA-Z_.]+)`", lambda match: f"`{match[1] or match[2]}`", text)
    outside = re.split(r"(`[^`]*`)", " ".join(code.split()).replace("|", "\\|"))
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in outside)
