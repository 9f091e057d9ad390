"""What is kept of a client's statements is bounded, and the newest stays."""

from __future__ import annotations

from collections import OrderedDict

from listener.wire_proxy.postgres_queue import MOST, keep, text_of


def test_the_oldest_is_forgotten_and_one_that_is_made_anew_is_the_newest() -> None:
    kept: OrderedDict[str, int] = OrderedDict()
    for number in range(MOST):
        keep(kept, str(number), number)
    keep(kept, "0", -1)
    keep(kept, "new", 1)
    assert len(kept) == MOST
    assert "1" not in kept
    assert kept["0"] == -1


def test_text_ends_with_nul_or_the_message() -> None:
    assert (text_of(b"SELECT 1\0rest"), text_of(b"SELECT \xff"), text_of(b"")) == (
        "SELECT 1",
        "SELECT \ufffd",
        "",
    )
