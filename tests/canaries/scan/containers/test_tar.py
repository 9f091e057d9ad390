"""tar, in the forms that programs write."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

from canaries.scan.dumps import Piece, read_pieces


def _tar(data: bytes, form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, content in (("a/first.txt", b"first\n"), ("a/second.sql", data)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


PACKERS = {
    "tar": _tar,
    "tar, GNU": lambda data: _tar(data, tarfile.GNU_FORMAT),
    "tar.gz": lambda data: gzip.compress(_tar(data)),
}


def test_it_is_known_by_its_beginning() -> None:
    from canaries.scan.containers.tar import TarContainer

    assert all(TarContainer().fits(_tar(b"x", form)) for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT))
    assert not TarContainer().fits(b"a/first.txt")


def test_members_of_a_sort_that_is_not_known_are_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        info = tarfile.TarInfo("list")
        info.type, info.size = b"A", 2000
        archive.addfile(info, io.BytesIO(b"needle".rjust(2000)))
    pieces = [one for one in read_pieces(tmp_path / "a.tar") if isinstance(one, Piece)]
    assert [one.content[-6:] for one in pieces if one.path.endswith("!list")] == [b"needle"]
