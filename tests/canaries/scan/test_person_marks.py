"""A phony person in whatever disguise: five of each, and a namesake is nobody."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from canaries.content import locales
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan import known
from canaries.scan.containers import Unreadable
from canaries.scan.person_marks import address_marks, latin, person_marks
from canaries.scan.search import search
from tests import steady


def disguises(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    born, first, last = date.fromisoformat(row["birth_date"]), row["first_name"], row["last_name"]
    table = io.StringIO()
    csv.writer(table, quoting=csv.QUOTE_ALL).writerow(
        [last, first, row["postcode"], row["city"], f"{born:%d.%m.%Y}"]
    )
    yield "name in fields, city and date of birth", table.getvalue()
    digits = "".join(filter(str.isdigit, row["phone"]))
    yield "in capitals, the telephone number as digits", f"{last.upper()} {first.upper()};{digits}"
    yield "in ASCII, with the street", f"{latin(first)[-1]} {latin(last)[-1]}\t{latin(row['street'])[-1]}"
    yield "the address hashed", hashlib.sha256(row["email"].lower().encode()).hexdigest().upper()
    yield "the mailbox without its domain", f"{row['email'].partition('@')[0]}|{last}, {first}"
    shown = {"user": row["user_name"], "phone": row["phone"], "address": {"street": row["street"]}}
    yield "no name at all", json.dumps(shown)
    yield "a date of birth and the street", f"{row['street']},{born:%Y%m%d}"
    yield from records(row, f"{born:%Y-%m-%d}")


def records(row: dict[str, str], born: str) -> Iterator[tuple[str, str]]:
    """Each field in its own place, by whatever name, the family name far from the given one."""
    fields = {
        "givenName": row["first_name"],
        "honorific": "Dr",
        "familyName": row["last_name"],
        "locality": row["city"],
        "tel": row["phone"],
        "birthdate": born,
    }
    other = dict.fromkeys(fields, "somebody else")
    without_number = {name: value for name, value in fields.items() if name != "tel"}
    for what, said in (("a number", fields), ("no number", without_number)):
        if what == "no number" and len(row["city"].encode()) < 8:
            continue  # nothing but the date is long enough to be looked for
        yield f"JSON, {what}", json.dumps([other, said, other])
        yield f"JSON with indents and {what}", json.dumps([other, said, other], indent=4, ensure_ascii=False)
        lines = "".join(f"{name}: {value}\n" for name, value in said.items())
        yield f"LDIF, {what}", f"dn: uid=nobody\n\n{lines}\ndn: uid=other\n"
        yield f"YAML, {what}", "- a: b\n- " + lines.replace("\n", "\n  ")
        cells = "".join(f"<td>{html.escape(value)}</td>" for value in said.values())
        yield f"HTML, {what}", f"<tr><td>other</td></tr><tr>{cells}</tr>"
        quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in said.values())
        yield f"SQL, {what}", f"INSERT INTO people VALUES (1, 'a'), (2, {quoted}), (3, 'b');"


@pytest.mark.parametrize("locale", sorted(locales.names()))
def test_each_disguise_is_found(home: Home, tmp_path: Path, locale: str) -> None:
    draw = steady.draw(f"disguised {locale}")
    person: Canary = next(iter(mint(home, "user", options={"locale": locale}, draw=draw))).canary
    index, lost = known.current(home), []
    row = {name: str(value) for name, value in person.row.items()}
    for name, text in disguises(row):
        dump = tmp_path / "dump"
        dump.write_text(f"id,what\n1,nobody at all\n{text}\n2,nobody either\n", encoding="utf-8")
        found = [one for one in search(index, [dump]) if not isinstance(one, Unreadable)]
        lost += [name] if not found else []
        assert {one.canary for one in found} <= {person.id}
    assert not lost


def test_a_namesake_is_nobody(home: Home, tmp_path: Path) -> None:
    row = next(iter(mint(home, "user"))).canary.row
    dump = tmp_path / "dump"
    rows = f"{row['name']},{row['city']},1931-01-01\n", f"{row['name']},{row['birth_date']},Elsewhere\n"
    dump.write_text((300 * ".").join(rows))
    assert not list(search(known.current(home), [dump]))


def test_what_has_no_ascii_letter_is_written_with_others() -> None:
    assert latin("Jörg Weiß") == ("jorg weiss", "joerg weiss")
    assert latin("Łukasz Ørsted") == ("lukasz orsted", "lukasz oersted")
    assert latin("Ann") == ("ann",)


def test_an_address_without_a_tag() -> None:
    assert list(address_marks("a.b+tag@x.example")) == [
        ("mailbox", "no domain", "a.b+tag"),
        ("mailbox", "untagged", "a.b@x.example"),
    ]
    assert not list(address_marks("no address"))


def test_a_row_of_something_else_has_none() -> None:
    assert not list(person_marks({"id": 4, "note": "text", "birth_date": "unknown", "first_name": "Ann"}))
