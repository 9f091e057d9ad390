"""How a snippet joins a text file that is already there: pure bytes, no disk.

The file's encoding, byte order mark, line endings and habit of ending (or not) in a newline are kept; what was there
stays there byte for byte, and what is appended is returned by itself. Three ways, by the file's format:

- *as it is*, where a line more is just a line more (notes, ``.env``), and in INI and TOML where the parsed result shows
  that nothing which was there changed;
- *as comments*, in code and configuration, or where the lines would override the ones in use: a bait that replaced a
  working key would break the program and be fired by it;
- *not at all*, where any addition breaks the file (JSON, XML, CSV, binary).
"""

from __future__ import annotations

import codecs
import configparser
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from canaries.core.errors import PlantError

_OWN_FILE = "plant it as a file of its own: name a folder as the target"

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CLOSED = """
json jsonl ndjson geojson ipynb webmanifest xml html htm xhtml svg plist xsd xsl csv tsv rtf vue
"""
"""Suffixes of formats in which an appended line is an error."""

_COMMENTS = {
    "# ": """
        yaml yml toml cfg conf cnf properties py sh bash zsh fish rb pl r tf tfvars hcl nix ps1 service timer desktop mk
        makefile dockerfile gemfile gitignore dockerignore gitconfig npmrc
    """,
    "// ": "js mjs cjs ts jsx tsx java kt c h cc cpp hpp cs go rs swift scala dart php groovy gradle",
    "-- ": "sql lua hs adb",
    "; ": "ini el lisp clj scm asm reg",
    "% ": "tex bib erl",
}
"""Comment mark to the suffixes (or whole names) of the formats that use it."""

_MARK = {name: mark for mark, names in _COMMENTS.items() for name in names.split()}
_ASSIGNMENT = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=", re.MULTILINE)
_SECTION = re.compile(r"(?:[ \t]*(?:[#;][^\n]*)?\n)*[ \t]*\[[^\]\n]+\][ \t]*\n")


@dataclass(frozen=True, slots=True)
class Joined:
    """What to append."""

    added: bytes
    """To be written after the last byte of the file."""
    encoding: str
    """Of ``added``, and of the tokens in it."""
    manner: str
    """For people: ``as it is`` or ``as comments, because ...``."""
    assigns: tuple[str, ...] = ()
    """Names of variables that the file now defines beside the old ones."""


def join(name: str, before: bytes, snippet: str) -> Joined:
    """Append ``snippet`` to the file called ``name`` that holds ``before``. Raises PlantError."""
    encoding, text = _decode(name, before)
    _refuse_closed(name, text)
    if text.rstrip("\r\n").endswith("\\"):
        raise PlantError(f"{name} ends in the middle of a continued line", hint=_OWN_FILE)
    mark, why = _manner(name, text, snippet)
    lines = [_comment(line, mark) for line in snippet.splitlines()] if mark else snippet.splitlines()
    newline = _newline(text)
    body = newline.join(lines)
    added = body + newline if not text or text.endswith(("\n", "\r")) else newline + body
    try:
        raw = added.encode(encoding)
    except UnicodeEncodeError as error:
        raise PlantError(
            f"{name} is not UTF-8 and cannot hold this bait's letters", hint=_OWN_FILE
        ) from error
    return Joined(
        raw,
        encoding,
        f"as comments, because {why}" if mark else "as it is",
        () if mark else _assigned(snippet),
    )


def _decode(name: str, raw: bytes) -> tuple[str, str]:
    """Encoding and text. A file without mark is UTF-8, or eight-bit with a certain ASCII half."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            try:
                return encoding, raw[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise PlantError(
                    f"{name} is damaged: it is not the {encoding} it says", hint=_OWN_FILE
                ) from error
    if b"\0" in raw or raw.startswith((b"%PDF-", b"\x1f\x8b", b"PK\x03\x04")):
        raise PlantError(f"{name} is not a text file", hint=_OWN_FILE)
    try:
        return "utf-8", raw.decode("utf-8")
    except UnicodeDecodeError:
        return "ascii", raw.decode("latin-1")


def _refuse_closed(name: str, text: str) -> None:
    suffix = PurePath(name).suffix.lower().lstrip(".")
    start = text.lstrip()[:64].lower()
    markup = start.startswith(("<?xml", "<!doctype", "<html", "<svg"))
    if suffix in _CLOSED.split() or markup or _is_json(text):
        what = suffix.upper() if suffix in _CLOSED.split() else "XML" if markup else "JSON"
        raise PlantError(f"appending to {name} would break it: {what} takes no extra lines", hint=_OWN_FILE)


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _manner(name: str, text: str, snippet: str) -> tuple[str, str]:
    """The comment mark to use and why, or ("", "") for lines as they are."""
    pure = PurePath(name)
    suffix = pure.suffix.lower().lstrip(".") or pure.name.lower().lstrip(".")
    if suffix in _PARSERS:
        if _unharmed(_PARSERS[suffix], text, snippet):
            return "", ""
        return _MARK[suffix], f"it would not be harmless as {suffix.upper()}"
    if suffix in _MARK:
        return _MARK[suffix], f"{name} is code or configuration"
    if text.startswith("#!"):
        return "# ", f"{name} is a script"
    if _SECTION.match(snippet):  # sections of its own: an .aws/credentials, a .gitconfig
        return (
            ("", "")
            if _unharmed(_ini, text, snippet)
            else ("# ", f"its sections would disturb those of {name}")
        )
    if pure.name.lower().startswith(".env") and not _all_assign(snippet):
        return "# ", f"{name} holds assignments only"
    twice = sorted(set(_assigned(snippet)) & set(_assigned(text)))
    if twice:
        return "# ", f"{', '.join(twice)} would override the value in use"
    return "", ""


def _comment(line: str, mark: str) -> str:
    bare = line.rstrip("\\")  # a trailing backslash would pull the next line in
    return bare if not bare.strip() or bare.startswith(mark.strip()) else mark + bare


def _assigned(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ASSIGNMENT.findall(text)))


def _all_assign(text: str) -> bool:
    bare = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return len(_ASSIGNMENT.findall(text)) >= len(bare)


def _newline(text: str) -> str:
    """The file's most frequent line ending; of a file without lines, a line feed."""
    pairs = text.count("\r\n")
    counts = {"\r\n": pairs, "\n": text.count("\n") - pairs, "\r": text.count("\r") - pairs}
    best = max(counts, key=lambda ending: counts[ending])
    return best if counts[best] else "\n"


def _ini(text: str) -> dict[str, Any]:
    parser = configparser.RawConfigParser(strict=True, allow_no_value=True)
    parser.read_string(text)
    return {section: dict(parser.items(section)) for section in ("DEFAULT", *parser.sections())}


_PARSERS: dict[str, Callable[[str], dict[str, Any]]] = {"toml": tomllib.loads, "ini": _ini, "cfg": _ini}


def _unharmed(parse: Callable[[str], dict[str, Any]], before: str, snippet: str) -> bool:
    """Whether every section that was there reads the same with ``snippet`` appended."""
    try:
        old, new = parse(before), parse(before.rstrip("\r\n") + "\n" + snippet)
    except (ValueError, configparser.Error):  # tomllib's error is a ValueError
        return False
    return all(key in new and new[key] == value for key, value in old.items())
