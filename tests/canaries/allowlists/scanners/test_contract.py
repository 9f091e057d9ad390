"""Every scanner: planted bait gets an entry without the bait in it, everything else stays a finding."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canaries.allowlists.planted import Judgement, PlantedFindings
from canaries.allowlists.scanners import FOLDER, SecretScanner
from canaries.core import plugins
from canaries.core.errors import ScanError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.scan import known, places
from tests.every import every

SCANNERS = plugins.classes(FOLDER, SecretScanner)  # type: ignore[type-abstract]
REPORTS: dict[str, Callable[[list[tuple[str, str, int]]], bytes]] = {
    import_module(f"{FOLDER}.{name}").__name__.rpartition(".")[2].replace("_", "-"): import_module(
        f"tests.canaries.allowlists.scanners.test_{name}"
    ).report
    for name in plugins.module_names(FOLDER)
}
"""Of each scanner: a report of secrets, each a path, the secret and its line; columns are those of ``KEY=``."""
REAL = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"


def made(name: str) -> SecretScanner:
    return SCANNERS[name]()


def test_every_scanner_has_a_report() -> None:
    assert sorted(SCANNERS) == sorted(REPORTS)


@pytest.fixture
def planted(home: Home, tmp_path: Path) -> tuple[PlantedFindings, list[tuple[str, str, int]]]:
    """A file of bait, a copy of it elsewhere and a real secret."""
    one = next(mint(home, "github-token"))
    (secret,) = (token.value for token in one.canary.tokens if token.facet == "secret")
    planting.plant(home, one.canary.id, str(tmp_path / "old.env"))
    (tmp_path / "copy.env").write_text((tmp_path / "old.env").read_text())
    (tmp_path / "real.env").write_text(f"GITHUB_TOKEN={REAL}\n")
    index = known.current(home)
    judges = PlantedFindings(tmp_path, index, places.of_home(home, index.key))
    return judges, [("old.env", secret, 1), ("copy.env", secret, 1), ("real.env", REAL, 1)]


@every("name", sorted(SCANNERS))
def test_only_bait_in_its_place_is_let_through(
    name: str, planted: tuple[PlantedFindings, list[tuple[str, str, int]]]
) -> None:
    judges, secrets = planted
    bait, copy, real = secrets
    scanner = made(name)
    report = REPORTS[name]([bait, real])
    findings = scanner.read(report)
    assert [one.path for one in findings] == ["old.env", "real.env"]
    assert judges.judge(scanner, findings) == [Judgement.PLANTED, Judgement.OTHER]
    assert judges.judge(scanner, scanner.read(REPORTS[name]([copy]))) == [Judgement.OTHER]
    written = scanner.write(findings[:1], report, "")
    assert written
    assert not [text for text in (bait[1], real[1], "real.env") if text in written]


@every("name", sorted(SCANNERS))
def test_what_was_kept_stays_once(
    name: str, planted: tuple[PlantedFindings, list[tuple[str, str, int]]]
) -> None:
    """Written over its own output a list is the same; a second one keeps the entries of the first."""
    _, (bait, copy, _) = planted
    scanner = made(name)
    report = REPORTS[name]([bait, copy])
    first, second = scanner.read(report)
    once = scanner.write([first], report, "")
    assert scanner.write([first], report, once) == once
    both = scanner.write([second], report, once)
    assert set(once.splitlines()) - {"  }", "    ]", "      }", "    ],"} <= set(both.splitlines())


@every("name", sorted(SCANNERS))
def test_a_file_s_name_brings_no_entry_of_its_own(name: str) -> None:
    """Whoever can name a file could otherwise have a real secret ignored."""
    scanner = made(name)
    report = REPORTS[name]([("a\napp.env", "x" * 40, 1)])
    written = scanner.write(scanner.read(report), report, "")
    assert not [line for line in written.splitlines() if line.startswith("app")]


@every("name", sorted(SCANNERS))
def test_what_is_no_report_is_refused(name: str) -> None:
    def refuse(text: bytes) -> None:
        try:
            made(name).read(text)
        except ScanError:
            return
        assert text.strip() in (b"", b"[]", b"null"), text  # no finding is a report, too

    @settings(max_examples=25)
    @given(st.binary(max_size=60))
    def no_json(text: bytes) -> None:
        refuse(text + b"{")

    @settings(max_examples=25)
    @given(
        st.recursive(st.none() | st.text(max_size=9), lambda inner: st.lists(inner, min_size=1, max_size=3))
    )
    def other_json(value: object) -> None:

        refuse(json.dumps(value).encode())

    no_json()
    other_json()
    sound = REPORTS[name]([("a.env", "x" * 20, 1)])
    for part in (b'"line_', b'"StartLine"', b'"file"', b'"ignore_sha"', b'"hashed_secret"'):
        if part in sound:
            with pytest.raises(ScanError):
                made(name).read(sound.replace(part, b'"other'))
