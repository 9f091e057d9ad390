"""What many share is compared only where it has company; that loses nothing which could count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan import matching
from canaries.scan.dumps import Piece
from canaries.scan.index import ScanIndex
from canaries.scan.presence import Presence
from canaries.scan.search import search
from canaries.scan.spellings import PersonWord, Spelling

BORN, CITY, NAME, PHONE = b"1980-01-02", b"lindenau", b"anna berg", b"4155550134"


def person(*, words: bool = False) -> list[Spelling | PersonWord]:
    marks = (BORN, "birth_date"), (CITY, "city"), (NAME, "name"), (PHONE, "phone")
    found: list[Spelling | PersonWord] = [
        Spelling(text, "plain", facet, folds=True, weak=True) for text, facet in marks
    ]
    if words:
        found += [PersonWord(b"anna", "first_name", 0), PersonWord(b"berg", "last_name", 0)]
        found += [PersonWord(b"bad", "city", 0), PersonWord(b"aue", "city", 0)]
    return found


def index(*people: list[Spelling | PersonWord]) -> ScanIndex:
    made = ScanIndex(bytes(32))
    made.add([(f"{number:016x}", some) for number, some in enumerate(people)])
    return made


def found(made: ScanIndex, content: bytes) -> list[tuple[int, str]]:
    piece = Piece("dump", content, 0, 1, 0, Presence(content))
    return sorted((place, match.facet) for place, match in matching.matches(made, piece))


def test_a_date_in_each_row_is_not_compared() -> None:
    assert found(index(person()), b"x,1980-01-02,y\n" * 100) == []
    assert found(index(person()), b"4155550134") == [(0, "phone")]
    assert found(index(person()), b"anna berg 1980-01-02") == [(0, "name"), (10, "birth_date")]


def test_company_in_another_view_counts() -> None:
    """The name stands there in an entity, the number between tags."""
    content = b"<p>Anna&#32;Berg</p> <b>415</b>555<b>0134</b> 1980-01-02"
    assert {facet for _, facet in found(index(person()), content)} == {"name", "phone", "birth_date"}


@pytest.mark.parametrize(
    ("row", "facets"),
    [
        (b"4155550134,Anna,Dr,Berg", {"phone", "name"}),
        (b"4155550134,Anna,Dr,Bergmann", {"phone"}),
        (b"4155550134,Anna,Dr,Berg,Bad Aue", {"phone", "name", "city"}),
        (b"4155550134,Anna,Aue", {"phone"}),
        (b"1980-01-02,Anna,Dr,Berg,lindenau", {"birth_date", "city", "name"}),
        (b"1980-01-02,Anna,Dr,Berg,Bad Aue", set()),  # a date alone is not worth a look at its row
        (b"1980-01-02,Anna Berg,Bad Aue", {"birth_date", "city", "name"}),
    ],
)
def test_words_of_the_row_count(row: bytes, facets: set[str]) -> None:
    assert {facet for _, facet in found(index(person(words=True)), row)} == facets


@given(st.lists(st.sampled_from([BORN, CITY, NAME, PHONE, b"." * 100, b"." * 1200]), max_size=20))
def test_what_is_left_out_could_not_have_counted(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    content, made = b"|".join(parts), index(person())
    (path := tmp_path_factory.mktemp("dump") / "dump").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        fast = list(search(made, [path]))
        patch.setattr(matching, "light", lambda facet: False)
        assert list(search(made, [path])) == fast
