"""WireGuard: packets built by a second hand from the whitepaper, rubbish, and wireguard-go against a real listener."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from canaries.installation.home import Home
from canaries.mint import minting
from canaries.protocols.wireguard import Pair, server_pair, text
from listener.incidents import queries
from listener.protocol.conversation import Record
from listener.protocol.identity import Identity
from listener.traps.wireguard import Initiation, WireguardExchange, WireguardSettings, opened
from tests import steady
from tests.programs import needs

FIRST = [b"\x01\x00\x00\x00" + bytes(144)]
"""What clients send first."""

SERVER = server_pair(b"k" * 32)
CLIENT, EPHEMERAL = Pair.of(b"c" * 32), Pair.of(b"e" * 32)
MOMENT = 1_795_349_000


def initiation(
    server: bytes = SERVER.public,
    *,
    client: Pair = CLIENT,
    label: int = (1 << 62) + 10 + MOMENT,
    nanoseconds: int = 5000,
) -> bytes:
    """Message 1 as in the whitepaper, 5.4.2, step by step with its own names."""

    def blake(data: bytes) -> bytes:
        return hashlib.blake2s(data).digest()

    def kdf(key: bytes, data: bytes) -> tuple[bytes, bytes]:
        secret = hmac.new(key, data, hashlib.blake2s).digest()
        first = hmac.new(secret, b"\1", hashlib.blake2s).digest()
        return first, hmac.new(secret, first + b"\2", hashlib.blake2s).digest()

    c = blake(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
    h = blake(blake(c + b"WireGuard v1 zx2c4 Jason@zx2c4.com") + server)
    c, _ = kdf(c, EPHEMERAL.public)
    h = blake(h + EPHEMERAL.public)
    c, k = kdf(c, EPHEMERAL.shared(server))
    static = ChaCha20Poly1305(k).encrypt(bytes(12), client.public, h)
    h = blake(h + static)
    _, k = kdf(c, client.shared(server))
    stamp = ChaCha20Poly1305(k).encrypt(bytes(12), struct.pack(">QI", label, nanoseconds), h)
    message = b"\x01\0\0\0" + struct.pack("<I", 7) + EPHEMERAL.public + static + stamp
    mac1 = hashlib.blake2s(message, key=blake(b"mac1----" + server), digest_size=16).digest()
    return message + mac1 + bytes(16)


def noted(data: bytes) -> Record:
    (note,) = WireguardExchange(Identity(b"k" * 32), WireguardSettings()).respond(data)
    assert isinstance(note, Record)
    return note


def test_the_first_packet_tells_the_key_and_the_clock() -> None:
    assert opened(SERVER, initiation()) == Initiation(7, CLIENT.public, MOMENT * 1_000_000 + 5)
    assert noted(initiation()) == Record(
        "handshake",
        {
            "message": "initiation",
            "public_key": text(CLIENT.public),
            "session": 7,
            "client_clock": "2026-11-22T12:03:20.000005Z",
        },
    )


@pytest.mark.parametrize("label", [0, 1, (1 << 64) - 1, (1 << 62) + 10 + 253_402_300_800])
def test_a_clock_beyond_all_calendars_is_left_out(label: int) -> None:
    note = noted(initiation(label=label))
    assert note.shown["public_key"] == text(CLIENT.public)
    assert "client_clock" not in note.shown


def test_known_or_not_every_key_is_met_with_the_same_silence() -> None:
    for number in range(5):
        assert noted(initiation(client=Pair.of(bytes([number]) * 32))).what == "handshake"


def test_a_packet_for_another_server_is_noise() -> None:
    assert noted(initiation(server_pair(b"o" * 32).public)) == Record("noise", {"message": "initiation"})


@given(place=st.integers(0, 131), change=st.integers(1, 255))
def test_one_changed_byte_and_it_is_noise(place: int, change: int) -> None:
    data = bytearray(initiation())
    data[place] ^= change
    assert noted(bytes(data)).what == "noise"


def test_a_point_of_low_order_with_a_right_mac_is_noise() -> None:
    data = b"\x01\0\0\0" + bytes(112)
    key = hashlib.blake2s(b"mac1----" + SERVER.public).digest()
    assert noted(data + hashlib.blake2s(data, key=key, digest_size=16).digest() + bytes(16)).what == "noise"


@given(
    data=st.binary(max_size=200)
    | st.binary(min_size=144, max_size=144).map(lambda rest: b"\x01\0\0\0" + rest)
)
def test_any_bytes_are_noise(data: bytes) -> None:
    assert noted(data).what == "noise"


def _may_make_tunnels() -> bool:
    status = Path("/proc/self/status").read_text().splitlines()
    capabilities = next((int(line.split()[1], 16) for line in status if line.startswith("CapEff:")), 0)
    return bool(capabilities >> 12 & 1) and os.access("/dev/net/tun", os.R_OK | os.W_OK)  # 12: CAP_NET_ADMIN


@contextlib.contextmanager
def tunnel(config: str, folder: Path) -> Iterator[None]:
    """wireguard-go with this configuration, on an interface of its own without addresses and routes."""
    name = f"wgt{os.getpid():x}"  # an interface name is the machine's
    plain, log = folder / "plain.conf", folder / "wireguard-go.log"
    plain.write_text(
        "".join(line for line in config.splitlines(keepends=True) if not line.startswith("Address"))
    )
    with (
        log.open("wb") as out,
        subprocess.Popen(["wireguard-go", "-f", name], stdout=out, stderr=out) as process,
    ):
        refused: list[str] = []

        def configured() -> bool:
            assert process.poll() is None, f"wireguard-go ended with {process.poll()}: {log.read_text()}"
            asked = subprocess.run(
                ["wg", "setconf", name, str(plain)], capture_output=True, text=True, check=False
            )
            refused[:] = [asked.stderr]
            return not asked.returncode

        try:
            steady.until(configured, lambda: [*refused, log.read_text()])
            subprocess.run(["ip", "link", "set", name, "up"], check=True)
            yield
        finally:
            process.terminate()


# A machine or container that allows no tunnel has nothing to try here, whatever is installed on it.
if _may_make_tunnels():

    @needs("wireguard-go", "wg", "ip")
    def test_a_real_tunnel_tells_whose_it_is(home: Home, listen: Callable[..., Any], tmp_path: Path) -> None:
        bait = next(iter(minting.mint(home, "wireguard")))
        running = listen(home, TRAPLINE_TRAPS_WIREGUARD_BIND="127.0.0.1:0")
        place = running.addresses["wireguard"][0]
        config = bait.bait.text.replace("127.0.0.1:51820", place)
        assert place in config
        with tunnel(config, tmp_path):
            hits = steady.until(lambda: list(queries.hits(home)))
        assert (hits[0].trap, hits[0].facet, hits[0].canary) == ("wireguard", "public_key", bait.canary.id)
        observed = hits[0].entry.body["observed"]
        assert observed["client_clock"][:13] == hits[0].observed_at[:13]
