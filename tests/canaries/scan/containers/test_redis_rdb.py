"""A dump of a real Redis: what LZF cut to pieces is put together."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers.redis_rdb import unpacked
from canaries.scan.dumps import Piece, read_pieces
from tests import steady
from tests.programs import needs

PACKERS: dict[str, object] = {}
NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4-and-more-than-32-letters-of-it"
VALUE = b'{"key": "' + NEEDLE + b'", "again": "' + b"word " * 40 + b'"}'


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[socket.socket]:
    """A connection to a server that writes its dump into the test's folder."""
    place = tmp_path / "s"
    settings = ["--port", "0", "--unixsocket", str(place), "--dir", str(tmp_path), "--save", ""]
    with subprocess.Popen(["redis-server", *settings], stdout=subprocess.DEVNULL) as server:
        try:
            steady.until(place.exists)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(steady.PATIENCE)
                connection.connect(str(place))
                yield connection
        finally:
            server.terminate()


def say(connection: socket.socket, *words: bytes) -> bytes:
    connection.sendall(
        b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(one), one) for one in words)
    )
    return connection.recv(1000)


@needs("redis-server")
def test_a_dump_of_a_real_server_is_read(redis: socket.socket, tmp_path: Path) -> None:
    assert say(redis, b"SET", b"session", VALUE) == b"+OK\r\n"
    assert say(redis, b"SAVE") == b"+OK\r\n"
    dump = tmp_path / "dump.rdb"
    assert NEEDLE not in dump.read_bytes()  # packed strings are cut after 32 bytes
    assert any(NEEDLE in one.content for one in read_pieces(dump) if isinstance(one, Piece))


@given(packed=st.binary(max_size=200), plain=st.integers(1, 400))
def test_any_bytes_unpack_to_what_they_say_or_to_nothing(packed: bytes, plain: int) -> None:
    assert len(unpacked(packed, plain)) in (0, plain)
