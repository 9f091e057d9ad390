"""A preview shows where and how, not the bait's secrets."""

from __future__ import annotations

import pytest

from canaries.plant.files.preview import diff, veiled


def test_added_secrets_show_their_beginning_and_old_lines_stay() -> None:
    shown = diff(".env", "A=1\n", "A=1\nKEY=sk_live_0123456789\n", ("sk_live_0123456789",))
    assert "+KEY=sk_l…" in shown
    assert " A=1" in shown
    assert "0123456789" not in shown


def test_an_encoded_secret_is_as_long_as_one() -> None:
    shown = diff("a", "", "auth: c2VjcmV0OnNlY3JldHNlY3JldHNlY3JldA==\n", ("secret",))
    assert "c2VjcmV0OnNl" not in shown


def test_nothing_changed_is_nothing_shown() -> None:
    assert diff("a", "x\n", "x\n", ()) == ""


def test_a_change_far_down_is_shown_where_it_is() -> None:
    """What is the same before and behind it is not compared line with line."""
    before = [f"line {number % 7}\n" for number in range(3000)]
    after = [*before[:2000], "new\n", *before[2000:]]
    old, new = "".join(before), "".join(after)
    shown = diff("a", old, new, ())
    assert shown.splitlines()[2] == "@@ -1999,4 +1999,5 @@"
    assert shown.count("+new") == 1
    assert len(shown.splitlines()) == 8


@pytest.mark.parametrize(
    "name",
    ["SUPPORT_MAIL_FROM_ADDRESS_NAME", "spring.datasource.analytics.password", "database-analytics-password"],
)
def test_a_settings_name_is_shown_however_long_and_its_value_is_not(name: str) -> None:
    for line in (f"+{name}=", f"+  {name}: "):
        assert veiled(f"{line}a9Bq7LmZ2xKf0TsVw4RyU8nJ", ()) == f"{line}a9Bq7LmZ…"
