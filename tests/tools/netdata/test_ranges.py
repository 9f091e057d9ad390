"""Range algebra against the plain definition, address by address; nothing that was claimed is lost, reserved space
is nobody's."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from listener.net.addresses import scope
from tools.netdata.ranges import RESERVED, Claim, joined, layered, merged, parse, without

SPANS = st.lists(st.tuples(st.integers(0, 63), st.integers(0, 8), st.sampled_from("abc")), max_size=8)
NETWORKS = st.lists(st.tuples(st.integers(0, 63), st.integers(26, 32), st.sampled_from("abcd")), max_size=12)


def disjoint(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for first, length, value in sorted(spans):
        if not found or first > found[-1][1]:
            found.append((first, first + length, value))
    return found


def at(ranges: list[tuple[int, int, object]], number: int) -> object:
    return next((value for first, last, value in ranges if first <= number <= last), None)


@given(NETWORKS)
def test_every_claim_about_an_address_is_kept_narrowest_first(networks: list[tuple[int, int, str]]) -> None:
    claims = [Claim(ip_network((number, length), strict=False), value) for number, length, value in networks]
    found = layered(claims, 4)
    for number in range(80):
        address = ip_address(number)
        around = [claim for claim in claims if address in claim.network]
        around.sort(key=lambda claim: (-claim.network.prefixlen, claim.value))
        expected = tuple(dict.fromkeys(claim.value for claim in around))
        assert (at(list(found), number) or ()) == expected
    assert layered(list(reversed(claims)), 4) == found, "the order of the lists does not matter"
    assert layered(claims, 6) == []


@given(SPANS, SPANS)
def test_joining(left: list[tuple[int, int, str]], right: list[tuple[int, int, str]]) -> None:
    a, b = disjoint(left), disjoint(right)
    found = joined(a, b)
    for number in range(80):
        here, there = at(list(a), number), at(list(b), number)
        assert at(list(found), number) == ((here, there) if here or there else None)
    assert found == sorted(found, key=lambda item: item[0])


@given(SPANS)
def test_merging_changes_no_answer(spans: list[tuple[int, int, str]]) -> None:
    before = disjoint(spans)
    after = merged(before)
    assert [at(list(after), number) for number in range(80)] == [
        at(list(before), number) for number in range(80)
    ]
    assert all(one[1] + 1 < two[0] or one[2] != two[2] for one, two in pairwise(after))


@given(SPANS, st.lists(st.sampled_from(["0.0.0.0/30", "0.0.0.8/29", "0.0.0.32/28", "0.0.0.33/32"])))
def test_cutting_holes(spans: list[tuple[int, int, str]], holes: list[str]) -> None:
    before = disjoint(spans)
    after = without(before, holes)
    for number in range(80):
        cut = any(ip_address(number) in ip_network(hole) for hole in holes)
        assert at(list(after), number) == (None if cut else at(list(before), number))


def test_reserved_space_is_what_the_listener_calls_not_global() -> None:
    for texts in RESERVED.values():
        for text in texts:
            network = ip_network(text)
            for number in (int(network.network_address), int(network.broadcast_address)):
                assert (
                    scope(
                        ip_address(number) if network.version == 4 else type(network.network_address)(number)
                    )
                    != "global"
                ), text


def test_a_mapped_network_is_a_v4_one() -> None:
    assert parse("::ffff:1.2.3.0/120") == ip_network("1.2.3.0/24")
    assert parse(" 1.2.3.4 ") == ip_network("1.2.3.4/32")
