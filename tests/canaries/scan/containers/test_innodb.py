"""Columns that MariaDB packed are read in the files of its tables and in its redo log."""

from __future__ import annotations

import base64
import io
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Member, Packed, Unreadable
from canaries.scan.containers.innodb import InnodbContainer

_WRITTEN = base64.b64decode(
    "igJwzc85DoNAEETRq/QJrCmDNznhKkhUgDyA5SHg+EQswT+A069Wq16ZBsc0OhS5/7hEP7+jbPFKsaJYU7xRvFN8UHye4mh32SklNW32by4XL+3wzT7O"
    "E/34c9YeXzieSWgSooQqIUvoEsKEMiFNZ9sK"
)
"""As MariaDB 10.11 wrote a text of 624 bytes."""


def value(data: bytes) -> bytes:
    """With its length in as many bytes as it needs."""
    size = (len(data).bit_length() + 7) // 8
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return bytes([0x88 | size]) + len(data).to_bytes(size, "big") + packer.compress(data) + packer.flush()


def table(*values: bytes, at: int = 0, page: int = 16_384, flags: int = 0) -> bytes:
    """A data file with these in its second page and behind it."""
    space = (5).to_bytes(4, "big")
    head = bytes(4) + bytes(4) + b"\xff" * 8 + bytes(8) + b"\0\x08" + bytes(8) + space + space
    head = head.ljust(54, b"\0") + flags.to_bytes(4, "big")
    content = head.ljust(page + 120 + at, b"\0") + b"\0\x11".join(values)
    return content + bytes(-len(content) % page)


def log(data: bytes) -> bytes:
    return b"Phys".ljust(512, b"\0") + b"\x35\0" + data + bytes(9)


def read(content: bytes) -> tuple[bytes, list[Unreadable]]:
    results = list(InnodbContainer().members(Packed(io.BytesIO(content))))
    found = [one.stream.read() for one in results if isinstance(one, Member)]
    return b"\n".join(found), [one for one in results if isinstance(one, Unreadable)]


PACKERS: dict[str, object] = {}


def test_as_the_server_wrote_it() -> None:
    for content in (table(_WRITTEN), log(_WRITTEN)):
        found, unread = read(content)
        assert len(found) == 624
        assert found.startswith(b"some one 1 likes it; ")
        assert not unread


@given(st.lists(st.binary(min_size=32, max_size=700), max_size=6))
def test_every_value_is_read(values: list[bytes]) -> None:
    found, _ = read(table(*map(value, values)))
    assert all(one in found for one in values)


def test_a_value_over_several_pages_is_read_as_far_as_the_first_and_named() -> None:
    chance = random.Random(7)
    words = b" ".join(b"%06x" % chance.randrange(1 << 24) for _ in range(4000))
    content = bytearray(table(value(words), at=10_000))
    assert len(content) == 3 * 16_384
    content[2 * 16_384 - 8 : 2 * 16_384 + 46] = bytes(54)  # the end of a page, the head of the next
    found, (unread,) = read(bytes(content))
    assert words.startswith(found)
    assert len(found) > 1000
    assert "1 compressed values" in unread.reason


@pytest.mark.parametrize(
    ("flags", "page"),
    # as MariaDB 10.11 wrote them: by default, with innodb_page_size, with innodb_checksum_algorithm=crc32
    [(0x15, 16_384), (0x13, 4096), (0x17, 65_536), (0x21, 16_384), (0x1A1, 32_768), (0x127, 4096)],
)
def test_a_page_is_as_large_as_the_flags_say(flags: int, page: int) -> None:
    chance = random.Random(7)
    words = b" ".join(b"%06x" % chance.randrange(1 << 24) for _ in range(page // 8))
    packed = value(words)
    assert page // 4 < len(packed) < page - 300
    found, unread = read(table(packed, at=page - 200 - len(packed), page=page, flags=flags))
    assert (found, unread) == (words, [])
    found, unread = read(table(packed, at=page - 120 - len(packed) // 2, page=page, flags=flags))
    assert words.startswith(found)
    assert len(unread) == 1  # it goes on in another page, wherever that is


def packed(*pages: tuple[int, int, bytes]) -> bytes:
    """A table with ``ROW_FORMAT=COMPRESSED`` and pages of 4096 bytes: type, number of the next, and what is behind the
    page's head of 38 bytes."""
    content = table(page=4096, flags=0x27)[:4096]
    for sort, following, body in pages:
        head = bytes(12) + following.to_bytes(4, "big") + bytes(8) + sort.to_bytes(2, "big")
        content += (head.ljust(38, b"\0") + body).ljust(4096, b"\0")
    return content


def test_values_in_pages_that_are_packed_once_more_are_read() -> None:
    """The laws below hold for what MariaDB 10.11 writes with KEY_BLOCK_SIZE=1, 4 and 8 as well."""
    words = [b"one likes the house " * 20 + b"%06d" % number for number in range(9)]
    rows = zlib.compress(b"".join(b"\0\x11" + value(one) for one in words[1:]))
    found, unread = read(packed((0x45BF, 0xFFFFFFFF, bytes(56) + rows + value(words[0]))))
    assert all(one in found for one in words)
    assert not unread


def test_a_long_value_is_read_over_all_of_its_pages() -> None:
    chance = random.Random(7)
    words = b" ".join(b"%06x" % chance.randrange(1 << 24) for _ in range(4000))
    stream, size = zlib.compress(value(words), 1), 4096 - 38
    parts = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert len(parts) > 3
    # not in the order of the file
    order = [1, *range(len(parts), 1, -1)]
    pages = {
        number: (0x0B if at == 0 else 0x0C, order[at + 1] if at + 1 < len(order) else 0xFFFFFFFF, parts[at])
        for at, number in enumerate(order)
    }
    found, unread = read(packed(*(pages[number] for number in sorted(pages))))
    assert (found, unread) == (words, [])


def test_pages_that_lead_in_a_circle_come_to_an_end() -> None:
    stream = zlib.compress(random.Random(7).randbytes(9000), 0)
    read(packed((0x0B, 2, stream[:4058]), (0x0C, 1, bytes(4058))))
    read(packed((0x0B, 1, stream[:4058]), (0x0B, 1, stream[:4058])))


@given(st.binary(max_size=3000))
def test_any_bytes_are_survived(noise: bytes) -> None:
    read(table(noise))
    read(log(noise))
    read(packed((0x45BF, 0, noise), (0x0B, 2, noise)))


def test_a_file_that_is_cut_short_is_named() -> None:
    assert [one.reason for one in read(table(value(bytes(400)))[:-300])[1]] == ["its last page is cut short"]


def test_what_only_begins_with_zeros_is_none() -> None:
    assert not InnodbContainer().fits(bytes(1024))
    assert not InnodbContainer().fits(b"Physics, a text".ljust(1024))
