"""Exporting a real case: proven first, written whole, an entry under a name, never over another file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from canaries.core import store
from canaries.core.errors import LedgerError, TraplineError
from listener import cli
from listener.dossier.exchange import export, formats


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_of_a_real_case_is_an_entry(story: Any, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"case{formats()[name].suffix}"
    digest = export(story.home, name, out, incident=story.incident, why="asked")
    assert hashlib.sha256(out.read_bytes()).hexdigest() == digest
    with story.home.store.read() as connection:
        (entry,) = story.home.reader.entries(connection, "exported")
    assert entry.body == {
        "what": name, "incident": story.incident, "why": "asked", "file": out.name, "sha256": digest,
        "canaries": [story.canary],
    }  # fmt: skip


def test_a_case_that_does_not_verify_is_not_exported(story: Any, tmp_path: Path) -> None:
    with story.home.store.write() as connection:
        connection.execute(delete(store.hit).where(store.hit.c.id == story.hits[0]))
    with pytest.raises(LedgerError, match="not among the hits"):
        export(story.home, "stix", tmp_path / "x", incident=story.incident)
    assert not list(tmp_path.glob("x*"))


def test_refusals(story: Any, tmp_path: Path) -> None:
    with pytest.raises(TraplineError, match="no format is called 'pdf'"):
        export(story.home, "pdf", tmp_path / "x", incident=story.incident)
    (tmp_path / "x").write_text("mine")
    with pytest.raises(TraplineError, match="already there"):
        export(story.home, "stix", tmp_path / "x", incident=story.incident)
    assert (tmp_path / "x").read_text() == "mine"


def test_the_command(story: Any, tmp_path: Path) -> None:
    out = str(tmp_path / "case.tsv")
    words = [
        "--home",
        str(story.home.path),
        "dossier",
        "export",
        "--format",
        "indicators",
        "--incident",
        story.incident,
    ]
    done = CliRunner().invoke(cli.trapline, [*words, "--out", out, "--json"])
    assert json.loads(done.output)["file"] == out
    assert "give either" in CliRunner().invoke(cli.trapline, [*words, "--canary", "x", "--out", out]).output
