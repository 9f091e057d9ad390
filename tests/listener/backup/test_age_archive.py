"""The archive: what age and tar read, and nothing that was changed or cut short."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pyrage
import pytest

from canaries.core.errors import HomeError
from listener.backup import age_archive


def write(path: Path, recipient: str, members: dict[str, bytes]) -> bytes:
    keys = [age_archive.recipient(recipient)]
    with path.open("wb") as file, age_archive.writing(file, keys) as tar:
        for name, content in members.items():
            age_archive.add(tar, name, content)
    return path.read_bytes()


def read(path: Path, identity: Path) -> dict[str, bytes]:
    found = {}
    with age_archive.reading(path, age_archive.identities(identity)) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            found[member.name] = content.read()
    return found


MEMBERS = {"a": b"one", "b/c": bytes(300_000), "d": b""}


def test_what_was_written_is_read(tmp_path: Path, recipient: str, identity: Path) -> None:
    write(tmp_path / "x.age", recipient, MEMBERS)
    assert read(tmp_path / "x.age", identity) == MEMBERS


def test_age_and_tar_read_it(tmp_path: Path, recipient: str, identity: Path) -> None:
    """Foreign readers: another age implementation's whole-file function, and the system's tar."""
    content = write(tmp_path / "x.age", recipient, MEMBERS)
    plain = pyrage.decrypt(content, age_archive.identities(identity))
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert tar.getnames() == list(MEMBERS)
    done = subprocess.run(["tar", "-tf", "-"], input=plain, capture_output=True, check=True)
    assert done.stdout.decode().split() == list(MEMBERS)


@pytest.mark.parametrize("at", [0, 50, 200, 1_000, 70_000, -1])
def test_a_changed_byte_is_noticed(tmp_path: Path, recipient: str, identity: Path, at: int) -> None:
    content = bytearray(write(tmp_path / "x.age", recipient, MEMBERS))
    content[at] ^= 1
    (tmp_path / "x.age").write_bytes(content)
    with pytest.raises(HomeError, match="does not open"):
        read(tmp_path / "x.age", identity)


@pytest.mark.parametrize("kept", [0, 10, 200, 70_000, -1, -20_000])
def test_one_that_was_cut_short_is_noticed(tmp_path: Path, recipient: str, identity: Path, kept: int) -> None:
    content = write(tmp_path / "x.age", recipient, MEMBERS)
    (tmp_path / "x.age").write_bytes(content[:kept])
    with pytest.raises(HomeError, match="does not open"):
        read(tmp_path / "x.age", identity)


def test_another_identity_opens_nothing(tmp_path: Path, recipient: str) -> None:
    write(tmp_path / "x.age", recipient, MEMBERS)
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(HomeError, match="does not open"):
        read(tmp_path / "x.age", other)


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1", "ssh-ed25519 nothing"])
def test_what_is_no_recipient_is_one_sentence(text: str) -> None:
    with pytest.raises(HomeError, match="is no recipient"):
        age_archive.recipient(text)


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"\xff\xfe", b"-----BEGIN OPENSSH PRIVATE KEY-----\n"]
)
def test_what_is_no_identity_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "id").write_bytes(content)
    with pytest.raises(HomeError, match="is no age identity"):
        age_archive.identities(tmp_path / "id")


def test_a_disk_that_is_full_is_said_and_nothing_hangs(recipient: str) -> None:
    keys = [age_archive.recipient(recipient)]
    with (
        pytest.raises(HomeError, match="cannot be written"),
        Path("/dev/full").open("wb", buffering=0) as file,
        age_archive.writing(file, keys) as tar,
    ):
        age_archive.add(tar, "a", bytes(3 << 20))
