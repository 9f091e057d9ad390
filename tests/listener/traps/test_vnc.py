"""VNC: the conversation in bytes, cut anywhere, and a real viewer against a real listener."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps.vnc import VncConversation
from tests import steady
from tests.programs import needs

FIRST = [b"RFB 003.008\n"]
"""What clients send first."""

RESPONSE = bytes(range(16))
FLOODS = [[b"RFB 003.008\n", b"\x02", *(b"x" for _ in range(15))]]
"""In crumbs: a server that lets nobody in takes no more."""
CUT_OFF = [[b"RFB 003.008\n", b"\x02", bytes(100_000)], [b"RFB 003.008\n", b"\x09"]]
"""More than a response, and a security type that was not offered."""


def talk(*said: bytes, key: bytes = b"k" * 32, number: int = 1) -> list[Step]:
    conversation = VncConversation(Identity(key), number)
    return [*conversation.greet(), *(step for data in said for step in conversation.feed(data))]


def challenge(number: int = 1, key: bytes = b"k" * 32) -> bytes:
    say = talk(b"RFB 003.008\n\x02", key=key, number=number)[-1]
    assert isinstance(say, Send)
    return say.data


def test_challenge_and_response_are_noted_before_the_refusal() -> None:
    greeting, version, types, asked, login, refusal, close = talk(b"RFB 003.008\n\x02" + RESPONSE)
    assert (greeting, types, asked) == (Send(b"RFB 003.008\n"), Send(b"\x01\x02"), Send(challenge()))
    assert version == Record("version", {"client": "RFB 003.008"})
    assert login == Record(
        "login", {"client": "RFB 003.008", "challenge": challenge().hex(), "response": RESPONSE.hex()}
    )
    assert isinstance(refusal, Send)
    assert refusal.data[:4] == b"\0\0\0\x01"
    assert int.from_bytes(refusal.data[4:8], "big") == len(refusal.data) - 8
    assert close == Close()


def test_version_3_3_is_not_asked_and_3_7_gets_no_reason() -> None:
    steps = talk(b"RFB 003.003\n", RESPONSE)
    assert steps[2:4] == [Send(b"\0\0\0\x02"), Send(challenge())]
    assert steps[-2:] == [Send(b"\0\0\0\x01"), Close()]
    assert talk(b"RFB 003.007\n\x02", RESPONSE)[-2:] == [Send(b"\0\0\0\x01"), Close()]


def test_versions_that_never_were_count_as_3_3() -> None:
    assert talk(b"RFB 003.005\n")[2] == Send(b"\0\0\0\x02")
    assert talk(b"RFB 003.889\n")[2] == Send(b"\x01\x02"), "Apple's speaks 3.8"


def test_no_challenge_comes_twice() -> None:
    assert len({challenge(number, key) for number in range(20) for key in (b"a" * 32, b"b" * 32)}) == 40


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n", b"RFB 003.008\n\x01"])
def test_what_is_no_conversation_ends_it(data: bytes) -> None:
    with pytest.raises(ValueError):
        talk(data)


@given(cuts=st.lists(st.integers(0, 30), max_size=6), version=st.sampled_from([b"003", b"007", b"008"]))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int], version: bytes) -> None:
    whole = b"RFB 003." + version + b"\n" + (b"" if version == b"003" else b"\x02") + RESPONSE
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    assert talk(*(whole[begin:end] for begin, end in itertools.pairwise(places))) == talk(whole)


@needs("vncsnapshot")
def test_what_a_real_viewer_responds_can_be_checked_against_the_password(
    start_front: Callable[..., Any], tmp_path: Path
) -> None:
    """No token arrives, so no hit: the sighting itself is looked at."""
    front = start_front("vnc")
    password = tmp_path / "passwd"
    password.write_bytes(des(bytes((23, 82, 107, 6, 35, 78, 88, 7)), b"8 chars!"))  # as vncpasswd hides it
    subprocess.run(
        ["vncsnapshot", "-passwd", password, f"127.0.0.1:{front.address[1] - 5900}", tmp_path / "out.jpg"],
        capture_output=True,
        timeout=steady.PATIENCE,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    seen = steady.until(lambda: [one for one in front.sightings() if one.answer == "login"])
    shown = seen[0].notes
    asked = bytes.fromhex(shown["challenge"])
    assert des(b"8 chars!", asked).hex() == shown["response"]


def des(key: bytes, data: bytes) -> bytes:
    """DES in ECB with each byte of the key mirrored, as VNC has it."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    encryptor = Cipher(TripleDES(mirrored * 3), modes.ECB()).encryptor()
    return encryptor.update(data) + encryptor.finalize()
