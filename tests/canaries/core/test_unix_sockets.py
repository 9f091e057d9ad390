"""A socket in a folder with a long path, private, in place of what had its name."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from canaries.core.unix_sockets import address_of, listening


def test_in_a_folder_with_a_long_path(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)
    folder.mkdir(parents=True)
    listening(folder, "x.sock", 1).close()
    with listening(folder, "x.sock", 1) as server, socket.socket(socket.AF_UNIX) as client:
        assert (folder / "x.sock").stat().st_mode & 0o777 == 0o600
        with address_of(folder, "x.sock") as address:
            client.connect(address)
        with server.accept()[0] as accepted:
            client.sendall(b"x")
            assert accepted.recv(1) == b"x"
    assert [one.name for one in folder.iterdir()] == ["x.sock"]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        listening(tmp_path / "no", "x.sock", 1)
