"""The HTTP trap, as a real process on a real socket: what is answered is on disk, exactly as it came."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canaries.installation.home import Home
from canaries.protocols import ca
from listener.http.reading import read_request
from listener.traps._http_settings import HttpSettings
from tests import steady
from tests.hooks import crowding

FIRST = [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"]
"""What clients send first."""

POKE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""What makes it say who it is."""


def many_streams(data: bytes, times: int) -> bytes:
    """A client of HTTP/2 with prior knowledge: requests whose bodies never end, each with so much of one, in turns."""
    client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    client.initiate_connection()
    client.max_outbound_frame_size = 16_384
    client.outbound_flow_control_window = client.remote_settings.initial_window_size = 1 << 30
    head = [(":method", "POST"), (":scheme", "http"), (":authority", "a.example"), (":path", "/v1/x")]
    for number in range(100):
        client.send_headers(2 * number + 1, head)
    said = client.data_to_send()
    frames = b"".join(
        len(data).to_bytes(3, "big") + b"\0\0" + (2 * number + 1).to_bytes(4, "big") + data
        for number in range(100)
    )
    return said + frames * times


CHUNKED = b"POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS = [
    crowding(FIRST[0] * 900),
    crowding(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: x\r\n" % one for one in range(5000))),
    crowding(CHUNKED, *[b"1\r\nx\r\n" * 1000] * 80),
    crowding(b"POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\n", *[b"x" * 60_000] * 100),
    crowding(many_streams(b"x" * 16_000, 1)),
    crowding(many_streams(b"x", 500)),
]
"""Many requests, many fields, many chunks, a long body, many streams at a time, in pieces and in crumbs."""

GET = b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def statuses(response: bytes) -> list[int]:
    return [int(part[:3]) for part in response.split(b"HTTP/1.1 ")[1:]]


def served(response: bytes) -> list[bool]:
    """For each response whether it is a persona's: which status the dull page has is the installation's own choice."""
    return [status not in (400, 408, 413, 431, 503, 505) for status in statuses(response)]


def test_the_bytes_are_on_disk_before_the_answer(front: Any) -> None:
    sent = b"GET /TOKEN-1 HTTP/1.1\r\nhOsT:  x\r\nX-B: 2\r\nX-A: 1\r\nConnection: close\r\n\r\n"
    before = time.time()
    with front.connect() as sock:
        client = sock.getsockname()
        sock.sendall(sent)
        assert served(sock.recv(100)) == [True]
        sighting = front.sightings()[-1]
    assert (sighting.trap, sighting.raw, sighting.size) == ("http", sent, len(sent))
    assert (sighting.peer, sighting.local, sighting.source) == (client, front.address, client)
    assert (sighting.tls, sighting.via) == (None, None)
    assert sighting.answer.startswith("page ")
    assert int(before * 1e6) <= sighting.observed_at <= time.time() * 1e6
    assert sighting.clock["source"] in ("ntp", "free", "unknown")


def test_sightings_are_numbered_and_share_their_connection(front: Any) -> None:
    before = len(front.sightings())
    front.ask(GET.replace(b"close", b"keep-alive") * 3)
    front.ask(GET)
    found = front.sightings()[before:]
    assert [one.number for one in found] == list(range(found[0].number, found[0].number + 4))
    assert found[0].connection == found[1].connection == found[2].connection != found[3].connection
    assert len({one.id for one in found}) == 4
    assert all(len(one.id) == 32 and one.front == found[0].front for one in found)


def test_pipelined_requests_are_answered_in_order(front: Any) -> None:
    before = len(front.sightings())
    data = b"".join(b"POST /p%d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" % n for n in range(50))
    assert served(front.ask(data)) == [True] * 50
    found = front.sightings()[before:]
    assert b"".join(one.raw for one in found) == data
    assert [one.raw.split()[1] for one in found] == [b"/p%d" % n for n in range(50)]


