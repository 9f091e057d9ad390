"""The home folder: made whole or not at all, and recognised again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from canaries.core.errors import HomeError, SettingsError, StoreError
from canaries.installation.home import Home
from tests.pools import idle


def test_a_home_is_private_and_opens_again(home: Home) -> None:
    assert home.path.stat().st_mode & 0o777 == 0o700
    again = Home.open(home.path)
    assert again.id == home.id
    assert again.settings.operator.organisation == "Test Trust"


def test_a_home_is_not_made_twice_or_over_other_files(home: Home, tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="already holds"):
        Home.create(home.path, "")
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "file").write_text("mine")
    with pytest.raises(HomeError, match="not empty"):
        Home.create(tmp_path / "busy", "")
    assert (tmp_path / "busy" / "file").read_text() == "mine"


def test_a_database_that_is_gone_is_missed_and_not_made_anew(home: Home) -> None:
    home.store.close()
    database = home.path / "trapline.db"
    database.rename(home.path / "kept.db")
    with pytest.raises(StoreError, match=r"trapline\.db is missing"):
        _ = Home.open(home.path).store
    assert not database.exists()


@pytest.mark.parametrize("instead", ["a link to nothing", "a folder"])
def test_settings_that_are_there_and_no_file_are_not_passed_over(home: Home, instead: str) -> None:
    """Without its settings an installation would tell nobody."""
    _ = home.store
    path = home.path / "trapline.toml"
    path.unlink()
    if instead == "a folder":
        path.mkdir()
    else:
        path.symlink_to("gone.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        _ = Home.open(home.path).settings


def test_parts_of_an_installation_are_not_called_none(home: Home) -> None:
    """`init` would refuse that folder, so it is no way out."""
    _ = home.store
    (home.path / "home.id").unlink()
    with pytest.raises(HomeError, match=r"not whole: home\.id is missing beside keys") as caught:
        Home.open(home.path)
    assert "restore" in (caught.value.hint or "")


@pytest.mark.parametrize("toml", ["[sael]\n", "[store]\nurl = 'mysql://x'\n"])
def test_where_it_fails_nothing_is_left(tmp_path: Path, toml: str) -> None:
    with pytest.raises((SettingsError, StoreError)):
        Home.create(tmp_path / "home", toml)
    assert not (tmp_path / "home").exists()


def test_what_another_program_is_making_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two `init` at once: the slower one must not clean away the keys of the quicker."""
    real = Path.mkdir

    def late(path: Path, *arguments: Any, **options: Any) -> None:
        real(path, *arguments, **options)
        if path == tmp_path / "home":
            (path / "trapline.toml").write_text("", "utf-8")

    monkeypatch.setattr(Path, "mkdir", late)
    with pytest.raises(HomeError, match="another program"):
        Home.create(tmp_path / "home", "")
    assert (tmp_path / "home" / "trapline.toml").exists()


def test_an_id_that_cannot_be_read_is_one_sentence(home: Home) -> None:
    _ = home.store
    (home.path / "home.id").write_bytes(b"\xff")
    with pytest.raises(HomeError, match="cannot be read"):
        _ = Home.open(home.path).id


def test_no_home_is_one_sentence_and_a_hint(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="there is no installation in") as caught:
        Home.open(tmp_path)
    assert caught.value.hint == "run: trapline init"


def test_another_installations_database_is_refused(home: Home, tmp_path: Path) -> None:
    other = Home.create(tmp_path / "other", "")
    other.store.close()
    (tmp_path / "other" / "home.id").write_text(home.id)
    with pytest.raises(StoreError, match="another installation"):
        _ = Home.open(tmp_path / "other").store


def test_the_operator_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAPLINE_OPERATOR", "Ada")
    assert home.operator == "Ada"


def test_two_installations_differ_in_what_they_derive(home: Home, tmp_path: Path) -> None:
    other = Home.create(tmp_path / "other", "")
    other.store.close()
    assert home.derive("x") != other.derive("x")
    assert home.derive("x") != home.derive("y")


def test_leaving_it_gives_the_connections_back_and_it_can_be_used_again(home: Home) -> None:
    with Home.open(home.path) as again:
        with again.store.read():
            pass
        assert idle(again.store.engine.pool) == 1
    assert idle(again.store.engine.pool) == 0
    with again, again.store.read():
        pass


def test_one_that_was_never_opened_closes_nothing(tmp_path: Path) -> None:
    with Home(tmp_path):
        pass
