"""Collecting refuses what is not there, not signed, or not what was minted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from canaries.core import store
from canaries.core.errors import LedgerError, NotFoundError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.dossier.collect import collect, scope_of


def test_the_beginning_of_an_id_is_enough_where_it_is_alone(story: Any) -> None:
    assert scope_of(story.home, story.incident[:8], None).id == story.incident
    assert scope_of(story.home, None, story.canary[:8]).id == story.canary
    assert scope_of(story.home, story.incident, None).canaries == {story.canary}
    assert scope_of(story.home, None, story.canary).incidents == {story.incident}


def test_ids_that_are_ambiguous_or_unknown_are_refused(home: Home) -> None:
    with home.store.write() as connection:
        for name in ("abcdef0000000001", "abcdef0000000002"):
            row = {"id": name, "opened_at": "", "last_at": "", "hits": 0, "state": "open"}
            connection.execute(insert(store.incident).values(**row))
    with pytest.raises(NotFoundError, match="more than one"):
        scope_of(home, "abcdef", None)
    with pytest.raises(NotFoundError):
        scope_of(home, "0123456", None)
    with pytest.raises(NotFoundError):
        scope_of(home, None, "%")


def test_without_a_checkpoint_there_is_no_case(story: Any) -> None:
    with story.home.store.write() as connection:
        connection.execute(delete(store.checkpoint))
    with pytest.raises(LedgerError, match="no checkpoint"):
        collect(story.home, scope_of(story.home, story.incident, None))


def test_what_is_not_under_the_last_checkpoint_stays_out(story: Any) -> None:
    """The story ends with entries that nobody sealed yet; they are not in a case of before."""
    case = collect(story.home, scope_of(story.home, story.incident, None))
    assert not {"noted", "assessed", "alerted"} & {entry.kind for entry in case.story}
    assert case.hit_count == 3


def test_an_exchanged_record_is_refused(story: Any) -> None:
    home = story.home
    with home.store.write() as connection:
        change = update(store.canary).where(store.canary.c.id == story.canary)
        connection.execute(change.values(sealed=home.writer.seal(b"{}", story.canary)))
    with pytest.raises(LedgerError, match="not the one that was minted"):
        collect(home, scope_of(home, story.incident, None))


def test_a_changed_checkpoint_is_refused(story: Any) -> None:
    LogSealer(story.home).seal_once()
    with story.home.store.write() as connection:
        connection.execute(update(store.checkpoint).values(note="nothing"))
    with pytest.raises(LedgerError, match="was changed"):
        collect(story.home, scope_of(story.home, story.incident, None))