def test_head_and_http_1_0(front: Any) -> None:
    full = front.ask(b"GET / HTTP/1.0\r\n\r\n", end=False)
    head = front.ask(b"HEAD / HTTP/1.0\r\n\r\n", end=False)
    assert statuses(full) == statuses(head)
    assert served(full) == [True]
    assert head.endswith(b"\r\n\r\n")
    assert b"Connection: close\r\n" in full
    names = [line.partition(b":")[0] for line in full.partition(b"\r\n\r\n")[0].split(b"\r\n")]
    assert [line.partition(b":")[0] for line in head.rstrip().split(b"\r\n")] == names
    body = full.partition(b"\r\n\r\n")[2]
    assert b"Content-Length: %d" % len(body) in full


def test_expect_continue(front: Any) -> None:
    with front.connect() as sock:
        sock.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"body")
        assert served(sock.recv(100)) == [True]
    assert front.sightings()[-1].raw.endswith(b"\r\n\r\nbody")


LOGIN = b"Proxy-Authorization: Basic YW5uOlRPS0VO\r\n"
CONNECT = b"CONNECT bank.example.net:443 HTTP/1.1\r\nHost: bank.example.net:443\r\n%s\r\n"
ABSOLUTE = b"GET http://other.example/a HTTP/1.1\r\nHost: other.example\r\n%s\r\n"


def test_whoever_takes_us_for_a_proxy_is_asked_for_his_login(front: Any) -> None:
    for request in (CONNECT, ABSOLUTE):
        answer = front.ask(request % b"")
        assert statuses(answer) == [407]
        assert b"\r\nProxy-Authenticate: Basic realm=" in answer
        assert front.sightings()[-1].raw == request % b""


def test_a_plain_request_through_the_proxy_reaches_nobody(front: Any) -> None:
    assert statuses(front.ask(ABSOLUTE % LOGIN)) == [502]
    assert front.sightings()[-1].answer == "proxy away 502"


@pytest.mark.parametrize("eager", [False, True])
def test_what_comes_first_through_a_tunnel_is_recorded_and_there_it_ends(front: Any, eager: bool) -> None:
    asking = CONNECT % LOGIN
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = tls_client(front).wrap_bio(incoming, outgoing, server_hostname="bank.example.net")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    hello = outgoing.read()
    with front.connect() as sock:
        sock.sendall(asking + hello[:50] if eager else asking)
        assert sock.recv(100) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        assert front.sightings()[-1].raw == asking, "granted after it was recorded"
        sock.sendall(hello[50:] if eager else hello)
        assert sock.recv(100) == b""
    sighting = front.sightings()[-1]
    assert (sighting.raw, sighting.size) == (asking + hello, len(asking + hello))
    assert sighting.answer == "proxy opening"


def test_a_tunnel_in_which_nobody_speaks_is_one_sighting(start_front: Any) -> None:
    front = start_front(greeting_seconds=0.5)
    assert front.ask(CONNECT % LOGIN, end=False) == b"HTTP/1.1 200 Connection established\r\n\r\n"
    assert [one.answer for one in front.sightings()] == ["proxy tunnel 200"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x00\x01rubbish-TOKEN", 400),
        (b"GET /TOKEN HTTP/3\r\n\r\n", 505),
        (b"GET /TOKEN HTTP/1.1\r\nA: b\rc\r\n\r\n", 400),
        (b"POST /TOKEN HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", 400),
    ],
)
def test_rubbish_is_a_sighting_and_is_refused(front: Any, data: bytes, status: int) -> None:
    assert statuses(front.ask(data)) == [status]
    sighting = front.sightings()[-1]
    assert (sighting.raw, sighting.answer) == (data, f"error {status}")
    assert sighting.notes["error"]


def test_a_cut_request_is_a_sighting_and_gets_no_answer(front: Any) -> None:
    sent = b"GET /TOKEN HTTP/1.1\r\nHost: x"
    assert front.ask(sent) == b""
    sighting = front.sightings()[-1]
    assert (sighting.raw, sighting.answer, sighting.notes["error"]) == (sent, "", "the request was cut off")


