"""The agent gives the key to its own user, until it is told to lock or its time is over; it leaves nothing behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.vault_lock import agent
from tests import steady

KEY = bytes(range(32))


def processes(home: Path) -> list[int]:
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"canaries.vault_lock.agent" in words and str(home).encode() in words:
            found.append(int(one.parent.name))
    return found


def test_it_gives_the_key_until_it_is_locked(tmp_path: Path) -> None:
    assert (agent.key(tmp_path), agent.until(tmp_path), agent.lock(tmp_path)) == (None, None, False)
    agent.start(tmp_path, KEY, 600)
    try:
        assert agent.key(tmp_path) == KEY
        assert 0 < (agent.until(tmp_path) or 0) - time.time() <= 601
        assert (tmp_path / agent.NAME).stat().st_mode & 0o777 == 0o600
        (process,) = processes(tmp_path)
        assert KEY.hex().encode() not in Path(f"/proc/{process}/cmdline").read_bytes()
        limits = Path(f"/proc/{process}/limits").read_text()
        assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]
        agent.start(tmp_path, bytes(32), 600)  # another takes its place
        assert agent.key(tmp_path) == bytes(32)
        steady.until(lambda: len(processes(tmp_path)) == 1)
        assert agent._asked(tmp_path, b"anything else") == ""
    finally:
        assert agent.lock(tmp_path)
    assert agent.key(tmp_path) is None
    steady.until(lambda: not processes(tmp_path))
    assert not (tmp_path / agent.NAME).exists()


def test_it_ends_by_itself(tmp_path: Path) -> None:
    agent.start(tmp_path, KEY, 1)
    steady.until(lambda: not processes(tmp_path))
    assert agent.key(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_socket_that_nobody_serves_is_a_locked_vault(tmp_path: Path) -> None:
    from canaries.core.unix_sockets import listening

    listening(tmp_path, agent.NAME, 1).close()
    assert agent.key(tmp_path) is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    missing = tmp_path / "no"
    with pytest.raises(HomeError, match="did not start"):
        agent.start(missing, KEY, 60)
    assert os.listdir(tmp_path) == []  # noqa: PTH208
