"""The log at somebody's last visit, held against what it is."""

from __future__ import annotations

from sqlalchemy import delete, update

from canaries.accounts import accounts, checkpoints
from canaries.core import store
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer


def signed(home: Home) -> None:
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()


def test_a_log_that_goes_on_is_no_rollback(home: Home) -> None:
    pat, _ = accounts.add(home, "pat", "planter")
    assert checkpoints.look(home, pat.id) == ("", "")
    signed(home)
    assert checkpoints.look(home, pat.id) == ("", "")
    accounts.add(home, "dora", "planter")
    signed(home)
    seen, problem = checkpoints.look(home, pat.id)
    assert seen.startswith("1 ")
    assert not problem


def test_an_older_and_another_log_are_told(home: Home) -> None:
    pat, _ = accounts.add(home, "pat", "planter")
    signed(home)
    checkpoints.look(home, pat.id)
    seen = home.path / "seen" / pat.id
    kept = seen.read_text()
    seen.write_text(kept.replace('"root": "', '"root": "00')[:-4] + '"}')
    assert "another one than at your last visit" in checkpoints.look(home, pat.id)[1]
    seen.write_text(kept)
    with home.store.write() as connection:
        connection.execute(update(store.checkpoint).values(note="changed"))
    assert "had 1 signed entries, now it has 0" in checkpoints.look(home, pat.id)[1]
    with home.store.write() as connection:
        connection.execute(delete(store.checkpoint))
    assert "had 1 signed entries, now it has 0" in checkpoints.look(home, pat.id)[1]
    seen.write_text("rubbish")
    assert checkpoints.look(home, pat.id) == ("", "")
