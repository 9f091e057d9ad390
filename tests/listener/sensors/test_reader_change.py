"""A sensor is put there anew with what it watched; another command in between is refused."""

from __future__ import annotations

import pytest

from canaries.plant.rows.table import address
from listener.readers import ReaderError, watching_reader
from listener.sensors.reader_change import ReaderChange, installed_reader
from tests.subscribers import Subscribers


def test_what_was_changed_meanwhile_is_refused(shop: Subscribers) -> None:
    begun = shop.watch(5).begun
    where, chosen = address(shop.url), watching_reader("postgresql")
    known = installed_reader(shop.home, where, chosen)
    late = ReaderChange(shop.home, where, chosen, (), (), {}, ())
    with pytest.raises(ReaderError, match="changed meanwhile"):
        late.run(shop.home.act("setting", {"section": "watches"}), lambda _: None)
    assert installed_reader(shop.home, where, chosen) == known
    assert not late.written
    gone = ReaderChange(shop.home, where, chosen, begun, {"0" * 32}, {}, ())
    with pytest.raises(ReaderError, match="table of marks lacks 1 watched row"):
        gone.run(shop.home.act("setting", {"section": "watches"}), lambda _: None)
