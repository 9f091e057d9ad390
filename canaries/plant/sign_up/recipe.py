"""A recipe for signing somebody up, as TOML: steps that are HTTP requests or commands, one after the other.

    [[step]]
    url = "https://app.example/sign-up"
    take = { token = 'name="csrf_token" value="([^"]+)"' }    # from the answer, for later steps

    [[step]]
    url = "https://app.example/sign-up"
    form = { email = "{email}", name = "{name}", password = "{password}", csrf_token = "{token}" }
    expect = [302]                                            # else any status below 400

    [[check]]                                                 # may be missing; the same sort of steps
    command = ["/srv/app/manage.py", "has_user", "{email}"]

    [[remove]]                                                # may be missing

``{NAME}`` is a value of the bait's row, something taken from an answer, or ``{env:NAME}``. ``{password}`` is drawn for
this account and kept nowhere, so that the bait's password opens nothing; ``{bait_password}`` is the one that the bait
has. Neither may be in a command's words, which every user of the machine can read: ``stdin`` is there for it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from canaries.core.errors import PlantError

SUFFIX = ".signup.toml"
SECRETS = frozenset({"password", "bait_password"})
_NAME = re.compile(r"\{((?:env:)?[A-Za-z_][A-Za-z0-9_]*)\}")
_LONGEST = 256 * 1024


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One request, or one command."""

    url: str = ""
    """Of a request: https://, or http:// on this machine."""
    method: str = ""
    """POST where something is sent, else GET."""
    headers: dict[str, str] = {}
    form: dict[str, str] = {}
    """Sent as a form."""
    json: dict[str, Any] = {}
    """Sent as JSON; values may be nested."""
    expect: tuple[int, ...] = ()
    """Status codes that mean success; none: below 400. Of a command: exit statuses; none: 0."""
    take: dict[str, str] = {}
    """Name to a regular expression with one group, over the answer."""
    command: tuple[str, ...] = ()
    """Program and arguments; no shell."""
    stdin: str = ""

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.command):
            raise ValueError("a step has either url or command")
        if self.url:
            _check_url(self.url)
        if self.form and self.json:
            raise ValueError("a step sends either form or json")
        for name, pattern in self.take.items():
            if re.compile(pattern).groups != 1:
                raise ValueError(f"take.{name} must have one group: what is between ( and )")
        if secret := SECRETS & {name for word in self.command for name in names(word)}:
            raise ValueError(f"{{{min(secret)}}} would be in the list of processes: put it into stdin")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a file says."""

    path: Path
    step: tuple[Step, ...]
    check: tuple[Step, ...]
    remove: tuple[Step, ...]

    @property
    def application(self) -> str:
        """Which it is, for records: scheme and host of the first request, else the first command's program."""
        for one in self.step:
            if one.url:
                parts = urlsplit(one.url)
                return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return self.step[0].command[0]

    @property
    def used(self) -> set[str]:
        """Names in the steps that sign up."""
        return {name for one in self.step for text in texts(one) for name in names(text)}


def read(path: Path) -> Recipe:
    """The recipe in a file. Raises PlantError, which names what is wrong."""
    try:
        content = path.read_bytes()[: _LONGEST + 1]
        if len(content) > _LONGEST:
            raise PlantError(f"{path} is too long for a recipe")
        found = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise PlantError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlantError(f"{path} is not valid TOML: {error}") from error
    if unknown := sorted(found.keys() - {"step", "check", "remove"}):
        raise PlantError(f"{path}: there is no part called {unknown[0]!r}", hint="step, check and remove")
    parts = {name: _steps(path, name, found.get(name, [])) for name in ("step", "check", "remove")}
    if not parts["step"]:
        raise PlantError(f"{path} has no [[step]]", hint="see: docs/planting.md")
    return Recipe(path.absolute(), parts["step"], parts["check"], parts["remove"])


def names(text: str) -> list[str]:
    """What stands in braces."""
    return _NAME.findall(text)


def texts(step: Step) -> list[str]:
    """Every text of a step in which something is filled in."""
    return [
        step.url,
        step.stdin,
        *step.command,
        *step.headers.values(),
        *step.form.values(),
        *_nested(step.json),
    ]


def filled(text: str, values: dict[str, str]) -> str:
    """``text`` with everything in braces put in. Raises PlantError where a name is not known."""

    def put(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise PlantError(f"the recipe names {found[0]}, and nothing is called so")
        return values[found[1]]

    return _NAME.sub(put, text)


def _nested(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for one in inside for text in _nested(one)]


def _steps(path: Path, name: str, found: object) -> tuple[Step, ...]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise PlantError(f"{path}: write [[{name}]]")
    made = []
    for number, one in enumerate(found, 1):
        try:
            made.append(msgspec.convert(one, Step))
        except (msgspec.ValidationError, re.error) as error:
            raise PlantError(f"{path}: {name} {number}: {error}") from error
    return tuple(made)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("url is not a URL") from None
    near = host in ("localhost", "::1") or host.startswith("127.")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
        raise ValueError("url must start with https://, or with http:// on this machine")
    if names(parts.netloc):
        raise ValueError("the host of url must stand there in full")
