"""OpenVPN: packets as OpenVPN makes them, rubbish, framing over TCP, and the real client against a real listener."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.installation.home import Home
from canaries.mint import minting
from canaries.protocols.openvpn import crypted, server_key
from listener.incidents import queries
from listener.protocol.conversation import Close, Record, Step
from listener.protocol.identity import Identity
from listener.traps.openvpn import OpenvpnConversation, OpenvpnExchange, OpenvpnSettings
from tests import steady
from tests.programs import needs

FIRST = [b"\x50" + bytes(range(60))]
"""What clients send first."""

KEY = bytes(range(256))
WORDS = b"8f14e45f-ceea-467f-a0e6-1f1d2b1c7a55"
MOMENT = 1_795_349_000
FLOODS = [[b"\0\x3d" + FIRST[0]] * 2000, [b"\x06\x00" + bytes(1500)]]
"""Over TCP: many packets, of which one is long and not whole."""
CUT_OFF = [[b"\xff\xff" + bytes(100)]]
"""More than a packet has."""


def reset(words: bytes = WORDS, *, front_key: bytes = b"k" * 32, opcode: int = 10, key: bytes = KEY) -> bytes:
    """P_CONTROL_HARD_RESET_CLIENT_V3: head, tag, encrypted ack list and message id, wrapped key."""
    head = bytes([opcode << 3]) + b"SESSION!" + b"\0\0\0\1" + MOMENT.to_bytes(4, "big")
    plain = b"\0" + bytes(4)
    tag = hmac.new(key[192:224], head + plain, hashlib.sha256).digest()
    return head + tag + crypted(key[128:160], tag, plain) + server_key(front_key).wrap(KEY, words)


def noted(data: bytes) -> Record:
    (note,) = OpenvpnExchange(Identity(b"k" * 32), OpenvpnSettings()).respond(data)
    assert isinstance(note, Record)
    return note


SHOWN = {
    "message": "hard reset v3",
    "metadata": WORDS.decode(),
    "session": b"SESSION!".hex(),
    "client_clock": "2026-11-22T12:03:20.000000Z",
}


def test_the_first_packet_tells_whose_profile_it_is() -> None:
    assert noted(reset()) == Record("handshake", SHOWN)


def test_another_installations_profile_tells_nothing() -> None:
    assert noted(reset(front_key=b"o" * 32)) == Record("packet", {"message": "hard reset v3"})


def test_a_copied_wrapped_key_without_the_key_itself_tells_nothing() -> None:
    """The wrapped key goes over the wire in clear: who only saw it pass does not have the profile."""
    assert noted(reset(key=bytes(256))) == Record("packet", {"message": "hard reset v3"})


@pytest.mark.parametrize(
    ("opcode", "message"), [(7, "hard reset v2"), (4, "control"), (5, "ack"), (9, "data v2")]
)
def test_other_packets_are_recorded_as_what_they_are(opcode: int, message: str) -> None:
    assert noted(bytes([opcode << 3]) + bytes(60)) == Record("packet", {"message": message})


def test_words_that_are_no_text_are_kept_as_they_came() -> None:
    assert str(noted(reset(b"\xff\x00")).shown["metadata"]).encode("utf-8", "surrogateescape") == b"\xff\x00"


@given(place=st.integers(0, 400), change=st.integers(1, 255))
def test_one_changed_byte_and_it_tells_nothing(place: int, change: int) -> None:
    data = bytearray(reset())
    data[place % len(data)] ^= change
    note = noted(bytes(data))
    if place % len(data):
        assert note == Record("packet", {"message": "hard reset v3"})
    else:
        assert "metadata" not in note.shown


@given(data=st.binary(max_size=400) | st.binary(max_size=400).map(lambda rest: b"\x50" + rest))
def test_any_bytes_tell_nothing(data: bytes) -> None:
    assert noted(data).what in ("noise", "packet")


def talk(*said: bytes) -> list[Step]:
    conversation = OpenvpnConversation(Identity(b"k" * 32), 1)
    return [step for data in said for step in conversation.feed(data)]


@given(cuts=st.lists(st.integers(0, 800), max_size=8))
def test_over_tcp_however_the_bytes_are_cut(cuts: list[int]) -> None:
    packet = reset()
    whole = (len(packet).to_bytes(2, "big") + packet) * 2
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == [Record("handshake", SHOWN)] * 2


@pytest.mark.parametrize("length", [0, 2049, 65535])
def test_over_tcp_a_length_that_no_packet_has_ends_it(length: int) -> None:
    assert talk(length.to_bytes(2, "big")) == [Record("noise"), Close()]


@needs("openvpn")
@pytest.mark.parametrize("protocol", ["udp", "tcp-client"])
def test_the_real_client_tells_whose_profile_it_has(
    home: Home, listen: Callable[..., Any], tmp_path: Path, protocol: str
) -> None:
    bait = next(iter(minting.mint(home, "openvpn")))
    running = listen(home, TRAPLINE_TRAPS_OPENVPN_BIND="127.0.0.1:0")
    host, _, port = running.addresses["openvpn"][0].rpartition(":")
    profile = bait.bait.text.replace("remote 127.0.0.1 1194", f"remote {host} {port}")
    profile = profile.replace("proto udp\n", f"proto {protocol}\n")
    assert port in profile
    path = tmp_path / "client.ovpn"
    path.write_text(profile)
    path.chmod(0o600)
    said = tmp_path / "said"
    # dev null: the client as it is, without a network interface of its own
    with (
        said.open("wb") as output,
        subprocess.Popen(
            ["openvpn", "--config", str(path), "--dev", "null"], stdout=output, stderr=output, cwd=tmp_path
        ) as client,
    ):
        try:

            def caught() -> list[queries.Hit]:
                assert client.poll() is None, said.read_text()
                return list(queries.hits(home))

            hits = steady.until(caught, said.read_text)
        finally:
            client.terminate()
    assert (hits[0].trap, hits[0].facet, hits[0].canary) == ("openvpn", "metadata", bait.canary.id)
    assert hits[0].entry.body["transport"] == protocol[:3]
    assert hits[0].entry.body["observed"]["client_clock"][:13] == hits[0].observed_at[:13]
