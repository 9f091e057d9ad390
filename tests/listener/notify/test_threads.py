from __future__ import annotations

from pathlib import Path

from canaries.installation.home import Home
from listener.notify import threads
from listener.notify.outbox import later

NOW = "2026-11-22T12:00:00.000000Z"


def test_the_first_name_stays(any_home: Home) -> None:
    with any_home.store.write() as connection:
        threads.keep(connection, any_home, "ops", "aa", "1503.1", NOW)
        threads.keep(connection, any_home, "ops", "aa", "1503.2", NOW)
        threads.keep(connection, any_home, "mail", "aa", "other", NOW)
        threads.keep(connection, any_home, "ops", "", "none", NOW)
        threads.keep(connection, any_home, "ops", "bb", "", NOW)
        assert threads.of(connection, any_home, "ops", "aa") == "1503.1"
        assert threads.of(connection, any_home, "mail", "aa") == "other"
        assert (
            threads.of(connection, any_home, "ops", "bb") == threads.of(connection, any_home, "ops", "") == ""
        )
        threads.forget(connection, later(NOW, 1))
        assert threads.of(connection, any_home, "ops", "aa") == ""


def test_a_name_lies_sealed_and_a_replaced_key_forgets_it(home: Home) -> None:
    with home.store.write() as connection:
        threads.keep(connection, home, "ops", "aa", "a-secret-link", NOW)
    home.store.close()
    assert b"a-secret-link" not in b"".join(
        path.read_bytes() for path in Path(home.path).glob("trapline.db*")
    )
    (home.path / "keys" / "alerts").write_text("11" * 32)
    fresh = Home.open(home.path)
    with fresh.store.write() as connection:
        assert threads.of(connection, fresh, "ops", "aa") == ""
        threads.keep(connection, fresh, "ops", "aa", "new", NOW)
        assert threads.of(connection, fresh, "ops", "aa") == "new"
    fresh.store.close()
