"""The filter file: it knows its strings and no others, is small, and gives none of them away."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from listener.hook.filter_file import HEAD_BYTES, Filter, FilterError, filter_bytes
from tests import steady

SALT = steady.key("salt", 64)


def opened(path: Path, *values: bytes) -> Filter:
    (path / "f").write_bytes(filter_bytes(values, salt=SALT))
    return Filter(path / "f")


def test_it_knows_what_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    known = opened(tmp_path, *(b"bait %d" % number for number in range(5000)))
    assert len(known) == 5000
    assert all(b"bait %d" % number in known for number in range(5000))
    assert not [number for number in range(20_000) if b"other %d" % number in known]


def test_an_empty_one_knows_nothing(tmp_path: Path) -> None:
    assert b"" not in opened(tmp_path)


def test_a_thief_reads_no_string_out_of_it_and_may_only_guess(tmp_path: Path) -> None:
    """What is in the file beside salt and count are hashes under that salt; another salt gives another file."""
    values = [b"jane.doe.kx81ab@harbour.example", b"sk_live_0123456789abcdef"]
    data = filter_bytes(values, salt=SALT)
    for value in values:
        for part in (value, value[:6], hashlib.sha256(value).digest()[:8]):
            assert part not in data
        assert hashlib.sha256(SALT + value).digest()[:8] in data
    assert filter_bytes(values)[HEAD_BYTES:] != filter_bytes(values)[HEAD_BYTES:]


def test_a_million_strings_take_less_than_thirty_megabytes() -> None:
    """By the format: 8 bytes a string, 2 to 4 of bits, one head."""
    size = len(filter_bytes((b"%d" % number for number in range(20_000)), salt=SALT))
    assert size == HEAD_BYTES + 65_536 + 8 * 20_000
    assert (size - HEAD_BYTES) * 50 < 30e6


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda _: b"x" * 9000,
        lambda _: b"",
        lambda _: b"[" * 9000,
        lambda data: b"[]" + data[2:],
    ],
)
def test_what_is_damaged_is_refused(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    (tmp_path / "f").write_bytes(spoil(filter_bytes([b"bait"], salt=SALT)))
    with pytest.raises(FilterError):
        Filter(tmp_path / "f")


def test_a_file_that_is_copied_over_harms_no_process(tmp_path: Path) -> None:
    """``cp`` empties a file before it writes: a mapping of it would end the application (SIGBUS)."""
    known = opened(tmp_path, b"bait")
    with (tmp_path / "f").open("r+b") as file:
        file.truncate(0)
    assert b"bait" in known
