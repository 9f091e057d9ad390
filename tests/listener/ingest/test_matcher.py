"""Recognising: tokens by their keyed tags, fresh ones at once, strongest facet first."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.installation.home import Home
from canaries.mint import minting
from canaries.mint.minting import Minted
from listener.ingest import matcher
from listener.ingest.matcher import Index


@pytest.fixture
def key(any_home: Home) -> Minted:
    return next(iter(minting.mint(any_home, "aws-key", memo="build server")))


def token(minted: Minted, facet: str) -> bytes:
    return next(token.value for token in minted.canary.tokens if token.facet == facet).encode()


def test_a_token_minted_later_is_known_after_a_refresh(any_home: Home) -> None:
    index = Index(any_home)
    index.refresh()
    late = next(iter(minting.mint(any_home, "url")))
    value = late.canary.tokens[0].value.encode()
    assert not index.matches([value])
    index.refresh()
    assert index.matches([value])


def test_the_strongest_facet_names_the_use(any_home: Home, key: Minted) -> None:
    index = Index(any_home)
    index.refresh()
    found = index.matches([token(key, "access_key_id"), token(key, "secret"), b"other"])
    ((use,),) = index.recognise([found])
    assert use.owner.canary_id == key.canary.id
    assert use.owner.kind == "aws-key"
    assert use.owner.facet == "secret"
    assert use.facets == ("secret", "access_key_id"), "strongest first: who has the secret has it all"
    with any_home.store.read() as connection:
        label = connection.execute(select(store.canary.c.label)).scalar_one()
    assert use.owner.label == label != b"", "what the operator called it goes with it, sealed"


def test_two_canaries_in_one_request_are_two_uses(any_home: Home, key: Minted) -> None:
    other = next(iter(minting.mint(any_home, "openai-key")))
    index = Index(any_home)
    index.refresh()
    found = index.matches([token(key, "secret"), other.canary.tokens[0].value.encode()])
    (uses,) = index.recognise([found])
    assert {use.owner.canary_id for use in uses} == {key.canary.id, other.canary.id}


def test_a_weak_token_accuses_nobody(any_home: Home) -> None:
    person = next(iter(minting.mint(any_home, "user")))
    weak = [token.value.encode() for token in person.canary.tokens if token.weak]
    assert weak
    index = Index(any_home)
    index.refresh()
    assert not index.matches(weak)


def test_what_is_asked_at_once_is_recognised_whole_however_many_are_kept(
    any_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Owners are kept between look-ups, a bounded number of them; none of those that are asked for is forgotten."""
    monkeypatch.setattr(matcher, "_CACHED_OWNERS", 3)
    values = [one.canary.tokens[0].value.encode() for one in minting.mint(any_home, "url", count=8)]
    index = Index(any_home)
    index.refresh()
    one_by_one, oldest_and_new = [[value] for value in values[:3]], [values[0], values[3]]
    for asked in (
        *one_by_one,
        oldest_and_new,
        values[4:7],
        values[:4],
        values,
        values[2:5],
        values[:1],
        values,
    ):
        (uses,) = index.recognise([index.matches(asked)])
        assert len(uses) == len(asked)
        assert len(index._owners) <= len(values)


def test_an_unknown_string_is_nothing(any_home: Home, key: Minted) -> None:
    index = Index(any_home)
    index.refresh()
    assert index.recognise([index.matches([b"", b"x" * 500, bytes(16)])]) == [[]]
