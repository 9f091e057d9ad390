"""Exports of passwords: a row as the others are."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

HEAD = "name,url,username,password,note\n"


def test_the_order_of_the_titles_is_kept() -> None:
    rows = f"{HEAD}a.example,https://a.example/,jo,x,\nz.example,https://z.example/,jo,x,\n"
    assert text_after("Passwords.csv", rows, "ftp-credentials").splitlines()[-1].startswith("z.example")


def test_an_address_has_a_scheme_where_all_have_one() -> None:
    after = text_after("Passwords.csv", f"{HEAD}z.example,https://z.example/,jo,x,\n", "imap-credentials")
    assert ",https://" in after.splitlines()[1] + after.splitlines()[2]
    assert all(line.split(",")[1].startswith("https://") for line in after.splitlines()[1:])


def test_a_column_in_which_everybody_has_another_value_is_no_guess() -> None:
    text = "url,username,password,serial\nhttps://a.example,jo,x,{1}\nhttps://b.example,jo,x,{2}\n"
    with pytest.raises(PlantError, match="no place"):
        text_after("logins.csv", text, "ftp-credentials")


def test_a_table_without_passwords_is_of_no_known_format() -> None:
    with pytest.raises(PlantError, match="not known"):
        text_after("people.csv", "name,email\njo,jo@example.com\n", "user")


def test_a_ragged_row_is_refused() -> None:
    with pytest.raises(PlantError, match="another number"):
        text_after("Passwords.csv", f"{HEAD}a,b\n", "ftp-credentials")


def test_firefox_gets_an_id_and_an_origin_as_it_writes_them() -> None:
    head = "url,username,password,httpRealm,formActionOrigin,guid,timeCreated\n"
    row = (
        "https://{0}.example,jo,x,,https://{0}.example,{{0f1e2d3c-4b5a-4697-8796-a5b4c3d2e1f0}},16000000{1}\n"
    )
    after = text_after("logins.csv", head + row.format("a", 1) + row.format("b", 2), "postgres-url")
    made = after.splitlines()[-1].split(",")
    assert made[0] == made[4]
    assert made[0].startswith("https://")
    assert made[0].count("/") == 2
    assert len(made[5]) == 38


def test_a_flag_is_what_it_mostly_is() -> None:
    rows = "url,username,password,fav\nhttps://a.example,jo,x,0\nhttps://b.example,jo,x,0\nhttps://c.example,jo,x,1\n"
    assert text_after("lastpass.csv", rows, "netrc").splitlines()[-1].endswith(",0")


def test_a_row_more_has_times_of_its_own() -> None:
    rows = ["https://a.example,ann,x,1600000123456", "https://b.example,ann,y,1610000456789"]
    old = "\n".join(("url,username,password,timeCreated", *rows, ""))
    added = text_after("logins.csv", old, "netrc")[len(old) :].strip()
    assert 1600000123456 < int(added.rpartition(",")[2]) < 1610000456789
