"""JA4 equals the published values, for real clients too, and no bytes make the parser raise."""

from __future__ import annotations

import socket
import ssl
import struct
import subprocess
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.net import ja4
from tests import steady
from tests.programs import needs

CHROME_143 = (
    "002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9",
    "0005,000a,000b,000d,0012,0017,001b,0023,002b,002d,0033,44cd,fe0d,ff01",
    "0403,0804,0401,0503,0805,0501,0806,0601",
)
"""JA4_r of Chrome 143 as browserleaks.com publishes it; its JA4 is t13d1516h2_8daaf6152771_d8a2da3f94cd."""


def _block(data: bytes, width: int) -> bytes:
    return len(data).to_bytes(width, "big") + data


def build(
    ciphers: list[int],
    extensions: list[tuple[int, bytes]],
    *,
    version: int = 0x0303,
    fragment: int = 16384,
) -> bytes:
    """A ClientHello in TLS records of at most ``fragment`` bytes (RFC 8446, sections 4.1.2 and 5.1)."""
    body = struct.pack("!H", version) + bytes(range(32)) + _block(bytes(32), 1)
    body += _block(b"".join(struct.pack("!H", cipher) for cipher in ciphers), 2) + b"\x01\x00"
    body += _block(b"".join(struct.pack("!H", kind) + _block(data, 2) for kind, data in extensions), 2)
    message = b"\x01" + _block(body, 3)
    pieces = [message[at : at + fragment] for at in range(0, len(message), fragment)]
    return b"".join(b"\x16\x03\x01" + _block(piece, 2) for piece in pieces)


def _numbers(text: str) -> list[int]:
    return [int(number, 16) for number in text.split(",")]


def chrome(fragment: int = 16384, sni: bytes = b"www.example.net") -> bytes:
    """Chrome's hello: other order than the published sorted one, and GREASE wherever Chrome puts it."""
    ciphers, kinds, schemes = map(_numbers, CHROME_143)
    content = {
        13: _block(b"".join(struct.pack("!H", scheme) for scheme in schemes), 2),
        43: _block(struct.pack("!3H", 0x7A7A, 0x0304, 0x0303), 1),
    }
    extensions = [(kind, content.get(kind, b"\0")) for kind in reversed(kinds)]
    extensions += [
        (0, _block(b"\0" + _block(sni, 2), 2)),
        (16, _block(b"\x02h2\x08http/1.1", 2)),
        (0x1A1A, b""),
    ]
    return build([0x0A0A, *reversed(ciphers)], extensions, fragment=fragment)


def hello_of(records: bytes) -> ja4.Hello:
    hello = ja4.parse(records)
    assert hello is not None
    return hello


def test_the_published_value_of_chrome() -> None:
    hello = hello_of(chrome())
    assert ja4.ja4(hello) == "t13d1516h2_8daaf6152771_d8a2da3f94cd"
    assert ja4.raw(hello) == "t13d1516h2_" + "_".join(CHROME_143)
    assert hello.sni == "www.example.net"
    assert hello.alpn == (b"h2", b"http/1.1")


@pytest.mark.parametrize("fragment", [1, 7, 100])
def test_a_hello_in_many_records_is_the_same_hello(fragment: int) -> None:
    assert ja4.parse(chrome(fragment)) == ja4.parse(chrome())


@pytest.mark.parametrize(
    ("alpn", "ends"),
    [(b"h2", "h2"), (b"http/1.1", "h1"), (b"h", "hh"), (b"\x0a\x0a", "0a"), (b"h\xff", "6f"), (b"", "00")],
)
def test_the_ends_of_the_first_protocol(alpn: bytes, ends: str) -> None:
    hello = hello_of(build([0x1301], [(16, _block(_block(alpn, 1), 2))]))
    assert ja4.ja4(hello).split("_")[0] == f"t12i0101{ends}"


def test_nothing_offered_hashes_to_zeros() -> None:
    assert ja4.ja4(hello_of(build([], []))) == "t12i000000_000000000000_000000000000"
    assert ja4.ja4(hello_of(build([0x0A0A], [], version=0x0301))) == "t10i000000_000000000000_000000000000"


def test_more_than_99_count_as_99() -> None:
    assert ja4.ja4(hello_of(build(list(range(150)), []))).startswith("t12i9900")


def test_a_name_that_is_not_ascii_is_escaped() -> None:
    assert hello_of(chrome(sni=b"A\xff.net")).sni == "a\\xff.net"


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"\x16",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\0\0" * 40,
        b"\x16\x03\x01\x02\0\x02" + bytes(600),
    ],
)
def test_what_is_no_hello_is_none(rubbish: bytes) -> None:
    assert ja4.parse(rubbish) is None


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_hellos_never_raise(data: st.DataObject) -> None:
    mutated = bytearray(chrome(data.draw(st.sampled_from([9, 16384]))))
    for _ in range(data.draw(st.integers(0, 8))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    hello = ja4.parse(bytes(mutated[: data.draw(st.integers(0, len(mutated)))]))
    if hello is not None:
        assert len(ja4.ja4(hello)) == 36
        assert ja4.raw(hello).startswith("t")


def _first_bytes(server: socket.socket, caught: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection:
        connection.settimeout(steady.PATIENCE)
        data = b""
        while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
        caught.append(data)


@pytest.fixture
def catch() -> object:
    """Runs a client against a port that takes the hello and hangs up; gives the hello's bytes."""

    def run(client) -> bytes:  # type: ignore[no-untyped-def]
        caught: list[bytes] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=_first_bytes, args=(server, caught))
            thread.start()
            client(server.getsockname()[1])
            thread.join(steady.PATIENCE)
        return caught[0]

    return run


def test_python_by_name_and_by_address(catch) -> None:  # type: ignore[no-untyped-def]
    def connect(port: int, name: str) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.set_alpn_protocols(["http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            pytest.raises(OSError),
            context.wrap_socket(plain, server_hostname=name),
        ):
            pass

    by_name = hello_of(catch(lambda port: connect(port, "bait.example.net")))
    by_address = hello_of(catch(lambda port: connect(port, "127.0.0.1")))
    assert by_name.sni == "bait.example.net"
    assert by_address.sni == ""
    assert ja4.ja4(by_name).startswith("t13d")
    assert ja4.ja4(by_address).startswith("t13i")
    assert ja4.ja4(by_name)[8:] == f"h1_{ja4.ja4(by_address).split('_', 1)[1]}"


@needs("curl")
def test_curl_forced_to_tls_1_2_says_so(catch) -> None:  # type: ignore[no-untyped-def]
    def fetch(port: int, *options: str) -> None:
        command = [
            "curl",
            "-sk",
            "--max-time",
            "5",
            "--resolve",
            f"bait.example.net:{port}:127.0.0.1",
            *options,
        ]
        subprocess.run([*command, f"https://bait.example.net:{port}/"], check=False)

    newest = ja4.ja4(hello_of(catch(fetch)))
    older = ja4.ja4(hello_of(catch(lambda port: fetch(port, "--tls-max", "1.2"))))
    assert newest.startswith("t13d")
    assert older.startswith("t12d")
    assert newest.split("_")[1] != older.split("_")[1]
