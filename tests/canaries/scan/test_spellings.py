"""The forms a canary's strings take: Base64 wherever it stands, hashes as lists are traded, telephone numbers."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pymysql.converters import escape_string

from canaries.core.model import Canary, Token
from canaries.scan.spellings import LONGEST, SHORTEST, PersonWord, Spelling, _base64, spellings

_EMPTY = Canary("0" * 16, "user", "", "", "", "", "", {}, "", "", (), "", (), {}, "")


def forms(*tokens: Token) -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    for one in spellings(replace(_EMPTY, tokens=tokens)):
        assert isinstance(one, Spelling)
        found.setdefault(one.form, set()).add(one.text)
    return found


@given(st.binary(max_size=7), st.binary(min_size=12, max_size=60), st.binary(max_size=7))
def test_a_string_is_in_the_base64_of_whatever_surrounds_it(
    before: bytes, value: bytes, after: bytes
) -> None:
    encoded = base64.b64encode(before + value + after)
    assert any(inner in encoded for inner in _base64(value))
    assert all(len(inner) >= len(value) for inner in _base64(value))


@given(st.text("ab'\"\\\t", min_size=8, max_size=12))
def test_a_string_with_quotes_is_known_as_real_writers_write_it(value: str) -> None:
    found = set[bytes]().union(*forms(Token("secret", value)).values())
    table = io.StringIO()
    for text in (value, json.dumps(value)[1:-1]):
        assert json.dumps(text)[1:-1].encode() in found
        csv.writer(table, quoting=csv.QUOTE_ALL).writerow([text])
        assert table.getvalue().splitlines()[-1][1:-1].encode() in found
        assert escape_string(text).encode() in found


def test_a_string_without_quotes_has_no_further_form() -> None:
    assert "escaped" not in forms(Token("secret", "sk_live_Zk39aXQ7vT2mLw8R"))


def test_an_address_is_known_by_the_hashes_that_lists_are_matched_with() -> None:
    found = forms(Token("email", "Anna.Meyer@mail.example", folds=True))
    lower = b"anna.meyer@mail.example"
    assert hashlib.sha256(lower).hexdigest().encode() in found["sha256"]
    assert hashlib.md5(lower, usedforsecurity=False).hexdigest().encode() in found["md5"]
    assert found["plain"] == {lower}


def test_a_telephone_number_is_known_however_it_is_written() -> None:
    found = forms(Token("phone", "(415) 555-0134", weak=True))
    assert {b"4155550134", b"415.555.0134", b"415-555-0134"} <= found["reformatted"]


def test_a_name_is_known_in_capitals_and_in_old_files() -> None:
    found = forms(Token("name", "Jörg Grünwald", weak=True))["plain"]
    for encoding in ("utf-8", "cp1252"):
        for text in ("Jörg Grünwald", "JÖRG GRÜNWALD", "jörg grünwald"):
            assert text.encode(encoding).lower() in found


def test_a_name_is_known_in_ascii() -> None:
    assert forms(Token("name", "Jörg Grünwald", weak=True))["transliterated"] == {
        b"jorg grunwald",
        b"joerg gruenwald",
    }


def test_a_password_is_known_by_the_hash_that_windows_keeps_where_openssl_offers_md4() -> None:
    """The NTLM hash of ``password`` is in every textbook (MS-NLMP, section 3.3.1: MD4 of UTF-16)."""
    found = forms(Token("password", "password")).get("ntlm", set())
    try:
        hashlib.new("md4", usedforsecurity=False)
    except ValueError:
        assert not found
    else:
        assert found == {b"8846f7eaee8fb117ad06bdd830b7586c"}


def test_what_is_short_is_left_out_and_what_is_long_is_looked_for_by_its_end() -> None:
    tokens = (Token("a", "short"), Token("b", "x" * 600 + "end"))
    found = [one for one in spellings(replace(_EMPTY, tokens=tokens)) if isinstance(one, Spelling)]
    assert {one.facet for one in found if one.form == "plain"} == {"b"}
    assert all(SHORTEST <= len(one.text) <= LONGEST for one in found)
    assert any(one.text.endswith(b"end") for one in found)


def test_words_of_a_person_stand_for_a_facet_in_every_way_it_is_written() -> None:
    row = {"first_name": "Anne-Jörg", "last_name": "Öz", "city": "Bad Aue", "note": "nothing"}
    found: dict[str, dict[int, list[bytes]]] = {}
    for one in spellings(replace(_EMPTY, row=row)):
        assert isinstance(one, PersonWord) or one.facet not in ("first_name", "last_name")
        if isinstance(one, PersonWord):
            found.setdefault(one.facet, {}).setdefault(one.variant, []).append(one.text)
    ways = {facet: sorted(variants.values()) for facet, variants in found.items()}
    assert ways["city"] == [[b"bad", b"aue"]]
    assert ways["last_name"] == sorted(
        [
            [b"oz"],
            [b"oez"],
            ["Öz".encode()],
            ["öz".encode()],
            [b"\xf6z"],
            [b"\xd6z"],
            ["ÖZ".encode().lower()],
        ][:6]
    )
    assert [b"anne", b"joerg"] in ways["first_name"]
