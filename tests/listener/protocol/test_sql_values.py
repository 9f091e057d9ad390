"""Functions that every account may call take whatever they are given."""

from __future__ import annotations

from listener.protocol.sql_values import EVERYWHERE, FUNCTIONS, SqlMoment, SqlParameter


def test_every_function_takes_text_numbers_nothing_and_what_is_bound() -> None:
    for functions in (EVERYWHERE, *FUNCTIONS.values()):
        for name, function in functions.items():
            for value in ("x", 7, None, SqlParameter(1)):
                found = function([value, value])
                assert found is None or isinstance(found, str | int | SqlParameter), name


def test_a_moment_is_its_text() -> None:
    moment = SqlMoment("2026-11-28 21:50:38+00", 1_795_902_638_000_000)
    assert moment == "2026-11-28 21:50:38+00"
    assert moment.micros == 1_795_902_638_000_000
