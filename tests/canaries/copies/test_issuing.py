"""An edition: each copy has its own rows and all old ones, and the ledger knows before anybody has one."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from canaries.copies.editions import editions
from canaries.copies.issuing import CopyIssuer, CopyOrder, IssuedFolder
from canaries.core.errors import MintError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import catalogue
from tests.issued import as_csv, copy, installation, issue, subscribers

SOURCE = as_csv(subscribers(150))
NAMES = ["Partner A", "Partner B", "Partner C", "Partner D"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, IssuedFolder]]:
    folder = tmp_path_factory.mktemp("issued")
    home = installation(folder / "home")
    yield home, issue(home, folder, SOURCE, NAMES, colluders=2, share=1.0)
    home.store.close()


def test_every_copy_has_all_old_records_in_their_order(made: tuple[Home, IssuedFolder]) -> None:
    old = SOURCE.decode().splitlines()
    for number in range(len(NAMES)):
        lines = copy(made[1], number).decode().splitlines()
        fresh = [line for line in lines if line not in old]
        assert [line for line in lines if line in old] == old
        assert len(fresh) == made[1].plan.each
        ids = [int(line.split(",")[0]) for line in lines[1:]]
        assert ids == sorted(set(ids))


def test_rows_stand_in_the_copies_of_their_holders_and_in_no_other(made: tuple[Home, IssuedFolder]) -> None:
    (edition,) = editions(made[0])
    contents = [copy(made[1], number) for number in range(len(NAMES))]
    for one in edition.copies:
        for canary in one.private:
            found = catalogue.find(made[0], canary)
            where = [number for number, text in enumerate(contents) if found.row["email"].encode() in text]
            assert where == [one.number]
            assert found.recipient == one.recipient
        for canary, other in one.pairs:
            found = catalogue.find(made[0], canary)
            where = [number for number, text in enumerate(contents) if found.row["email"].encode() in text]
            assert where == sorted((one.number, other))
        assert one.files == (("list.csv", hashlib.sha256(contents[one.number]).hexdigest()),)


def test_the_ledger_has_it_and_verifies(made: tuple[Home, IssuedFolder]) -> None:
    home, issued = made
    LogSealer(home).seal_once()
    assert verify(home).canaries == issued.plan.rows
    (edition,) = editions(home)
    assert edition.said["source_sha256"] == hashlib.sha256(SOURCE).hexdigest()
    assert [one.recipient for one in edition.copies] == NAMES


def test_it_is_committed_to_before_there_is_a_copy(tmp_path: Path) -> None:
    home = installation(tmp_path / "home")
    (tmp_path / "page.html").write_bytes(b"<html><body>plan</body></html>")
    (tmp_path / "out").mkdir()
    order = CopyOrder(tmp_path / "page.html", ["A", "B"], "plan")
    with pytest.raises(MintError, match="exists"):
        CopyIssuer(home, order).issue(tmp_path / "out", lambda: ())
    seen = []

    def witness() -> list[str]:
        seen.append((len(editions(home)[0].copies), (tmp_path / "new").exists()))
        return ["not there"]

    issued = CopyIssuer(home, order, chance=random.Random(1)).issue(tmp_path / "new", witness)
    assert seen == [(2, False)]
    assert issued.problems == ("not there",)
    assert copy(issued, 0) != copy(issued, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "new", "out", "page.html"]
    home.store.close()


def test_documents_are_marked_each_and_what_cannot_be_is_named(tmp_path: Path) -> None:
    home = installation(tmp_path / "home")
    source = tmp_path / "set"
    source.mkdir()
    (source / "a.html").write_bytes(b"<html><body>plan</body></html>")
    (source / "b.txt").write_bytes(b"text")
    issued = CopyIssuer(home, CopyOrder(source, ["A", "B", "C"], "set")).issue(tmp_path / "out", lambda: ())
    assert issued.unmarked == ("b.txt",)
    pages = {(issued.folder / folder / "a.html").read_bytes() for _, folder, _ in issued.copies}
    assert len(pages) == 3
    assert {(issued.folder / folder / "b.txt").read_bytes() for _, folder, _ in issued.copies} == {b"text"}
    (source / "a.html").write_bytes(b"no page")
    minted = len(list(catalogue.listing(home)))
    with pytest.raises(MintError, match="not a web page"):
        CopyIssuer(home, CopyOrder(source, ["A"], "set")).issue(tmp_path / "out2", lambda: ())
    assert len(list(catalogue.listing(home))) == minted
    with pytest.raises(MintError, match="one recipient each"):
        CopyIssuer(home, CopyOrder(source, ["A", "B"], "set", colluders=2))
    home.store.close()
