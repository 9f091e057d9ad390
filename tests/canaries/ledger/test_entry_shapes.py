"""What is read of an entry as if it were always there is there, or the entry is named."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger import entry_shapes
from canaries.ledger.verification import verify


def filled(kind: str) -> dict[str, Any]:
    return {name: type_() for name, type_ in entry_shapes._SHAPES[kind].items()}


@pytest.mark.parametrize("kind", sorted(entry_shapes._SHAPES))
def test_every_field_is_asked_for(kind: str) -> None:
    whole = filled(kind)
    entry_shapes.check(kind, whole)
    for name in whole:
        with pytest.raises(KeyError):
            entry_shapes.check(kind, {key: value for key, value in whole.items() if key != name})
        with pytest.raises(TypeError, match=name):
            entry_shapes.check(kind, {**whole, name: 7})


def test_a_kind_of_which_nothing_is_read_may_say_anything() -> None:
    entry_shapes.check("heartbeat", {})


@pytest.mark.parametrize("kind", ["rated", "regrouped", "minted", "issued", "amended"])
def test_the_check_of_the_ledger_names_the_entry(home: Home, kind: Any) -> None:
    with home.store.write() as connection:
        name = home.writer.record(connection, kind, home.now(), "carol", {"incident": "a" * 16})
    with pytest.raises(LedgerError, match=rf"\({name}\) is not what a {kind} entry is"):
        verify(home)
