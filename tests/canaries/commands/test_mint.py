"""``trapline mint``: bait on stdout, messages on stderr, bulk streamed, files never over others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import MintError, TraplineError
from canaries.installation.home import Home
from canaries.mint import catalogue, minting
from listener.cli import trapline


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        trapline, ["--home", str(home.path), "mint", *arguments], catch_exceptions=False
    )


def test_json_is_one_object_a_line_of_the_promised_shape(home: Home) -> None:
    lines = run(
        home, "aws-key", "--count", "3", "--memo", "m", "--recipient", "r", "--json"
    ).stdout.splitlines()
    assert len(lines) == 3
    for line in lines:
        value = json.loads(line)
        assert {"id", "kind", "memo", "recipient", "tokens", "files", "text"} <= value.keys()
        assert all(set(token) == {"facet", "value"} for token in value["tokens"])
        assert catalogue.find(home, value["id"]).memo == "m"


def test_the_text_is_data_and_the_next_step_is_talk(home: Home) -> None:
    result = run(home, "url")
    assert result.stdout.startswith("http://")
    assert len(result.stdout.splitlines()) == 1
    assert "trapline plant" in result.stderr


def test_of_several_the_next_step_names_the_list(home: Home) -> None:
    assert run(home, "url", "--count", "2").stderr.endswith(
        "\n2 canaries. Their ids: trapline list --kind url; then: trapline plant ID TARGET\n"
    )


def test_parts_of_a_bait_are_told(home: Home) -> None:
    value = json.loads(run(home, "env-file", "--json").stdout)
    assert {part["kind"] for part in value["parts"]}


def test_files_are_written_with_their_modes_and_hashes(home: Home, tmp_path: Path) -> None:
    value = json.loads(run(home, "aws-key", "--out", str(tmp_path / "out"), "--json").stdout.splitlines()[0])
    for file in value["files"]:
        path = tmp_path / "out" / file["path"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_exists_is_not_overwritten(home: Home, tmp_path: Path) -> None:
    (tmp_path / "out" / ".aws").mkdir(parents=True)
    (tmp_path / "out" / ".aws" / "config").write_text("mine")
    with pytest.raises(MintError, match="not overwritten"):
        run(home, "aws-key", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / ".aws" / "config").read_text() == "mine"
    assert not (tmp_path / "out" / ".aws" / "credentials").exists()


def test_bulk_files_get_a_folder_each(home: Home, tmp_path: Path) -> None:
    run(home, "aws-key", "--count", "2", "--out", str(tmp_path / "out"))
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nosuch",), "no kind called"),
        (("url", "--set", "mode"), "not NAME=VALUE"),
        (("url", "--set", "nope=1"), "no option called"),
        (("url", "--expires", "yesterday"), "is not a date"),
        (("url", "--expires", "2001-01-01"), "is in the past"),
        (("url", "--out", "/dev/null"), "is not a folder"),
    ],
)
def test_bad_input_is_one_sentence(home: Home, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(TraplineError, match=message) as caught:
        run(home, *arguments)
    assert caught.value.status == 2
    assert list(catalogue.listing(home)) == []


def test_an_expiry_in_days_counts_from_now(home: Home) -> None:
    value = json.loads(run(home, "url", "--expires", "90d", "--json").stdout)
    assert value["expires_at"] > home.now()


def test_much_bulk_shows_progress_on_stderr(home: Home) -> None:
    result = run(home, "url", "--count", "5000", "--json")
    assert len(result.stdout.splitlines()) == 5000
    assert "minted 5000 of 5000" in result.stderr


def test_many_that_are_interrupted_are_not_left_without_a_word(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = minting.mint(home, "url", count=2)

    def interrupted(*_: object, **__: object) -> Iterator[minting.Minted]:
        yield next(made)
        raise KeyboardInterrupt

    monkeypatch.setattr(minting, "mint", interrupted)
    result = CliRunner().invoke(trapline, ["--home", str(home.path), "mint", "url", "--count", "2"])
    assert result.exit_code == 1
    assert "what was minted until now stays minted; see: trapline list --kind url --since 1h" in result.stderr
    assert len(list(catalogue.listing(home))) == 2, "they are recorded together, before one is printed"


def test_f9_each_recipient_of_a_file_gets_a_copy(home: Home, tmp_path: Path) -> None:
    names = ["Ann", "Müller, Ben", "Çelik"]
    (tmp_path / "people.csv").write_text(
        '\ufeffAnn,ann@example.org\n"Müller, Ben"\n\nÇelik\n', encoding="utf-8"
    )
    lines = run(home, "url", "--recipients", str(tmp_path / "people.csv"), "--json").stdout.splitlines()
    assert [json.loads(line)["recipient"] for line in lines] == names
    assert len({json.loads(line)["id"] for line in lines}) == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Ann\nBen\nAnn\n", "'Ann' stands twice"),
        (b"\n \n", "names nobody"),
        (b"\xff\xfe", "cannot be read as CSV"),
    ],
)
def test_a_list_of_recipients_that_would_accuse_the_wrong_one_is_refused(
    home: Home, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "people.csv").write_bytes(content)
    with pytest.raises(MintError, match=sentence):
        run(home, "url", "--recipients", str(tmp_path / "people.csv"))
    assert list(catalogue.listing(home)) == []


def test_a_list_of_recipients_and_a_count_contradict_each_other(home: Home, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Ann\n")
    result = run(home, "url", "--recipients", str(tmp_path / "people.csv"), "--count", "2")
    assert result.exit_code == 2