def test_a_client_that_goes_away_is_still_a_sighting(front: Any) -> None:
    with front.connect() as sock:
        sock.sendall(b"GET /GONE HTTP/1.1\r\nHost: x\r\n")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    steady.until(lambda: any(b"/GONE" in one.raw for one in front.sightings()))


@pytest.fixture(scope="module")
def hasty(start_front: Any) -> Any:
    """A front that waits for nobody."""
    return start_front(greeting_seconds=1.0, idle_seconds=2.0, head_seconds=1.0, request_seconds=2.0)


def test_a_slow_drip_ends_and_is_a_sighting(hasty: Any) -> None:
    with hasty.connect() as sock:
        sock.sendall(b"GET /DRIP HTTP/1.1\r\n")
        sock.settimeout(0.1)

        def ended() -> bytes:
            try:
                sock.sendall(b"X")
                return bytes(sock.recv(100)) or b"closed"
            except TimeoutError:
                return b""
            except ConnectionError:
                return b"reset"

        answer = steady.until(ended, "whoever drips may stay")
    assert answer in (b"closed", b"reset")
    assert any(one.raw.startswith(b"GET /DRIP") for one in hasty.sightings())


def test_a_silent_connection_is_closed_and_is_no_sighting(hasty: Any) -> None:
    with hasty.connect() as sock:
        mine = sock.getsockname()
        sock.settimeout(steady.PATIENCE)
        assert sock.recv(1) == b""
    assert not [one for one in hasty.sightings() if one.peer == mine]


