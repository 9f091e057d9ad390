"""RFC 9162's tree: the published reference roots, every proof of every small tree, and tampering."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.ledger.merkle import (
    EMPTY,
    Frontier,
    InclusionPaths,
    ProofError,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The test vectors of the Certificate Transparency reference implementation (its merkletree tests).
ENTRIES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 70  # past 64: a whole level more than any smaller tree


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(index.to_bytes(4, "big")) for index in range(count)]


def definition(hashes: list[bytes]) -> bytes:
    """MTH word for word as RFC 9162, 2.1.1 writes it."""
    if not hashes:
        return EMPTY
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(definition(hashes[:split]), definition(hashes[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_eight_reference_roots(size: int) -> None:
    hashes = [leaf_hash(entry) for entry in ENTRIES[:size]]
    frontier = Frontier()
    for value in hashes:
        frontier.append(value)
    assert Tree(hashes).root().hex() == ROOTS[size - 1]
    assert frontier.root().hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert Tree().root() == Frontier().root() == EMPTY


def test_roots_at_every_size_follow_the_definition() -> None:
    hashes = leaves(MOST)
    tree, frontier = Tree(hashes), Frontier()
    for size in range(MOST + 1):
        assert tree.root(size) == frontier.root() == definition(hashes[:size])
        assert len(frontier) == size
        if size < MOST:
            frontier.append(hashes[size])


def test_every_inclusion_proof_leads_to_its_root_and_to_no_other_place() -> None:
    hashes = leaves(MOST)
    tree = Tree(hashes)
    for size in range(1, MOST + 1):
        root = tree.root(size)
        for index in range(size):
            path = tree.inclusion(index, size)
            verify_inclusion(hashes[index], index, size, path, root)
            with pytest.raises(ProofError):
                verify_inclusion(hashes[index], (index + 1) % size if size > 1 else 1, size, path, root)


def test_a_proof_serves_no_smaller_tree() -> None:
    """A leaf on the right, said to be the only one: the step that is left over would lead to the root."""
    first, second = leaves(2)
    with pytest.raises(ProofError, match="too long"):
        verify_inclusion(second, 0, 1, [first], Tree([first, second]).root(2))


def test_every_consistency_proof_joins_its_two_roots() -> None:
    tree = Tree(leaves(MOST))
    for size in range(1, MOST + 1):
        for first in range(1, size + 1):
            path = tree.consistency(first, size)
            verify_consistency(first, size, tree.root(first), tree.root(size), path)
            with pytest.raises(ProofError):
                verify_consistency(first, size, EMPTY, tree.root(size), path)


def test_the_shortest_consistency_proof_is_the_rfc_one() -> None:
    """(4, 7): one hash, the right subtree; a known library makes four of it."""
    tree = Tree(leaves(7))
    assert tree.consistency(4, 7) == [definition(leaves(7)[4:])]


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(2, 300))
    return draw(st.integers(0, size - 1)), size


@given(places(), st.data())
def test_a_tampered_inclusion_proof_is_refused(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    tree = Tree(leaves(size))
    path = tree.inclusion(index, size)
    changed = data.draw(tampered(path))
    with pytest.raises(ProofError):
        verify_inclusion(leaves(size)[index], index, size, changed, tree.root())


@given(places(), st.data())
def test_a_tampered_consistency_proof_is_refused(place: tuple[int, int], data: st.DataObject) -> None:
    first, size = place[0] + 1, place[1] + 1
    tree = Tree(leaves(size))
    changed = data.draw(tampered(tree.consistency(first, size)))
    with pytest.raises(ProofError):
        verify_consistency(first, size, tree.root(first), tree.root(), changed)


def tampered(path: list[bytes]) -> st.SearchStrategy[list[bytes]]:
    """The path with one bit flipped, one step dropped, doubled or added, or two steps swapped."""
    place = st.integers(0, len(path) - 1)

    def flip(where: tuple[int, int]) -> list[bytes]:
        step = bytearray(path[where[0]])
        step[where[1] // 8] ^= 1 << where[1] % 8
        return [*path[: where[0]], bytes(step), *path[where[0] + 1 :]]

    ways = [
        st.tuples(place, st.integers(0, 255)).map(flip),
        place.map(lambda at: path[:at] + path[at + 1 :]),
        place.map(lambda at: path[: at + 1] + path[at:]),
        st.binary(min_size=32, max_size=32).map(lambda step: [*path, step]),
    ]
    if len(path) > 1:
        ways.append(st.integers(1, len(path) - 1).map(lambda at: path[at:] + path[:at]))
    return st.one_of(ways)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, 9)])
def test_proofs_for_what_is_not_there_are_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        Tree(leaves(8)).inclusion(index, size)


def test_sizes_outside_the_tree_are_refused() -> None:
    tree = Tree(leaves(4))
    with pytest.raises(ValueError, match="size 5"):
        tree.root(5)
    with pytest.raises(ValueError, match="no proof"):
        tree.consistency(0, 4)
    with pytest.raises(ProofError):
        verify_consistency(3, 2, EMPTY, EMPTY, [])
    with pytest.raises(ProofError):
        verify_consistency(2, 2, leaves(1)[0], EMPTY, [])


@pytest.mark.parametrize("size", [*range(1, MOST), 200])
def test_many_paths_at_once_are_those_of_the_tree(size: int) -> None:
    hashes = leaves(size)
    tree, paths = Tree(hashes), InclusionPaths(b"".join(hashes))
    for index in (*range(size), 0, size - 1):
        assert list(map(bytes.fromhex, paths.path(index))) == tree.inclusion(index)
