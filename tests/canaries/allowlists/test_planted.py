"""Which findings are planted bait: by the file, by the text, by the hash, by the columns."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from canaries.allowlists.planted import Judgement, PlantedFindings
from canaries.allowlists.scanners import ReportedSecret
from canaries.allowlists.scanners.gitleaks import Gitleaks
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.scan import known, places


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    """A file of one's own with bait in it."""
    (tmp_path / "app.env").write_text("MAIL_PASSWORD=correct-horse\n")
    planting.plant(home, next(mint(home, "stripe-key")).canary.id, str(tmp_path / "app.env"))
    return tmp_path


def judge(home: Home, folder: Path, found: ReportedSecret) -> Judgement:
    index = known.current(home)
    (only,) = PlantedFindings(folder, index, places.of_home(home, index.key)).judge(Gitleaks(), [found])
    return only


def finding(
    line: int, secret: str = "", path: str = "app.env", digest: str = "", columns: object = None
) -> ReportedSecret:
    def hashes(text: str) -> bool:
        return hashlib.sha1(text.encode()).hexdigest() == digest

    test = hashes if digest else secret.__eq__
    return ReportedSecret(path, line, line, "rule", test, {}, secret=secret, columns=columns)  # type: ignore[arg-type]


def bait(folder: Path) -> tuple[int, str]:
    """Number of the line with the secret key, and the key."""
    for number, line in enumerate((folder / "app.env").read_text().splitlines(), 1):
        if "sk_live_" in line:
            return number, line.partition("=")[2].strip('"')
    raise AssertionError


def test_the_whole_a_part_and_a_longer_string_are_bait(home: Home, folder: Path) -> None:
    line, key = bait(folder)
    text = (folder / "app.env").read_text().splitlines()[line - 1]
    for secret in (key, key[8:], text):
        assert judge(home, folder, finding(line, secret)) is Judgement.PLANTED
        digest = hashlib.sha1(secret.encode()).hexdigest()
        assert judge(home, folder, finding(line, digest=digest)) is Judgement.PLANTED
    begin = text.index(key)
    assert judge(home, folder, finding(line, columns=(begin, begin + len(key)))) is Judgement.PLANTED


def test_what_many_secrets_share_is_coarse(home: Home, folder: Path) -> None:
    line, _ = bait(folder)
    digest = hashlib.sha1(b"sk_live").hexdigest()
    assert judge(home, folder, finding(line, digest=digest)) is Judgement.COARSE


def test_another_secret_is_none_even_on_the_line_of_bait(home: Home, folder: Path) -> None:
    _, key = bait(folder)
    with (folder / "app.env").open("a") as file:
        file.write(f"BOTH={key} correct-horse-battery\n")
    last = len((folder / "app.env").read_text().splitlines())
    real = "correct-horse-battery"
    assert judge(home, folder, finding(1, "correct-horse")) is Judgement.OTHER
    assert judge(home, folder, finding(last, real)) is Judgement.OTHER
    assert (
        judge(home, folder, finding(last, digest=hashlib.sha1(real.encode()).hexdigest())) is Judgement.OTHER
    )
    assert judge(home, folder, finding(last, columns=(len(f"BOTH={key} "), 400))) is Judgement.OTHER


def test_bait_that_was_taken_back_is_none(home: Home, folder: Path) -> None:
    from canaries.plant import placements, unplanting

    line, key = bait(folder)
    text = (folder / "app.env").read_text()
    (placement,) = placements.listing(home)
    unplanting.unplant(home, placement.id)
    (folder / "app.env").write_text(text)
    assert judge(home, folder, finding(line, key)) is Judgement.OTHER


def test_a_key_file_is_bait_as_a_whole_until_it_is_changed(home: Home, tmp_path: Path) -> None:
    """In an SSH key the token stands in a form that no scanner reports."""
    (tmp_path / "keys").mkdir()
    planting.plant(home, next(mint(home, "ssh-key")).canary.id, str(tmp_path / "keys"))
    path = tmp_path / "keys/.ssh/id_ed25519"
    found = finding(1, path.read_text(), "keys/.ssh/id_ed25519")
    assert judge(home, tmp_path, found) is Judgement.PLANTED
    path.write_text(path.read_text() + "another key\n")
    assert judge(home, tmp_path, found) is Judgement.OTHER


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", "", "../..", "/"])
def test_odd_names_places_and_texts_are_none(home: Home, folder: Path, odd: str) -> None:
    for line in (-3, 0, 10**30):
        assert judge(home, folder, finding(line, "\ud800x", odd)) is Judgement.OTHER
        assert judge(home, folder, finding(line, columns=(-(10**30), 10**30), path=odd)) is Judgement.OTHER


def test_a_file_that_is_gone_is_none(home: Home, folder: Path) -> None:
    _, key = bait(folder)
    assert judge(home, folder, finding(1, key, "gone.env")) is Judgement.OTHER