@pytest.mark.parametrize(
    "beginning", [b"GET /slow HT", b"\x16\x03\x01\x02", b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n"]
)
def test_whoever_does_not_go_on_is_let_go(hasty: Any, beginning: bytes) -> None:
    hasty.ask(beginning, end=False)


def tls_client(front: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_tls_on_the_same_port(front: Any) -> None:
    context = tls_client(front)
    context.set_alpn_protocols(["http/1.1"])
    with context.wrap_socket(front.connect(), server_hostname="TOKEN.example.net") as sock:
        sock.sendall(GET)
        assert served(sock.recv(100)) == [True]
    sighting = front.sightings()[-1]
    assert sighting.raw == GET
    assert sighting.tls is not None
    assert (sighting.tls["sni"], sighting.tls["version"], sighting.tls["alpn"]) == (
        "token.example.net",
        "TLSv1.3",
        "http/1.1",
    )
    assert sighting.tls["hello"][:1] == b"\x16"
    assert b"TOKEN.example.net" in sighting.tls["hello"]
    assert sighting.tls["cipher"]


def test_a_handshake_and_not_a_word_is_a_sighting(front: Any) -> None:
    tls_client(front).wrap_socket(front.connect(), server_hostname="silent.example.net").close()
    sighting = steady.until(lambda: last_named(front, "silent.example.net"))
    assert sighting.raw == b""


def test_a_client_that_does_not_trust_us_is_a_sighting(front: Any) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(front.connect(), server_hostname="wary.example.net")
    sighting = steady.until(lambda: last_named(front, "wary.example.net"))
    assert "UNKNOWN_CA" in sighting.tls["error"]


def test_tls_rubbish_and_half_a_hello_are_sightings(front: Any) -> None:
    for data in (b"\x16\x03\x01\x00\x05rubbish", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03half"):
        front.ask(data)
        sighting = steady.until(partial(with_hello, front, data))
        assert sighting.tls["error"]
        assert sighting.raw == b""


def test_a_hello_in_many_small_pieces(front: Any) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = tls_client(front).wrap_bio(incoming, outgoing, server_hostname="pieces.example.net")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    with front.connect() as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        hello = outgoing.read()
        for start in range(0, len(hello), 60):
            sock.sendall(hello[start : start + 60])
            time.sleep(0.005)
        incoming.write(sock.recv(65_536))
        session.do_handshake()
    assert steady.until(lambda: last_named(front, "pieces.example.net")).tls["hello"] == hello


def client_pair(folder: Path, authority: ca.Authority) -> ssl.SSLContext:
    """A client that shows a certificate of ``authority``."""
    key = ec.generate_private_key(ec.SECP256R1())
    begins = datetime.now(UTC) - timedelta(days=1)
    pem = ca.client_certificate(authority, key.public_key(), ("ops", "ann-q7f3k29x"), b"s" * 16, begins)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "client.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(folder / "client.pem")
    return context


@pytest.mark.parametrize("asks", [True, False])
def test_a_certificate_of_our_own_is_asked_for_where_told(
    start_front: Any, tmp_path: Path, asks: bool
) -> None:
    front = start_front(client_certificates=asks)
    own = ca.Authority.load(front.journal.with_name("front"))
    for context in (client_pair(tmp_path, own), tls_client(front)):
        with context.wrap_socket(front.connect(), server_hostname="k8s.example.net") as sock:
            sock.sendall(GET)
            assert served(sock.recv(100)) == [True]
    with_one, without = front.sightings()
    assert bool(with_one.tls.get("client_cert")) is asks
    assert not without.tls.get("client_cert")


def test_a_strangers_certificate_costs_the_handshake_where_one_is_asked_for(
    start_front: Any, home: Home, tmp_path: Path
) -> None:
    """Python's TLS takes no certificate that it cannot verify: why it is not asked for by default."""
    front = start_front(client_certificates=True)
    context = client_pair(tmp_path, home.authority())
    with (
        contextlib.suppress(OSError),  # an alert, or the end: as the network has it
        context.wrap_socket(front.connect(), server_hostname="k8s.example.net") as sock,
    ):
        sock.sendall(GET)
        assert sock.recv(100) == b""
    assert (
        "CERTIFICATE_VERIFY_FAILED" in steady.until(lambda: last_named(front, "k8s.example.net")).tls["error"]
    )


def test_a_strangers_forwarding_headers_change_nothing(start_front: Any) -> None:
    front = start_front(forwarded_from=["10.0.0.0/8"])
    front.ask(
        b"GET / HTTP/1.0\r\nX-Forwarded-For: 198.51.100.7\r\nForwarded: for=198.51.100.7\r\nX-Real-IP: 1.2.3.4\r\n\r\n"
    )
    front.ask(b"PROXY TCP4 198.51.100.7 192.0.2.1 1 2\r\nGET / HTTP/1.0\r\n\r\n")
    assert [one.source[0] for one in front.sightings()] == ["127.0.0.1", "127.0.0.1"]
    assert [one.via for one in front.sightings()] == [None, None]


def test_a_configured_proxy_is_believed(start_front: Any) -> None:
    front = start_front(forwarded_from=["127.0.0.1"])
    front.ask(b"GET / HTTP/1.0\r\nX-Forwarded-For: 1.2.3.4, 198.51.100.7\r\n\r\n")
    sighting = front.sightings()[-1]
    assert sighting.source == ("198.51.100.7", 0)
    assert sighting.peer[0] == "127.0.0.1"
    assert sighting.via == {
        "how": "x-forwarded-for",
        "chain": ["1.2.3.4", "198.51.100.7"],
        "client": ["198.51.100.7", 0],
    }


def test_a_proxys_header_of_one_address_is_named_in_any_case(start_front: Any) -> None:
    front = start_front(forwarded_from=["127.0.0.1"], forwarded_header="CF-Connecting-IP")
    for line in ("cf-connecting-ip: 198.51.100.7", "CF-Connecting-IP: nobody", "X-Forwarded-For: 192.0.2.9"):
        front.ask(f"GET / HTTP/1.0\r\n{line}\r\n\r\n".encode())
    named, unclear, other = front.sightings()
    assert named.source == ("198.51.100.7", 0)
    assert unclear.source[0] == "127.0.0.1"
    assert "the client is not known" in unclear.via["note"]
    assert other.via is None


@pytest.mark.parametrize("name", ["", "x y", "x:y", "é", "x\r\ny"])
def test_what_is_no_header_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a header"):
        HttpSettings(forwarded_header=name)


@pytest.mark.parametrize("over_tls", [False, True])
def test_proxy_protocol(start_front: Any, over_tls: bool) -> None:
    front = start_front(proxy_protocol_from=["127.0.0.0/8"])
    sock = front.connect()
    sock.sendall(b"PROXY TCP4 198.51.100.7 192.0.2.1 56324 443\r\n")
    if over_tls:
        sock = tls_client(front).wrap_socket(sock, server_hostname="p.example.net")
    with sock:
        sock.sendall(GET)
        assert served(sock.recv(100)) == [True]
    sighting = front.sightings()[-1]
    assert sighting.raw == GET
    assert sighting.source == ("198.51.100.7", 56324)
    assert sighting.via["how"] == "proxy-protocol"
    assert (sighting.tls is not None) == over_tls


def test_a_proxy_without_its_header_is_recorded_and_closed(start_front: Any) -> None:
    front = start_front(proxy_protocol_from=["127.0.0.0/8"], greeting_seconds=1.0)
    assert front.ask(GET) == b""
    sighting = front.sightings()[-1]
    assert (sighting.raw, sighting.notes["error"]) == (GET, "no PROXY protocol header")


def test_connections_of_one_source_are_limited(start_front: Any) -> None:
    front = start_front(connections_per_source=3)
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(front.connect()) for _ in range(3)]
        for sock in held:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert served(sock.recv(100)) == [True]
        assert front.ask(GET) == b""
        held.pop().close()
        steady.until(lambda: front.ask(GET))


def test_where_it_is_full_one_that_said_little_gives_way(start_front: Any) -> None:
    front = start_front(connections=2)
    held = [front.connect() for _ in range(2)]
    for sock in held:
        sock.sendall(b"GET /half")
    assert served(front.ask(GET)) == [True]
    for sock in held:
        sock.close()


def http2(front: Any, *requests: tuple[str, bytes]) -> tuple[list[str], list[Any]]:
    """Statuses of requests that a client of HTTP/2 with prior knowledge sends, and their sightings."""
    before, client = len(front.sightings()), h2.connection.H2Connection(h2.config.H2Configuration())
    client.initiate_connection()
    for path, body in requests:
        stream = client.get_next_available_stream_id()
        pseudo = [(":method", "POST"), (":scheme", "http"), (":authority", "a.example"), (":path", path)]
        client.send_headers(stream, [*pseudo, ("x-api-key", "TOKEN-2")])
        client.send_data(stream, body, end_stream=True)
    found: list[str] = []
    with front.connect() as sock:
        sock.sendall(client.data_to_send())
        while len(found) < len(requests):
            data = sock.recv(65_536)
            assert data
            for event in client.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    found += [value.decode() for name, value in event.headers if name == b":status"]
    return found, front.sightings()[before:]


def test_http_2_with_prior_knowledge(front: Any) -> None:
    found, sightings = http2(front, ("/one", b"abc"), ("/two", b""))
    assert len(found) == 2
    assert not set(found) & {"400", "505"}
    assert [one.raw.split(b"\r\n")[0] for one in sightings] == [b"POST /one HTTP/2", b"POST /two HTTP/2"]
    assert sightings[0].raw.endswith(b"host: a.example\r\nx-api-key: TOKEN-2\r\n\r\nabc")
    assert bytes.fromhex(sightings[0].notes["http2_frames"]).startswith(b"PRI * HTTP/2.0")
    assert read_request(sightings[1]).observed["host"] == "a.example"


def test_http_2_with_prior_knowledge_may_begin_in_pieces(front: Any) -> None:
    """Each segment may be read by itself."""
    client, before = h2.connection.H2Connection(h2.config.H2Configuration()), len(front.sightings())
    client.initiate_connection()
    fields = [
        (":method", "GET"),
        (":scheme", "http"),
        (":authority", "a"),
        (":path", "/"),
        ("x-key", "TOKEN-3"),
    ]
    client.send_headers(1, fields, end_stream=True)
    said = client.data_to_send()
    cuts = (1, 4, 5, 14, 16, 17, 18, 20, 23, 24)
    for cut in cuts:
        with front.connect() as sock:
            sock.sendall(said[:cut])
            time.sleep(0.05)
            sock.sendall(said[cut:])
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65_536):
                pass
    steady.until(lambda: len(front.sightings()) >= before + len(cuts))
    assert [b"x-key: TOKEN-3" in one.raw for one in front.sightings()[before:]] == [True] * len(cuts)


def test_the_first_frames_of_a_websocket_are_recorded_and_there_it_ends(front: Any) -> None:
    before = len(front.sightings())
    with front.connect() as sock:
        sock.sendall(
            b"GET /stomp HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: stomp\r\n\r\n"
        )
        assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in sock.recv(1000)
        said = b"\x10\x20\0\4MQTT\x04\xc2\0<" + b"s3cret-Pa55word-of-bait"
        mask = b"\x37\xfa\x21\x3d"
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(said))
        sock.sendall(bytes([0x82, 0x80 | len(said)]) + mask + masked)
        assert sock.recv(1000) == b""
    request, opening = front.sightings()[before:]
    assert opening.answer == "websocket opening"
    assert opening.raw.startswith(request.raw)
    assert b"s3cret-Pa55word-of-bait" in read_request(opening).candidates


