"""Files of sections: a setting or a section more, in the file's own names and signs."""

from __future__ import annotations

import pytest

from tests.canaries.plant.formats.forms import text_after


def _made(name: str, old: str, kind: str) -> list[str]:
    return [line for line in text_after(name, old, kind).splitlines() if line not in old.splitlines()]


@pytest.mark.parametrize("name", [".myclirc", "config", "app.ini"])
def test_an_address_among_addresses_by_names_is_one_more_of_them(name: str) -> None:
    old = "[main]\nkeyring = False\n\n[alias_dsn]\nstage = mysql://a:b@c/d\nprod = mysql://a:b@e/d\n\n[colors]\nx = y\n"
    after = text_after(name, old, "mysql")
    assert after.startswith(old.partition("\n\n[colors]")[0])
    assert [line.partition("mysql://")[0].count(" = ") for line in _made(name, old, "mysql")] == [1]
    assert after.count("[") == 3


def test_a_login_in_a_section_has_its_names() -> None:
    old = "[options]\ndb_host = a\ndb_user = b\ndb_password = c\naddons = d\n"
    made = _made("odoo.conf", old, "postgres-url")
    assert [line.partition(" = ")[0].partition("_")[2] for line in made] == [
        "db_host",
        "db_user",
        "db_password",
    ]


def test_what_is_empty_says_nothing_of_the_space_around_a_sign() -> None:
    (made,) = _made("app.ini", "[security]\nMODE = x\nSECRET_KEY =\n", "postgres-url")
    assert " = postgresql://" in made


def test_a_section_that_is_a_login_has_a_sister_also_in_capitals() -> None:
    old = "[database]\nDB_TYPE = postgres\nHOST = a:5432\nUSER = b\nPASSWD = c\n\n[log]\nMODE = x\n"
    after = text_after("app.ini", old, "postgres-url")
    assert "\n[database_" in after
    assert after.count("DB_TYPE = postgres") == 2
