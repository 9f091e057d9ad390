"""The wording rules of evidence, held over the text of every output, and over whole outputs of a case that tempts.

Nobody is called an attacker by a program. What is not known is never "no". A name server's or a proxy's word is nowhere
a connection from there. Where a time stands for evidence, so does the quality of the clock.
"""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli
from listener.dossier.build import build
from listener.incidents import queries, rendering
from tests.every import every
from tests.house import ROOT, modules

ACCUSING = re.compile(
    r"(?i)\b(attackers?|hackers?|criminals?|culprits?|perpetrators?|suspects?|thie(f|ves)|offenders?)\b|by accident"
)
ONE_PLACE = re.compile("(?i)connections? from")
TEMPLATES = [
    path for name in ("dossier", "console") for path in sorted((ROOT / "templates" / name).rglob("*"))
]


def literals(path: Path) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


@every("name", [name for name in modules() if name.startswith("listener.")])
def test_no_module_accuses_or_calls_a_claim_a_connection(name: str) -> None:
    for text in literals(modules()[name]):
        assert not ACCUSING.search(text), text
        assert name in ("listener.incidents.wording", "listener.dossier.verify") or not ONE_PLACE.search(
            text
        ), text


@every("path", [path for path in TEMPLATES if path.suffix == ".j2"])
def test_no_template_accuses(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not ACCUSING.search(text)
    assert path.parent.name == "dossier" or not ONE_PLACE.search(text)


def test_what_is_not_known_is_not_no() -> None:
    assert rendering.phrase(None) == "not known"
    assert rendering.phrase(False) == "no"
    assert rendering.phrase({"shared": None}) == "shared not known"


@pytest.fixture
def outputs(home: Home, strike: Callable[..., str], tmp_path: Path) -> dict[str, str]:
    """The pages about one hit, by name."""
    canary = next(iter(mint(home, "url"))).canary
    strike(home, canary, agent="x", ip="198.51.100.7", port=0)
    incident = queries.incidents(home)[0].id
    made = build(home, incident=incident, out=tmp_path / "case.zip")

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(cli.trapline, ["--home", str(home.path), *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    return {
        "report": _report(made),
        "incident": said("incident", incident),
        "explanations": said("incident", incident, "--hypotheses"),
        "hits": said("hits"),
    }


def _report(path: Path) -> str:

    with zipfile.ZipFile(path) as archive:
        return next(
            archive.read(name).decode() for name in archive.namelist() if name.endswith("data/report.html")
        )


def test_whole_outputs_keep_the_rules(outputs: dict[str, str]) -> None:
    for name, text in outputs.items():
        assert not ACCUSING.search(text), name
        assert not re.search(r"(?i)\b(shared|country|tor exit|asn)\W{1,3}no\b", text), name


@pytest.mark.parametrize("name", ["report", "incident"])
def test_a_time_stands_with_the_quality_of_its_clock(outputs: dict[str, str], name: str) -> None:
    assert re.search("synchronised|not known to be right", outputs[name])


@pytest.mark.parametrize("name", ["report", "incident"])
def test_a_missing_port_is_said(outputs: dict[str, str], name: str) -> None:
    assert "port not known" in outputs[name]


@pytest.mark.parametrize("name", ["report", "incident"])
def test_each_hit_says_why_it_is_there(outputs: dict[str, str], name: str) -> None:
    assert "first hit of this incident" in outputs[name]


def test_each_explanation_is_listed_with_what_speaks_for_it(outputs: dict[str, Any]) -> None:
    assert outputs["explanations"].count("\n") > 18
    assert "  against " in outputs["explanations"]