def test_what_comes_behind_an_error_is_a_sighting(front: Any) -> None:
    before = len(front.sightings())
    with front.connect() as sock:
        sock.sendall(b"\x00 not HTTP\r\n\r\n")
        assert statuses(sock.recv(1000)) == [400]
        sock.sendall(b"TOKEN-3")
        sock.shutdown(socket.SHUT_WR)
        steady.until(lambda: any(b"TOKEN-3" in one.raw for one in front.sightings()[before:]))


def test_a_journal_that_cannot_be_written_means_503_for_everybody(start_front: Any) -> None:
    front = start_front()
    front.journal.rename(front.journal.with_name("away"))
    answers = {
        re.sub(rb"Date: [^\r]*", b"", front.ask(b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % path))
        for path in (b"a", b"b/c")
    }
    assert [statuses(answer) for answer in answers] == [[503]]
    front.journal.with_name("away").rename(front.journal)
    assert served(front.ask(GET)) == [True]


def last_named(front: Any, name: str) -> Any:
    return next((one for one in reversed(front.sightings()) if one.tls and one.tls["sni"] == name), None)


def with_hello(front: Any, hello: bytes) -> Any:
    return next((one for one in front.sightings() if one.tls and one.tls["hello"] == hello), None)


def test_an_imitated_service_answers_from_the_moment_its_bait_is_minted(start_front: Any) -> None:
    """The file that minting writes is all that tells the front: no restart, and no word of a token."""
    from canaries.installation import kinds_file
    from canaries.protocols.site_paths import site_path

    front = start_front(personas=[])
    folder = front.journal.parent / "front"
    path = site_path(bytes.fromhex((folder / "front").read_text()))
    place = path.place("openai", path.written("0" * 32 if path.form != "base62" else "0" * 22))

    def status(where: str) -> list[int]:
        return statuses(
            front.ask(f"GET {where}/v1/models HTTP/1.0\r\nAuthorization: Bearer x\r\n\r\n".encode())
        )

    assert status(place) == status("") == [404]
    kinds_file.add(folder, {"openai-key"})
    assert status(place) == [401], "OpenAI's word for a key of another form"
    assert status("") == [404]
    with kinds_file.settled(folder) as found:
        found.append(frozenset())
    assert status(place) == [404]
