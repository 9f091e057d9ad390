"""A phony person's values in a neighbour's notation."""

from __future__ import annotations

import datetime as dt

import pytest

from canaries.plant.rows import notations


@pytest.mark.parametrize(
    ("value", "neighbour", "country", "expected"),
    [
        ("(615) 555-0177", "+14155552671", "US", "+16155550177"),
        ("(615) 555-0177", "415-555-2671", "US", "615-555-0177"),
        ("(615) 555-0177", "415.555.2671", "US", "615.555.0177"),
        ("(615) 555-0177", "4155552671", "US", "6155550177"),
        ("(615) 555-0177", "+1 415 555 2671", "US", "+1 615 555 0177"),
        ("(615) 555-0177", "1-415-555-2671", "US", "1-615-555-0177"),
        ("030 23125123", "+4917612345678", "DE", "+493023125123"),
        ("030 23125123", "0176/12345678", "DE", "030 23125123"),
        ("07700 900123", "+44 7911 123456", "GB", "+44 7700 900123"),
        ("01 99 00 12 34", "06.12.34.56.78", "FR", "01.99.00.12.34"),
        ("01 99 00 12 34", "0033612345678", "FR", "0033199001234"),
        ("070-174 06 15", "+46701234567", "SE", "+46701740615"),
        ("0980-31 92 15", "0701234567", "SE", "0980319215"),
        ("08-465 004 15", "+46 70 123 45 67", "SE", "+46 84 650 04 15"),
        ("020 912 3456", "+353 87 123 4567", "IE", "+353 20 912 3456"),
        ("(416) 555-0177", "+15145552671", "CA", "+14165550177"),
        ("418 555-0177", "(514) 555-2671", "CA", "(418) 555-0177"),
        ("001 (205) 555-0177", "+525512345678", "MX", "+12055550177"),
        ("030 23125123", "whatever", "XX", "030 23125123"),
    ],
)
def test_phones(value: str, neighbour: str, country: str, expected: str) -> None:
    assert notations.phone(value, neighbour, country) == expected


@pytest.mark.parametrize(
    ("neighbour", "expected"),
    [
        ("1971-03-04", "1980-12-01"),
        ("04.03.1971", "01.12.1980"),
        ("03/04/1971", "12/01/1980"),
        (dt.date(1971, 3, 4), dt.date(1980, 12, 1)),
        (dt.datetime(1971, 3, 4, tzinfo=dt.UTC), dt.datetime(1980, 12, 1, tzinfo=dt.UTC)),
        ("who knows", "1980-12-01"),
    ],
)
def test_days(neighbour: object, expected: object) -> None:
    assert notations.day("1980-12-01", neighbour) == expected


@pytest.mark.parametrize(
    ("neighbour", "expected"),
    [
        ("en", "de"),
        ("EN", "DE"),
        ("en-US", "de-DE"),
        ("en_us", "de_de"),
        ("en_US", "de_DE"),
        ("English", "de_DE"),
    ],
)
def test_locales(neighbour: str, expected: str) -> None:
    assert notations.place("de_DE", neighbour) == expected


@pytest.mark.parametrize(
    ("neighbour", "expected"),
    [("ANN", "MARA"), ("ann", "mara"), ("Ann", "Mara"), ("A", "Mara"), ("7", "Mara")],
)
def test_capitals(neighbour: str, expected: str) -> None:
    assert notations.cased("Mara", neighbour) == expected
