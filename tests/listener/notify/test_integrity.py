"""Event ``integrity``: on every channel, whatever it is set to take."""

from __future__ import annotations

from sqlalchemy import select

from canaries.core import store
from canaries.installation.home import Home
from listener.notify import integrity
from listener.notify.channels._text import message

AT = "2026-11-22T12:00:00.000000Z"


def test_it_goes_to_channels_that_take_nothing_else(home: Home) -> None:
    with (home.path / "trapline.toml").open("a") as file:
        file.write('\n[channels.ops]\ntype = "console"\nmin_severity = "critical"\nkinds = ["user"]\n')
    with Home.open(home.path) as fresh, fresh.store.write() as connection:
        integrity.tell(connection, fresh, AT, ["the log has a gap"])
        assert connection.scalars(select(store.outbox.c.channel)).all() == ["ops"]


def test_words_are_bounded_and_harmless(home: Home) -> None:
    alert = integrity.warning(home, AT, ["\x1b[8mgap", *(f"line {number}" for number in range(40))])
    words = message(alert)
    assert words.headline.startswith("Trapline: THE EVIDENCE MAY BE TAMPERED WITH")
    assert "\x1b" not in words.text
    assert "and 29 more" in words.text
