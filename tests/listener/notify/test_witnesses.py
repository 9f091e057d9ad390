"""Alerts as witnesses: the checkpoint of their moment, their hits' leaf hashes; a log that was put back fails."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.checkpoints import read_checkpoint
from canaries.ledger.entries import new_id
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import minting
from listener.notify import outbox, witnesses
from listener.notify.channels import Alert
from listener.notify.channels._text import LINES, message
from listener.notify.row_codec import RowCodec

AT = "2026-11-22T12:00:00.000000Z"


def waiting(home: Home) -> list[Alert]:
    codec = RowCodec(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(store.outbox).order_by(store.outbox.c.id)).all()
    return [alert for row in rows if (alert := codec.open(row.id, row.sealed))]


def seal(home: Home) -> None:
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()


@pytest.fixture
def alerted(home: Home, strike: Callable[..., str]) -> Alert:
    """An alert on a first hit, in a log that was signed before it."""
    (minted,) = minting.mint(home, "url")
    seal(home)
    strike(home, minted.canary)
    (alert,) = waiting(home)
    return alert


def test_an_alert_carries_the_checkpoint_and_the_leaf_hash_of_its_hit(home: Home, alerted: Alert) -> None:
    with home.store.read() as connection:
        (hit,) = connection.scalars(select(store.entry.c.hash).where(store.entry.c.kind == "hit"))
    assert alerted.leaves == (hit.hex(),)
    assert alerted.checkpoint.startswith(f"{home.origin} 1 ")
    words = message(alerted)
    assert words.lines[-1] == ("Checkpoint", alerted.checkpoint)
    assert hit.hex() in dict(words.lines)["Hit hashes"]
    assert len(words.lines) - 2 < LINES


@pytest.mark.parametrize("width", [60, 66, 76, 998])
@pytest.mark.parametrize("quote", ["", "> ", ">> "])
def test_the_whole_alert_as_mail_mangles_it_is_held_against_the_log(
    home: Home, alerted: Alert, tmp_path: Path, width: int, quote: str
) -> None:
    seal(home)
    lines = message(alerted).text.splitlines()
    wrapped = [part for line in lines for part in textwrap.wrap(line, width) or [""]]
    path = tmp_path / "mail.txt"
    path.write_text("".join(f"{quote}{line}   \r\n" for line in wrapped))
    kept = read_checkpoint(home, path)
    assert kept.checkpoint.size == 1
    assert verify(home, kept=[kept]).checkpoints == 2


def test_an_alert_of_a_log_that_was_put_back_does_not_fit(
    home: Home, alerted: Alert, tmp_path: Path, strike: Callable[..., str]
) -> None:
    """The roll-back takes all local copies with it; the message that went out stays."""
    seal(home)
    with home.store.write() as connection:
        outbox.enqueue(connection, home, [Alert(new_id(), "heartbeat", AT)], AT)
    path = tmp_path / "mail.txt"
    path.write_text(message(waiting(home)[-1]).text)
    with home.store.write() as connection:
        for table, column in ((store.leaf, store.leaf.c.seq), (store.checkpoint, store.checkpoint.c.size)):
            connection.execute(delete(table).where(column > (0 if table is store.leaf else 1)))
        connection.execute(delete(store.entry).where(store.entry.c.kind != "minted"))
        for table in (store.hit, store.raw):
            connection.execute(delete(table))
    for file in (home.path / "checkpoints").iterdir():
        file.unlink()
    assert verify(home).entries == 1
    with pytest.raises(LedgerError, match=r"mail\.txt signed 3"):
        verify(home, kept=[read_checkpoint(home, path)])


def test_a_hit_that_is_taken_away_before_it_is_sealed_is_missed(home: Home, alerted: Alert) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, "alerted", AT, "courier", {"leaves": list(alerted.leaves)})
    assert verify(home).absent == ()
    with home.store.write() as connection:
        for kind in ("hit", "derived"):
            gone = connection.scalar(select(store.entry.c.id).where(store.entry.c.kind == kind))
            connection.execute(delete(store.unsealed).where(store.unsealed.c.entry_id == gone))
            connection.execute(delete(store.entry).where(store.entry.c.id == gone))
        for table in (store.hit, store.raw):
            connection.execute(delete(table))
    (sentence,) = verify(home).absent
    assert alerted.leaves[0] in sentence


def test_where_sealing_has_stopped_every_alert_says_so(home: Home) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, "noted", AT, "alice", {})
    now = home.clock.now()
    for minutes, says in ((1, False), (10, True)):
        with home.store.read() as connection:
            (alert,) = witnesses.witnessed(
                connection, [Alert("1", "heartbeat", AT)], rfc3339(now + timedelta(minutes=minutes))
            )
        assert bool(alert.unsealed_since) is says
        assert ("HAS STOPPED" in message(alert).text) is says


def test_a_checkpoint_that_no_sealer_wrote_goes_nowhere(home: Home, alerted: Alert) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.checkpoint).values(note="<!channel> rubbish"))
        (alert,) = witnesses.witnessed(connection, [alerted], AT)
    assert alert.checkpoint == ""
