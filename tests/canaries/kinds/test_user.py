"""The phony person."""

from __future__ import annotations

import base64
import csv
import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.security import check_password_hash

from canaries.content import locales
from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.kinds.user import UserOptions

Mint = Callable[..., Bait]


def values(bait: Bait) -> dict[str, str]:
    return {token.facet: token.value for token in bait.tokens}


def test_password_and_address_accuse_phone_and_names_do_not(mint: Mint, base_url: str) -> None:
    bait = mint("user", base_url=base_url)
    strong = [token.facet for token in bait.tokens if not token.weak]
    assert strong[:2] == ["password", "email"]
    assert strong[2] in ("host", "path")
    assert {token.facet for token in bait.tokens if token.weak} == {"user_name", "phone", "name"}


@pytest.mark.parametrize("locale", locales.names())
def test_the_text_is_the_row(mint: Mint, locale: str) -> None:
    bait = mint("user", {"locale": locale})
    row = {name: value for name, value in bait.row.items() if name != "url"}
    assert json.loads(bait.text) == row
    assert row["locale"] == locale
    assert all(row[name] for name in row if name != "region")


def test_mail_goes_to_the_catch_domain(mint: Mint) -> None:
    assert mint("user").row["email"].endswith("@quiet-post.net")


def test_without_a_catch_domain_mail_goes_nowhere(mint: Mint) -> None:
    """RFC 6761, section 6.4: .invalid never resolves. No two seeds share the name before it."""
    domains = {mint("user", number=n, domain="").row["email"].split("@")[1] for n in range(20)}
    assert len(domains) == 20
    assert all(re.fullmatch(r"[a-z]{6,11}\.invalid", domain) for domain in domains)


def test_the_installation_gives_the_locale(mint: Mint) -> None:
    assert mint("user", locale="de_DE").row["country"] == "DE"
    assert mint("user", {"locale": "fr_FR"}, locale="de_DE").row["country"] == "FR"


def test_addresses_are_unique(mint: Mint) -> None:
    assert len({mint("user", number=n).row["email"] for n in range(500)}) == 500


def test_a_csv_line_has_the_rows_columns(mint: Mint) -> None:
    bait = mint("user", {"form": "csv"})
    (line,) = csv.reader(bait.text.splitlines())
    assert line == [value for name, value in bait.row.items() if name != "url"]


def test_a_database_takes_the_insert(mint: Mint) -> None:
    options = {"form": "sql", "table": "members", "locale": "fr_FR"}
    baits = [mint("user", options, number=number) for number in range(100)]
    assert any("'" in bait.row["street"] for bait in baits), "rue de l'Eglise is in the sample"
    columns = [name for name in baits[0].row if name != "url"]
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE TABLE members ({', '.join(columns)})")
    for bait in baits:
        database.executescript(bait.text)
    expected = [tuple(bait.row[name] for name in columns) for bait in baits]
    assert database.execute("SELECT * FROM members").fetchall() == expected
    database.close()


@pytest.mark.parametrize("table", ["", "a; DROP TABLE b", "a.b.c", "1a", "a b", 'a"', "users\n"])
def test_a_table_is_a_plain_name(table: str) -> None:
    with pytest.raises(ValueError, match="table"):
        UserOptions(table=table)


@pytest.mark.parametrize(("scheme", "cost"), [("scrypt", 1024), ("pbkdf2-werkzeug", 1000)])
def test_with_a_hash_the_password_itself_is_not_planted(mint: Mint, scheme: str, cost: int) -> None:
    bait = mint("user", {"hash": scheme, "cost": cost})
    password = values(bait)["password"]
    assert password not in bait.text
    assert "password" not in bait.row
    assert check_password_hash(bait.row["password_hash"], password)


def test_djangos_hash(mint: Mint) -> None:
    made = mint("user", {"hash": "pbkdf2", "cost": 1000}).row["password_hash"]
    assert re.fullmatch(r"pbkdf2_sha256\$1000\$[A-Za-z0-9]{22}\$[A-Za-z0-9+/]{43}=", made)


def test_a_cost_without_a_hash_is_a_mistake(mint: Mint) -> None:
    with pytest.raises(MintError, match="hash"):
        mint("user", {"cost": 1000})


@pytest.mark.parametrize("locale", locales.names())
def test_no_cell_is_a_formula(mint: Mint, locale: str) -> None:
    for number in range(100):
        for value in mint("user", {"locale": locale}, number=number).row.values():
            assert not value.startswith(("=", "+", "-", "@"))


def ldif(text: str) -> dict[str, str]:
    """RFC 2849: one colon, or two before Base64."""
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        found[name] = (
            base64.b64decode(value[1:]).decode() if value.startswith(":") else value.removeprefix(" ")
        )
    return found


@pytest.mark.parametrize("locale", locales.names())
def test_an_ldif_entry_says_the_row(mint: Mint, locale: str) -> None:
    for number in range(20):
        bait = mint("user", {"form": "ldif", "locale": locale}, number=number)
        entry = ldif(bait.text)
        assert bait.text.isascii()
        assert (entry["cn"], entry["mail"], entry["street"]) == (
            bait.row["name"],
            bait.row["email"],
            bait.row["street"],
        )
        assert bait.row["password"] not in bait.text


def test_a_fixture_is_what_loaddata_reads(mint: Mint) -> None:
    bait = mint("user", {"form": "fixture", "table": "accounts.member"})
    (record,) = json.loads(bait.text)
    assert record["model"] == "accounts.member"
    assert record["fields"] == {name: value for name, value in bait.row.items() if name != "url"}


def test_mailbox_user_name_and_domain_as_asked(mint: Mint) -> None:
    options = {"mailbox": "{first}.{last}##", "login": "{f}{last}", "domain": "second.example"}
    row = mint("user", options, mail_domains=("second.example",)).row
    assert re.fullmatch(r"[a-z]+\.[a-z]+\d\d@second\.example", row["email"])
    assert row["user_name"].isalpha()


def test_an_address_at_somebody_elses_domain_is_refused(mint: Mint) -> None:
    with pytest.raises(MintError, match="not among your catch domains"):
        mint("user", {"domain": "gmail.com"})


def test_a_mailbox_is_made_of_known_pieces() -> None:
    with pytest.raises(ValueError, match="mailbox must be made of"):
        UserOptions(mailbox="info")


def test_a_mailbox_at_a_provider_takes_the_place_of_the_address(mint: Mint) -> None:
    bait = mint("user", {"email": "June.K@provider.example"})
    assert bait.row["email"] == "June.K@provider.example"
    assert values(bait)["email"] == "June.K@provider.example"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"email": "june"}, "is no address"),
        ({"email": "june@x"}, "is no address"),
        ({"email": "june@x.example\r\nBcc: a@b.example"}, "is no address"),
        ({"email": "june@x.example", "mailbox": "{first}"}, "leave out mailbox and domain"),
        ({"email": "june@x.example", "domain": "x.example"}, "leave out mailbox and domain"),
    ],
)
def test_an_address_that_is_none_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        UserOptions(**options)
