"""An operator's own key: ssh-keygen's or a file with a passphrase; and who must sign."""

from __future__ import annotations

import getpass
import subprocess
from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.installation import operator_key
from canaries.installation.home import Home
from canaries.ledger.statements import NAMESPACE
from tests.operators import acting, enrol, key_of
from tests.programs import needs

PASSPHRASE = "four words of mine"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator_key, "_SCRYPT_N", 1 << 4)


def test_a_key_file_opens_with_its_passphrase_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "carol.key"
    public = operator_key.create(path, PASSPHRASE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert operator_key.read_public(path) == public
    monkeypatch.setattr(getpass, "getpass", lambda _: PASSPHRASE)
    key = operator_key.load(path)
    public.verify(key.sign(b"words", NAMESPACE), b"words", NAMESPACE)
    with pytest.raises(HomeError, match="does not open"):
        operator_key.unlock(path, PASSPHRASE + "!")
    with pytest.raises(HomeError, match="already there"):
        operator_key.create(path, PASSPHRASE)
    assert key._key.private_bytes_raw().hex() not in path.read_text()  # type: ignore[attr-defined]


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="at least"):
        operator_key.create(tmp_path / "key", "short")


@needs("ssh-keygen")
def test_an_ssh_key_signs_through_ssh_keygen(tmp_path: Path) -> None:
    path = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    key = operator_key.load(path)
    key.public.verify(key.sign(b"words", NAMESPACE), b"words", NAMESPACE)
    path.unlink()
    with pytest.raises(HomeError, match="does not sign"):
        key.sign(b"words", NAMESPACE)


@pytest.mark.parametrize(
    "content",
    [b"", b"rubbish", b"\xff\xfe", b'{"format": "trapline-operator-key-v1"}', b"[" * 100_000],
    ids=["empty", "rubbish", "no text", "no key", "deep"],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key.pub").write_bytes(content)
    with pytest.raises(HomeError):
        operator_key.read_public(tmp_path / "key.pub")
    with pytest.raises(HomeError):
        operator_key.unlock(tmp_path / "key.pub", PASSPHRASE)
    with pytest.raises(HomeError):
        operator_key.read_public(tmp_path / "nothing")


def test_whoever_is_enrolled_signs(home: Home) -> None:
    enrol(home, "alice")
    with acting(home, "alice", signs=False), pytest.raises(HomeError, match="no key is given"):
        home.act("noted", {})
    with acting(home, "bob"), pytest.raises(HomeError, match="no key enrolled"):
        home.act("noted", {})
    with acting(home, "bob", signs=False):
        assert b'"signed"' not in home.act("noted", {}).parts[-1]
    with acting(home, "alice"):
        assert b'"signed"' in home.act("noted", {}).parts[-1]
        home.__dict__["operator_key"] = key_of("bob")
        with pytest.raises(HomeError, match="not the one"):
            home.act("noted", {})
