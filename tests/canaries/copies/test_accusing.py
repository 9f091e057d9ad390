"""Whose copy it is: the right one, alone or together, and nobody who has no part in it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from canaries.copies.accusing import AddressCount, CopyFinding, FoundRow, LeakTries, accuse, found_rows
from canaries.copies.editions import copy_for, editions, withdraw
from canaries.copies.issuing import IssuedFolder
from canaries.installation.home import Home
from canaries.scan.scanner import scan
from tests.issued import as_csv, as_json_lines, as_sql, copy, installation, issue, subscribers

PEOPLE = subscribers(120)
FEW, MANY = [f"Partner {letter}" for letter in "ABCD"], [f"Office {number}" for number in range(11)]


class Issued:
    """One home with an edition of each sort."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, installation(folder / "home")
        self.alone = issue(self.home, folder, as_csv(PEOPLE), FEW, share=0.5)
        self.pairs = issue(self.home, folder, as_sql(PEOPLE), FEW, "two.sql", colluders=2, share=1.0)
        self.coins = issue(self.home, folder, as_json_lines(PEOPLE), MANY, "c.jsonl", colluders=2, share=1.0)

    def said(self, leak: bytes) -> list[CopyFinding]:
        (self.folder / "leak").write_bytes(leak)
        return [one for one in scan(self.home, [self.folder / "leak"]) if isinstance(one, CopyFinding)]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    made = Issued(tmp_path_factory.mktemp("accusing"))
    yield made
    made.home.store.close()


def part(content: bytes, share: float) -> bytes:
    chance = random.Random(9)
    return b"".join(line for line in content.splitlines(True) if chance.random() < share)


def both(issued: IssuedFolder, numbers: Sequence[int]) -> bytes:
    """What all of them have, in the order of the first."""
    others = [set(copy(issued, number).splitlines(True)) for number in numbers]
    return b"".join(
        line for line in copy(issued, numbers[0]).splitlines(True) if all(line in one for one in others)
    )


def test_a_part_of_one_copy_names_it(issued: Issued) -> None:
    (said,) = issued.said(part(copy(issued.alone, 2), 0.5))
    assert (said.recipients, said.method, said.named) == (("Partner C",), "private", True)
    assert said.agreed > 1
    assert float(said.chance) < 1e-6
    assert "not who passed it on" in said.sentence
    assert said.chance in said.sentence
    with issued.home.store.read() as connection:
        entry = list(issued.home.reader.entries(connection, "scanned"))[-1]
    assert entry.body["copies"] == [said.as_dict()]


def test_the_list_itself_names_nobody(issued: Issued) -> None:
    assert issued.said(as_csv(PEOPLE)) == []


def test_two_who_leak_what_both_have_are_named_as_a_pair(issued: Issued) -> None:
    (said,) = issued.said(both(issued.pairs, (1, 3)))
    assert (said.recipients, said.method, said.named) == (("Partner B", "Partner D"), "pair", True)
    assert "one of the two" in said.sentence


def test_rows_of_pairs_do_not_blame_the_partner_of_a_single_leaker(issued: Issued) -> None:
    said = issued.said(copy(issued.pairs, 1))
    assert [one.recipients for one in said if one.named] == [("Partner B",)]
    assert {one.method for one in said} == {"private"}


def test_two_of_many_are_both_named_by_coins(issued: Issued) -> None:
    said = issued.said(both(issued.coins, (4, 9)))
    assert {one.recipients for one in said if one.named} == {("Office 4",), ("Office 9",)}
    assert {(one.method, one.agreed == one.found) for one in said} == {("coin", True)}


def test_a_few_coin_rows_name_nobody_and_say_so(issued: Issued) -> None:
    lines = both(issued.coins, (4, 9)).splitlines(True)
    bait = [line for line in lines if b"mail.example.net" in line][:6]
    (said,) = issued.said(b"".join(bait))
    assert not said.named
    assert "not enough to name a copy" in said.sentence


def test_rows_that_guesses_could_hit_are_not_enough(issued: Issued) -> None:
    lines = copy(issued.alone, 2).splitlines(True)
    bait = [line for line in lines if b"mail.example.net" in line]
    padded = b"".join(b"somebody%d@mail.example.net\n" % number for number in range(2000))
    (said,) = issued.said(b"".join(bait[:2]))
    assert said.named
    (said,) = issued.said(b"".join(bait[:2]) + padded)
    assert not said.named
    (said,) = issued.said(b"".join(bait) + padded)
    assert said.named  # two thousand guesses do not hit so many


def test_a_withdrawn_copy_is_named_with_the_day(issued: Issued) -> None:
    edition = next(one for one in editions(issued.home) if one.id == issued.alone.id)
    withdraw(issued.home, copy_for(edition, "Partner A"), edition, "over")
    (said,) = issued.said(copy(issued.alone, 0))
    assert said.withdrawn > said.issued_at


def test_erased_and_unknown_rows_prove_nothing(home: Home) -> None:
    assert accuse(home, [], LeakTries(0, 0)) == []
    assert accuse(home, [FoundRow("f" * 16, frozenset({"email"}), frozenset())], LeakTries(1, 9)) == []


def test_addresses_are_counted_in_any_case_and_forms_are_kept_apart() -> None:
    count = AddressCount(frozenset({"Mail.example.net", ""}))
    count.see(b"a@MAIL.example.net, b@mail.example.net")
    count.see(b"c@elsewhere.example")
    assert count.tries == LeakTries(2, 57)
    rows = found_rows([("1", "email", "plain"), ("1", "phone", "sha1"), ("2", "email", "base64")])
    assert rows == [
        FoundRow("1", frozenset({"email", "phone"}), frozenset({"email"})),
        FoundRow("2", frozenset({"email"}), frozenset()),
    ]
