"""A session of vsftpd: every answer of a recorded one is in tests/beside; here is what hostile names make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.vsftpd import VsftpdSession


def session(user: str = "ann") -> VsftpdSession:
    return VsftpdSession(user, peer="192.0.2.7", version="3.0.3", secure=False)


def test_it_knows_its_folder_its_mode_and_who_it_is() -> None:
    one = session()
    assert one.answer(b"PWD", b"") == b'257 "/home/ann" is the current directory'
    assert one.answer(b"CWD", b"/etc") == b"550 Failed to change directory."
    assert one.answer(b"CWD", b"/") == b"250 Directory successfully changed."
    assert one.answer(b"PWD", b"") == b'257 "/" is the current directory'
    assert one.answer(b"TYPE", b"I") == b"200 Switching to Binary mode."
    status = one.answer(b"STAT", b"")
    assert b"Connected to 192.0.2.7" in status
    assert b"TYPE: Binary" in status
    assert b"vsFTPd 3.0.3" in status


@pytest.mark.parametrize("verb", [b"PASV", b"EPSV", b"PORT", b"EPRT"])
def test_no_connection_is_opened_to_anywhere(verb: bytes) -> None:
    assert session().answer(verb, b"10,0,0,1,0,22") == b"550 Permission denied."


@given(st.text(max_size=100), st.binary(max_size=10), st.binary(max_size=30))
def test_nothing_hostile_breaks_it_or_a_line(user: str, verb: bytes, rest: bytes) -> None:
    one = session(user)
    for asked in (verb, b"PWD", b"STAT", b"REST", b"USER", b"TYPE"):
        said = one.answer(asked, rest)
        assert said[:3].isdigit()
        assert all(byte == 13 or byte == 10 or 32 <= byte < 127 for byte in said)
