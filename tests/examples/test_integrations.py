"""The page of integrations has every example, and what it says of secret scanners is true."""

from __future__ import annotations

import re

from canaries.allowlists.scanners import FOLDER, SecretScanner
from canaries.core import plugins
from tests.house import ROOT

PAGE = (ROOT / "docs/integrations.md").read_text("utf-8")
NO_README = {"systemd": "](deploy.md)"}
"""Examples that another page explains."""


def test_every_example_is_on_the_page() -> None:
    folders = [one.name for one in (ROOT / "examples").iterdir() if one.is_dir() and any(one.iterdir())]
    wanted = {name: NO_README.get(name, f"](../examples/{name}/README.md)") for name in folders}
    assert not [name for name, link in wanted.items() if link not in PAGE]


def test_the_table_of_scanners_is_true() -> None:
    """A page that is made from the code lists all of them."""
    rows = re.findall(r"^\| `([\w-]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE)
    found = plugins.classes(FOLDER, SecretScanner)  # type: ignore[type-abstract]
    assert len(rows) > 3
    assert {name: found[name].report for name, _ in rows} == dict(rows)
