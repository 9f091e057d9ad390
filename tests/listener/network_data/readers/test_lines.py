"""Lines: the same plain and gzipped, whatever is cut where, and a bound on each thing that may have none."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.network_data.readers import DataError, _lines
from listener.network_data.readers._lines import text_lines, unpacked_head


@given(
    lines=st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)),
    size=st.integers(1, 9),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_are_the_same_plain_and_gzipped_wherever_a_read_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], size: int
) -> None:
    monkeypatch.setattr(_lines, "_READ", size)
    content = "\n".join(lines).encode()
    expected = content.removeprefix(b"\xef\xbb\xbf").decode().split("\n") if content else []
    for raw in (content, gzip.compress(content)):
        (tmp_path / "x").write_bytes(raw)
        if size >= 3 or not content.startswith(b"\xef"):
            assert list(text_lines(tmp_path / "x")) == (expected[:-1] if expected[-1:] == [""] else expected)


def test_too_long_too_much_and_no_text_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    monkeypatch.setattr(_lines, "LONGEST", 100)
    monkeypatch.setattr(_lines, "LARGEST", 10_000)
    monkeypatch.setattr(_lines, "_READ", 1000)
    for content, said in (
        (b"y" * 1500, "a line of more than 100"),
        (b"y\n" * 9000, "larger than"),
        (gzip.compress(b"y\n" * 9_000_000), "larger than"),
        (b"\xff\n", "UnicodeDecodeError"),
        (gzip.compress(b"y\n" * 99)[:-9], "EOFError"),
        (gzip.compress(b"y\n")[:4] + b"rubbish", "BadGzipFile|EOFError|error"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=said):
            list(text_lines(path))
    with pytest.raises(DataError, match="FileNotFoundError"):
        list(text_lines(tmp_path / "none"))


def test_the_head_of_a_gzipped_file_is_unpacked_and_bounded() -> None:
    assert unpacked_head(b"abc", 2) == b"ab"
    assert unpacked_head(gzip.compress(b"z" * 10_000_000), 5) == b"zzzzz"
    assert unpacked_head(b"\x1f\x8brubbish", 5) == b""
