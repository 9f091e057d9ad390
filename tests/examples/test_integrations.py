"""The page of integrations is complete: every example, every secret scanner."""

from __future__ import annotations

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


def test_every_scanner_is_in_the_table() -> None:
    for name, scanner in plugins.classes(FOLDER, SecretScanner).items():  # type: ignore[type-abstract]
        assert f"| `{name}` | `{scanner.report}` |" in PAGE
