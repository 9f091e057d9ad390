"""Calls with words among their arguments. Values are held beside MariaDB; what is no such call is no expression."""

from __future__ import annotations

import pytest

from listener.protocol.mysql_expressions import evaluated


@pytest.mark.parametrize(
    "said",
    [
        "DATE_ADD('2020-01-02', 1)",
        "DATE_ADD('2020-01-02', INTERVAL 1 NOSUCH)",
        "DATE_ADD('2020-01-02', INTERVAL 1 DAY",
        "EXTRACT(NOSUCH FROM '2020-01-02')",
        "EXTRACT(YEAR '2020-01-02')",
        "TIMESTAMPDIFF('2020-01-02', '2020-01-02')",
        "'2020-01-02' + INTERVAL 1",
    ],
)
def test_what_is_no_such_call_is_no_expression(said: str) -> None:
    with pytest.raises(ValueError, match=r"^no|end|more|\S"):
        evaluated(said, {})


def test_sums_of_intervals() -> None:
    assert evaluated("'2020-01-02' + INTERVAL 1 + 1 DAY", {}) == "2020-01-04"
    assert evaluated("'2020-01-31' + INTERVAL 1 MONTH - INTERVAL 1 DAY", {}) == "2020-02-28"
    assert evaluated("INTERVAL(5, 1, 10)", {}) == 1, "the function of this name"
