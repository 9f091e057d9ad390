"""Tokens used at every trap before they were minted, bare and wrapped: a rescan finds them all, with both times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from canaries.core import store
from canaries.core.clock import parse_rfc3339
from canaries.decoders import DecodingBudget, Layer
from canaries.installation.home import Home
from listener.facts.derive import load
from listener.http import sifting
from listener.ingest.drain import Drain
from listener.ingest.intake import Intake
from listener.ingest.rescan import Rescanned, rescan
from listener.protocol import candidates
from tests import steady
from tests.carried import CARRIERS
from tests.every import in_part_and_whole

ON_SOCKETS = import_module("tests.test_wrapped_on_sockets")


def _bare(data: bytes, _: DecodingBudget) -> Iterator[Layer]:
    """As a version without any decoder would look at it."""
    yield Layer(data)


def taken_away(home: Home) -> list[dict[str, Any]]:
    """The tokens, from now on unknown."""
    with home.store.write() as connection:
        rows = [dict(row) for row in connection.execute(select(store.token)).mappings()]
        connection.execute(delete(store.token))
    return rows


def minted(home: Home, rows: list[dict[str, Any]]) -> None:
    """As minting does: the tokens, and the next epoch."""
    epoch = max(row["epoch"] for row in rows) + 1
    with home.store.write() as connection:
        connection.execute(insert(store.token), [{**row, "epoch": epoch} for row in rows])
        connection.execute(update(store.meta).where(store.meta.c.name == "epoch").values(value=str(epoch)))


def the_rest_is_taken_in(home: Home) -> None:
    """What a slow back has left in the journal."""
    drain, intake = Drain(home, print), Intake(home, load(home))
    while drain.step(intake.ingest):
        pass
    drain.close()


def in_a_new_process(home: Home) -> Rescanned:
    """A rescan that remembers nothing of an earlier version's decoders."""
    for remembered in (sifting._of_line, sifting._of_block, candidates._of_line, candidates._of_hello):
        remembered.cache_clear()
    return rescan(home, Intake(home, load(home)))


@in_part_and_whole
def test_what_was_used_at_any_trap_before_it_was_minted_is_found(
    home: Home, listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    forms = ON_SOCKETS.draw(home, int(whole), 12)
    rows = taken_away(home)
    began = home.clock.now()
    ON_SOCKETS.use(home, listen, forms)
    the_rest_is_taken_in(home)
    ended = home.clock.now()
    assert ON_SOCKETS.hits(home) == set()
    minted(home, rows)

    def missing(found: set[tuple[str, str]], some: list[Any]) -> list[str]:
        return [str(form) for form in some if (form.canary, CARRIERS[form.place].trap) not in found]

    with monkeypatch.context() as patch:
        patch.setattr(candidates, "unwrap", _bare)
        without = in_a_new_process(home)
    assert len(missing(ON_SOCKETS.hits(home), forms)) > len(forms) // 4, "what a decoder alone shows"
    again = in_a_new_process(home)
    assert missing(ON_SOCKETS.hits(home), forms) == []
    assert again.looked_at == without.looked_at
    with home.store.read() as connection:
        bodies = [entry.body for entry in home.reader.entries(connection, "hit")]
    assert len(bodies) == without.hits + again.hits
    for body in bodies:
        assert began <= parse_rfc3339(body["observed_at"]) <= ended + timedelta(seconds=steady.PATIENCE)
        assert body["recognised_at"] > body["observed_at"]
