"""7z: every member is read, and an archive that is encrypted, damaged or too large is told."""

from __future__ import annotations

import io
import sys
from functools import partial

import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Member, Packed, Unreadable, seven_zip
from canaries.scan.containers.seven_zip import SevenZipContainer
from tests.dumped.making import seven_zip_of

PACKERS = {"7z": seven_zip_of}
TEXT = b"some text that is within " * 9
SMALL = seven_zip_of(TEXT)


def read(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    found, reasons = {}, []
    for one in SevenZipContainer().members(Packed(io.BytesIO(content))):
        if isinstance(one, Member):
            found[one.name] = b"".join(iter(partial(one.stream.read, 100), b""))
        else:
            reasons.append(one.reason)
    return found, reasons


@given(st.lists(st.binary(max_size=500), min_size=1, max_size=4))
def test_every_member_is_read(texts: list[bytes]) -> None:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for number, text in enumerate(texts):
            archive.writestr(text, f"folder/ä {number}")
    found, reasons = read(out.getvalue())
    names = found.pop("(names)").decode().split("\n")
    assert names == [f"folder/ä {number}" for number in range(len(texts))]
    assert found == {f"folder/ä {number}": text for number, text in enumerate(texts)}
    assert not reasons


@pytest.mark.parametrize("header", [False, True])
def test_an_encrypted_archive_is_named(header: bool) -> None:
    _, reasons = read(seven_zip_of(b"within" * 99, password="secret", header_encryption=header))
    assert reasons == ["an encrypted 7z archive"]


def test_an_archive_that_unpacks_to_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seven_zip, "MOST", 1 << 20)
    found, (reason,) = read(seven_zip_of(bytes((1 << 20) + 1)))
    assert "unpacks to more than" in reason
    assert sum(map(len, found.values())) < (1 << 20) + 100
    assert read(seven_zip_of(bytes(1 << 20)))[1] == []


@given(st.integers(0, len(SMALL) - 7), st.integers(0, 255))
def test_damage_is_told_and_survived(at: int, byte: int) -> None:
    packed = bytearray(SMALL)
    packed[6 + at] = byte
    found, reasons = read(bytes(packed))
    assert reasons or TEXT in found.values()


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_mark_are_survived(noise: bytes) -> None:
    read(SMALL[:6] + noise)


def test_what_is_cut_short_is_told() -> None:
    assert read(SMALL[:-20])[1]


def test_without_its_package_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py7zr", None)
    (result,) = SevenZipContainer().members(Packed(io.BytesIO(SMALL)))
    assert isinstance(result, Unreadable)
    assert "trapline[archives]" in result.reason
