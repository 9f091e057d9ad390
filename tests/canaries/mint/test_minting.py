"""Minting: recorded and indexed before it is handed out, secret in the database, the same again from its seed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.errors import MintError, NotFoundError
from canaries.crypto.token_tags import normal, tagger
from canaries.installation.home import Home
from canaries.mint import catalogue, minting


def one(home: Home, kind: str, **options: str) -> minting.Minted:
    return next(iter(minting.mint(home, kind, memo="a memo", options=options)))


def test_a_canary_is_on_disk_before_it_is_handed_out(any_home: Home) -> None:
    stream = minting.mint(any_home, "url", count=3)
    first = next(stream)
    with any_home.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(store.canary)).scalar_one() == 3
    assert catalogue.find(any_home, first.canary.id) == first.canary
    assert len(list(stream)) == 2


def test_the_entry_lists_the_hash_of_each_record(home: Home) -> None:
    minted = list(minting.mint(home, "url", count=5))
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "minted")
    expected = [[m.canary.id, hashlib.sha256(minting.record_line(m.canary)).hexdigest()] for m in minted]
    assert entry.body["canaries"] == expected


def test_every_strong_token_is_indexed_under_its_keyed_tag_only(home: Home) -> None:
    minted = one(home, "aws-key")
    tag = tagger(home.keys.lookup)
    expected = {tag(normal(t.value, folds=t.folds)): t.facet for t in minted.canary.tokens if not t.weak}
    with home.store.read() as connection:
        rows = connection.execute(select(store.token.c.tag, store.token.c.facet)).all()
    assert {bytes(row.tag): row.facet for row in rows} == expected


def test_the_database_file_holds_no_bait_in_clear(home: Home) -> None:
    minted = [one(home, kind) for kind in ("url", "aws-key", "user", "postgres-url", "env-file")]
    home.store.close()
    content = b"".join(path.read_bytes() for path in home.path.glob("trapline.db*"))
    for m in (member for minted_one in minted for member in minted_one.family()):
        for token in m.canary.tokens:
            assert token.value.encode() not in content
        assert b"a memo" not in content


def test_parts_become_canaries_of_their_own(home: Home) -> None:
    minted = one(home, "env-file")
    assert minted.parts
    for part in minted.parts:
        found = catalogue.find(home, part.canary.id)
        assert found.parent == minted.canary.id
        assert catalogue.bait(home, found).tokens == part.bait.tokens


@pytest.mark.parametrize("kind", ["url", "user", "aws-key", "env-file", "github-token"])
def test_the_same_bait_is_made_again_from_the_record(home: Home, kind: str) -> None:
    minted = one(home, kind)
    assert catalogue.bait(home, catalogue.find(home, minted.canary.id)) == minted.bait


def test_no_two_canaries_share_a_token(home: Home) -> None:
    values = [t.value for m in minting.mint(home, "openai-key", count=50) for t in m.canary.tokens]
    assert len(set(values)) == len(values)


def test_bulk_is_committed_batch_by_batch(home: Home) -> None:
    stream = minting.mint(home, "url", count=minting.BATCH + 1)
    next(stream)
    with home.store.read() as connection:
        assert (
            connection.execute(select(func.count()).select_from(store.canary)).scalar_one() >= minting.BATCH
        )
    assert len(list(stream)) == minting.BATCH
    with home.store.read() as connection:
        assert connection.execute(select(func.max(store.token.c.epoch))).scalar_one() == 2


def test_an_unknown_kind_or_option_is_one_sentence(home: Home) -> None:
    with pytest.raises(NotFoundError, match="no kind called 'urll'"):
        one(home, "urll")
    with pytest.raises(MintError, match="no option called 'mood' in kind url"):
        one(home, "url", mood="dark")
    with pytest.raises(MintError, match="'sideways' is none of"):
        one(home, "url", mode="sideways")


def test_nothing_is_recorded_where_the_options_are_wrong(home: Home) -> None:
    with pytest.raises(MintError):
        one(home, "url", mode="redirect", to="javascript:alert(1)")
    with home.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(store.entry)).scalar_one() == 0


def test_the_record_is_plain_json(home: Home, tmp_path: Path) -> None:
    minted = one(home, "user")
    assert json.loads(minting.record_line(minted.canary))["seed"] == minted.canary.seed


def test_a_bait_names_the_port_where_the_trap_listens(home: Home) -> None:
    settings: Any = {"redis": {"bind": ["127.0.0.1:16379"]}, "http": {"bind": "0.0.0.0:0"}, "smtp": {}}
    settings["ssh"] = {"bind": True}  # which the trap refuses when it is opened
    order = replace(minting.order(home, bytes(32), "", "", ""), ports=minting.ports(settings))
    assert order.port("redis", 6379) == 16379
    assert order.port("http", 80) == 80
    assert order.port("smtp", 587) == 587
