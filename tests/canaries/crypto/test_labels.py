from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.labels import CanaryLabel, OpenedLabels, open_label, open_place, seal_label, seal_place
from canaries.crypto.sealed_box import Locker

LOCKER = Locker(bytes(32))
ID = "ab" * 8
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXT, TEXT, TEXT, st.lists(TEXT, max_size=4))
def test_a_label_comes_back_as_it_was(memo: str, recipient: str, owner: str, tags: list[str]) -> None:
    label = CanaryLabel(memo=memo, recipient=recipient, owner=owner, tags=tuple(tags))
    assert open_label(LOCKER, ID, seal_label(LOCKER, ID, label)) == label


def test_a_label_of_release_0_1_is_the_memo_alone() -> None:
    sealed = LOCKER.seal("Café".encode(), ID.encode())
    assert open_label(LOCKER, ID, sealed) == CanaryLabel(memo="Café")


def test_what_does_not_open_is_an_empty_label() -> None:
    sealed = seal_label(LOCKER, ID, CanaryLabel(memo="x"))
    for box in (None, b"", b"rubbish", sealed[:-1], LOCKER.seal(b"\0{", ID.encode())):
        assert open_label(LOCKER, ID, box) == CanaryLabel()
    assert open_label(LOCKER, "cd" * 8, sealed) == CanaryLabel()


def test_a_reader_opens_as_many_and_tells_canaries_and_changed_labels_apart() -> None:
    reader = OpenedLabels(bytes(32))
    first, second = (seal_label(LOCKER, ID, CanaryLabel(memo=memo)) for memo in "ab")
    for _ in range(2):
        assert [reader.open(ID, box).memo for box in (first, second, None)] == ["a", "b", ""]
        assert reader.open("cd" * 8, first) == CanaryLabel()


def test_a_place_belongs_to_its_placement() -> None:
    sealed = seal_place(LOCKER, ID, "/srv/\udcff/.env")
    assert open_place(LOCKER, ID, sealed).startswith("/srv/")
    assert open_place(LOCKER, "cd" * 8, sealed) == open_place(LOCKER, ID, None) == ""
