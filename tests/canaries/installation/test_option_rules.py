"""Options that others leave without effect are refused, in every command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.installation.home import Home
from listener.cli import trapline


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "ID", "--reason", "r"], "--reason needs --reveal"),
        (["links", "ID", "--reason", "r"], "--reason needs --confirm or --reject"),
        (["dossier", "contacts", "--canary", "ID", "--again"], "--again needs --ask"),
        (["dossier", "contacts", "--canary", "ID", "--proxy", "p"], "--proxy needs --ask"),
        (["dossier", "verify", "FILE", "--own", "--vkey", "k"], "--own leaves --vkey without effect"),
        (["backup", "--new-identity", "NEW", "--out", "NEW"], "--new-identity leaves --out without effect"),
        (["backup", "--new-identity", "NEW", "--to", "age1"], "--new-identity leaves --to without effect"),
        (["list", "--live", "--state", "retired"], "--state leaves --live without effect"),
        (
            ["sends", "authorise", "--list", "l", "--text", "a", "--file", "FILE"],
            "--file leaves --text without",
        ),
        (["amend", "ID", "--tag", "a", "--untag", "a"], "--tag and --untag both name a"),
        (["placed", "ID", ""], "'WHERE' is empty: give it a value"),
    ],
    ids=lambda given: " ".join(given[:3]) if isinstance(given, list) else "",
)
def test_an_option_without_effect_is_refused_before_anything_is_done(
    home: Home, tmp_path: Path, words: list[str], sentence: str
) -> None:
    """`backup --new-identity F --out B` ended well, and there was no backup."""
    (tmp_path / "file").write_text("x")
    places = {"FILE": str(tmp_path / "file"), "NEW": str(tmp_path / "new"), "ID": "0123456789abcdef"}
    given = [places.get(word, word) for word in words]
    result = CliRunner().invoke(trapline, ["--home", str(home.path), *given])
    assert result.exit_code == 2, result.output
    assert sentence in result.stderr
    assert not (tmp_path / "new").exists()
