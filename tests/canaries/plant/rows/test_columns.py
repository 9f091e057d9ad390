"""Which column takes which value."""

from __future__ import annotations

import pytest

from canaries.plant.rows.columns import is_arrival, match

ROW = ("first_name", "last_name", "email", "phone", "username", "password", "password_hash", "postcode")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["id", "email"], {"email": "email"}),
        (["E-Mail", "Phone_Number"], {"E-Mail": "email", "Phone_Number": "phone"}),
        (
            ["mail", "tel", "login", "zip"],
            {"mail": "email", "tel": "phone", "login": "username", "zip": "postcode"},
        ),
        (["firstName", "surname"], {"firstName": "first_name", "surname": "last_name"}),
        (["password"], {"password": "password_hash"}),
        (["encrypted_password"], {"encrypted_password": "password_hash"}),
        (["mail", "email"], {"email": "email"}),
        (["mobile", "telephone"], {"mobile": "phone"}),
        (["mailbox", "phones", "id"], {}),
    ],
)
def test_match(columns: list[str], expected: dict[str, str]) -> None:
    assert match(ROW, columns) == expected


def test_clear_text_only_where_the_bait_has_no_hash() -> None:
    assert match(("email", "password"), ["password"]) == {"password": "password"}


@pytest.mark.parametrize("name", ["created_at", "createdAt", "date_joined", "UPDATED_AT", "subscribed_at"])
def test_arrivals(name: str) -> None:
    assert is_arrival(name)


def test_other_dates_are_none() -> None:
    assert not is_arrival("last_login")
