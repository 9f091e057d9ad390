"""A record that was made looks like one that was not: its ids, its times, its empty fields, its place."""

from __future__ import annotations

import random
from pathlib import PurePath

import pytest

from canaries.copies import datasets
from canaries.copies.datasets import DataTable
from canaries.copies.guessing import mailbox_bits
from canaries.copies.people import BITS, DataPeople
from canaries.core.errors import MintError
from canaries.core.settings import BaitSettings
from tests.issued import as_csv, subscribers

BAIT = BaitSettings(domain="mail.example.net", mail_domains=("post.example.net",))
PERSON = {
    "name": "Zoe Quill",
    "first_name": "Zoe",
    "last_name": "Quill",
    "user_name": "zquill",
    "email": "zoe.quill77@mail.example.net",
    "phone": "+1 202 555 0147",
    "country": "US",
    "password": "x",
    "locale": "en_US",
}


def people(rows: list[dict[str, str]], bait: BaitSettings = BAIT) -> DataPeople:
    return DataPeople(read(as_csv(rows)), bait, random.Random(5))


def read(content: bytes) -> DataTable:
    return datasets.of(PurePath("a.csv")).read(content, "")


def test_a_record_stands_where_its_id_and_its_date_belong() -> None:
    rows = subscribers(60)
    made = people(rows)
    placed = [made.place(PERSON, made.donor()) for _ in range(25)]
    every = [(int(row["id"]), row["created_at"]) for row in rows]
    for one in placed:
        assert one.row["email"] == PERSON["email"]
        assert isinstance(one.row["id"], str)
        low, high = every[one.place - 1] if one.place else (0, ""), every[one.place]
        assert low[0] < int(one.row["id"]) < high[0]
        first, last = sorted((low[1] or high[1], high[1]))
        assert first <= one.row["created_at"] <= last
        assert one.row["score"] in "01234"
        assert one.row["plan"] == "pro"
    assert len({one.row["id"] for one in placed}) == 25
    assert {bool(one.row["phone"]) for one in placed} == {True, False}  # as the neighbours have one or none


def test_the_person_is_minted_after_a_record() -> None:
    made = people(subscribers(60))
    donors = [made.donor() for _ in range(40)]
    assert {donor.options["domain"] for donor in donors} == {"mail.example.net", "post.example.net"}
    assert {donor.options["locale"] for donor in donors} == {"en_US"}
    assert all(mailbox_bits(donor.options["mailbox"], "en_US") >= BITS for donor in donors)
    assert len({donor.options["mailbox"] for donor in donors}) > 1


def test_a_namesake_is_seen() -> None:
    rows = subscribers(20)
    made = people(rows)
    assert made.is_namesake({"first_name": rows[3]["first_name"].upper(), "last_name": rows[3]["last_name"]})
    assert not made.is_namesake(PERSON)


def test_what_cannot_hold_people_is_refused() -> None:
    rows = subscribers(20)
    bare = [{**row, "email": ""} for row in rows]
    with pytest.raises(MintError, match="fewer than"):
        people(rows[:5])
    with pytest.raises(MintError, match="catch domain"):
        people(rows, BaitSettings())
    with pytest.raises(MintError, match="countries"):
        people(bare).donor()
    with pytest.raises(MintError, match="no column"):
        DataPeople(read(b"a,b\n" + b"1,2\n" * 12), BAIT, random.Random(5))
