"""The filter is made of what is in service, and what only sensors may report is recognised from them alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from listener.hook.filter_file import Filter
from listener.hook.values import weak
from listener.ingest.matcher import Index
from listener.sensors.filter_making import write_filter


def values(home: Home, canary: str) -> dict[str, str]:
    return {token.facet: token.value for token in catalogue.find(home, canary).tokens}


def test_what_is_in_service_is_in_the_filter(any_home: Home, tmp_path: Path) -> None:
    home = any_home
    kept, retired = (one.canary.id for one in mint(home, "user", count=2))
    catalogue.retire(home, retired)
    count = write_filter(home, tmp_path / "filter")
    known, found = Filter(tmp_path / "filter"), values(home, kept)
    assert len(known) == count == 3
    assert all(found[facet].encode() in known for facet in ("password", "email"))
    assert values(home, retired)["email"].encode() not in known
    assert weak("user_name", found["user_name"]) not in known
    assert (tmp_path / "filter").stat().st_mode & 0o777 == 0o600
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "setting")
    assert (entry.body["section"], entry.body["strings"], entry.body["guessable"]) == ("sensors", 3, False)


def test_user_names_and_telephones_are_recognised_from_sensors_alone(any_home: Home, tmp_path: Path) -> None:
    home = any_home
    canary = next(mint(home, "user")).canary.id
    for _ in range(2):
        write_filter(home, tmp_path / "filter", guessable=True)
    known, found = Filter(tmp_path / "filter"), values(home, canary)
    index = Index(home)
    for facet in ("user_name", "phone"):
        assert weak(facet, found[facet]) in known
        assert index.matches([weak(facet, found[facet])])
        assert not index.matches([found[facet].encode()]), "a trap hears guesses all day"
    [[match]] = index.recognise([index.matches([weak("phone", found["phone"]), found["email"].encode()])])
    assert (match.owner.canary_id, match.facets) == (canary, ("email", "phone"))


def test_a_file_that_cannot_be_written_is_one_sentence(home: Home, tmp_path: Path) -> None:
    next(mint(home, "url"))
    with pytest.raises(HomeError, match="cannot be written"):
        write_filter(home, tmp_path / "none" / "filter")


def test_a_cracked_password_says_so_at_a_trap_and_the_password_alone_is_no_hit(
    home: Home, strike: Callable[..., str]
) -> None:
    options = {"hash": "pbkdf2-werkzeug", "cost": "1", "crackable": "true"}
    canary = next(mint(home, "user", options=options)).canary
    pair = values(home, canary.id)["cracked_password"]
    assert pair.startswith(values(home, canary.id)["email"] + ":")
    assert not Index(home).matches([pair.partition(":")[2].encode()])
