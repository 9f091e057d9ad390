"""Shortcuts: each system's own form names our page."""

from __future__ import annotations

import configparser
import plistlib
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def files(bait: Bait) -> dict[str, str]:
    return {file.path.rpartition(".")[2]: file.content.decode() for file in bait.files}


def test_each_form_is_read_as_its_system_does(mint: Mint, base_url: str) -> None:
    bait = mint("shortcut", base_url=base_url)
    found = files(bait)
    for ending, section in (("url", "InternetShortcut"), ("desktop", "Desktop Entry")):
        parser = configparser.ConfigParser(interpolation=None)
        parser.read_string(found[ending])
        assert parser[section]["URL"] == bait.row["url"]
    assert plistlib.loads(found["webloc"].encode())["URL"] == bait.row["url"]


def test_no_program_is_started(mint: Mint) -> None:
    assert "Exec" not in files(mint("shortcut"))["desktop"]
