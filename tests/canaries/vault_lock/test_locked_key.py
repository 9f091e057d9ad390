"""Only what locked it opens it; fewer shares and any changed byte do not; any file is read or refused in a sentence."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import HomeError
from canaries.vault_lock import locked_key
from canaries.vault_lock.locked_key import FILE, LockedKey, WrongSecretError, with_passphrase, with_shares
from tests.every import every

KEY = bytes(range(32))
WORDS = "five words drawn by dice"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked_key, "COST", {"time": 1, "memory": 64, "lanes": 1})


def again(made: LockedKey, folder: Path) -> LockedKey:
    (folder / FILE).write_bytes(made.written())
    return LockedKey.read(folder)


def test_a_passphrase(tmp_path: Path) -> None:
    found = again(with_passphrase(KEY, WORDS), tmp_path)
    assert found.by_passphrase(WORDS) == KEY
    for wrong in ("", WORDS + " ", WORDS.upper()):
        with pytest.raises(WrongSecretError):
            found.by_passphrase(wrong)
    with pytest.raises(WrongSecretError):
        found.by_shares(["x"])
    with pytest.raises(HomeError, match="12 characters"):
        with_passphrase(KEY, "eleven char")
    assert KEY.hex() not in (tmp_path / FILE).read_text()


@every("of", [(2, 2), (2, 3), (3, 5), (16, 16)])
def test_shares(of: tuple[int, int], tmp_path: Path) -> None:
    made, shares = with_shares(KEY, *of)
    found = again(made, tmp_path)
    assert found.shares == of
    assert len(set(shares)) == of[1]
    for some in (shares[: of[0]], shares[-of[0] :]):
        assert found.by_shares([f"  {one.upper()} \n" for one in some]) == KEY
    _, others = with_shares(KEY, *of)
    for wrong in (shares[: of[0] - 1], [shares[0]] * of[0], [*shares[: of[0] - 1], others[0]], ["x"], []):
        with pytest.raises(WrongSecretError):
            found.by_shares(wrong)


@every("of", [(1, 1), (1, 2), (3, 2), (2, 17), (0, 0), (-2, 3)])
def test_no_such_shares(of: tuple[int, int]) -> None:
    with pytest.raises(HomeError):
        with_shares(KEY, *of)


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    said = json.loads(with_passphrase(KEY, WORDS).written())

    def opens(**changes: Any) -> bool:
        (tmp_path / FILE).write_text(json.dumps({**said, **changes}))
        try:
            return LockedKey.read(tmp_path).by_passphrase(WORDS) == KEY
        except HomeError:
            return False

    assert opens()
    for name in ("salt", "wrapped"):
        changed = bytearray(base64.b64decode(said["passphrase"][name]))
        changed[-1] ^= 1
        assert not opens(passphrase={**said["passphrase"], name: base64.b64encode(changed).decode()})
    for place in range(0, len(said["sealed"]) - 2, 7):
        other = "A" if said["sealed"][place] != "A" else "B"
        assert not opens(sealed=said["sealed"][:place] + other + said["sealed"][place + 1 :])
    assert not opens(passphrase={**said["passphrase"], "memory": 1 << 30})
    assert not opens(passphrase={**said["passphrase"], "time": 2})


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda one: (
        st.lists(one)
        | st.dictionaries(
            st.sampled_from(["sealed", "passphrase", "shares", "needed", "of", "salt", "time"]), one
        )
    ),
)


@given(st.binary() | JSON)
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: Any) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / FILE).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with contextlib.suppress(HomeError):
        LockedKey.read(folder)
