"""Patience: one sighting that cannot be taken costs no other its place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from canaries.core.errors import StoreAwayError
from canaries.installation.home import Home
from listener.evidence import sighting as sightings
from listener.evidence.sighting import Sighting
from listener.ingest.quarantine import FOLDER, Quarantine


def sighting(number: int) -> Sighting:
    return Sighting(
        id=f"{number:032x}", trap="http", observed_at=number, peer=("127.0.0.1", 1), local=("127.0.0.1", 2),
        transport="tcp", raw=b"very-secret", size=11, front="f", number=number, connection=1, clock={},
    )  # fmt: skip


class Intake:
    """Fails for some numbers, keeps the rest."""

    def __init__(self, poison: set[int], error: type[Exception] = ValueError) -> None:
        self.taken: list[int] = []
        self.offsets: list[int] = []
        self._poison, self._error = poison, error

    def ingest(self, batch: Sequence[Sighting], segment: str, offset: int | None) -> int:
        if self._poison & {one.number for one in batch}:
            raise self._error("no")
        self.taken += [one.number for one in batch]
        if offset is not None:
            self.offsets.append(offset)
        return len(batch)


@pytest.mark.parametrize("poison", [{0}, {9}, {3, 4}, set(range(10))])
def test_all_others_are_taken_in_order_and_the_offset_moves_once(home: Home, poison: set[int]) -> None:
    intake, said = Intake(poison), list[str]()
    taken = Quarantine(home, intake, said.append).ingest([sighting(n) for n in range(10)], "s", 77)
    assert intake.taken == [n for n in range(10) if n not in poison]
    assert taken == 10 - len(poison)
    assert intake.offsets == [77]
    assert len(said) == len(poison)


def test_what_fails_without_a_sighting_is_nobodys_fault_and_raised(home: Home) -> None:
    class Broken(Intake):
        def ingest(self, batch: Sequence[Sighting], segment: str, offset: int | None) -> int:
            raise ZeroDivisionError("the offset")

    with pytest.raises(ZeroDivisionError):
        Quarantine(home, Broken(set()), print).ingest([], "s", 5)
    assert not (home.path / FOLDER).exists()


def test_what_is_set_aside_is_sealed_and_whole(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    Quarantine(home, Intake({1}), print).ingest([sighting(1)], "s", 5)
    said = capsys.readouterr().err
    assert "ValueError" in said, "what failed is told"
    assert "very-secret" not in said
    (path,) = (home.path / FOLDER).iterdir()
    assert b"very-secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert sightings.decode(home.reader.open(path.read_bytes(), f"{1:032x}")) == [sighting(1)]


def test_a_database_that_is_away_makes_the_batch_wait(home: Home) -> None:
    intake = Intake({1}, StoreAwayError)
    with pytest.raises(StoreAwayError):
        Quarantine(home, intake, print).ingest([sighting(0), sighting(1)], "s", 5)
    assert intake.taken == []
    assert not (home.path / FOLDER).exists()
