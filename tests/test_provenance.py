"""Where a hit came from: only the TCP peer is observed; headers are claims, unless a configured proxy writes them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents.model import Hit
from listener.incidents.queries import hits
from tests import steady

STRANGER, PROXY, FAR_PROXY = "127.0.0.20", "127.0.0.30", "127.0.0.31"
VICTIM = "203.0.113.77"
"""Whom the liar wants to be taken for."""


class Trap:
    """A listener, and one fresh canary for each question."""

    def __init__(self, home: Home, running: Any) -> None:
        self.home, self.running = home, running

    def ask(self, source: str, *headers: str, before: bytes = b"") -> tuple[Hit, int]:
        """Use a fresh canary from ``source``; the only hit that comes of it, and the client's port."""
        canary, port = self.use(source, *headers, before=before)
        return self.hit(canary, source, port), port

    def use(self, source: str, *headers: str, before: bytes = b"") -> tuple[str, int]:
        """A fresh canary's id, and the port it was used from."""
        canary = next(mint(self.home, "url")).canary
        head = [f"GET /{canary.tokens[0].value}/ HTTP/1.1", "Host: x", *headers, "Connection: close", "", ""]
        with socket.create_connection(
            self.running.http, timeout=steady.PATIENCE, source_address=(source, 0)
        ) as sock:
            port = int(sock.getsockname()[1])
            sock.sendall(before + "\r\n".join(head).encode())
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65_536):
                pass
        return canary.id, port

    def hit(self, canary: str, source: str, port: int) -> Hit:
        """The only hit that came of it; its peer is what the kernel says, whatever its source."""
        found = steady.until(lambda: list(hits(self.home, canary=canary)), "it was not recorded")
        (hit,) = found
        assert (hit.entry.body["peer"]["ip"], hit.entry.body["peer"]["port"]) == (source, port)
        return hit


@pytest.fixture(scope="module")
def traps(
    tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]
) -> Iterator[Callable[..., Trap]]:
    """A trap with these settings, started once."""
    started: dict[tuple[tuple[str, str], ...], Trap] = {}

    def start(**settings: str) -> Trap:
        key = tuple(sorted(settings.items()))
        if key not in started:
            home = Home.create(tmp_path_factory.mktemp("provenance") / "home", "")
            variables = {f"TRAPLINE_TRAPS_HTTP_{name.upper()}": value for name, value in settings.items()}
            started[key] = Trap(home, listen_once(home, **variables))
        return started[key]

    yield start
    for trap in started.values():
        trap.home.store.close()


def forwarded(traps: Callable[..., Trap], header: str = "x-forwarded-for") -> Trap:
    return traps(forwarded_from=f"{PROXY}, {FAR_PROXY}/32", forwarded_header=header)


def proxied(traps: Callable[..., Trap]) -> Trap:
    return traps(proxy_protocol_from=f"{PROXY}/32")


def v2(source: str, port: int, *, command: int = 1, family: int = 0x11) -> bytes:
    """A PROXY header, version 2, for TCP over IPv4 or IPv6."""
    kind = socket.AF_INET6 if family == 0x21 else socket.AF_INET
    local = "2001:db8::1" if family == 0x21 else "192.0.2.1"
    block = socket.inet_pton(kind, source) + socket.inet_pton(kind, local)
    block += port.to_bytes(2, "big") + (443).to_bytes(2, "big")
    head = b"\r\n\r\n\0\r\nQUIT\n" + bytes([0x20 | command, family]) + len(block).to_bytes(2, "big")
    return head + block


LIES = (
    f"X-Forwarded-For: {VICTIM}",
    f"X-Forwarded-For: {VICTIM}, {PROXY}",
    f"X-Forwarded-For: {PROXY}\r\nX-Forwarded-For: {VICTIM}",
    f"x-forwarded-for:{VICTIM}:4711",
    f"X-Real-IP: {VICTIM}",
    f"Forwarded: for={VICTIM}",
    f'Forwarded: for="[2001:db8::7]:4711";by={PROXY};proto=https',
    f"Via: 1.1 {PROXY}",
    f"True-Client-IP: {VICTIM}",
    f"CF-Connecting-IP: {VICTIM}",
    f"X-Client-IP: {VICTIM}",
    f"X-Cluster-Client-IP: {VICTIM}",
    f"Fastly-Client-IP: {VICTIM}",
    f"X-Forwarded-For: {VICTIM}\r\nX-Forwarded-Port: 1\r\nX-Forwarded-Host: {PROXY}",
)
PREAMBLES = {
    "v1": f"PROXY TCP4 {VICTIM} 192.0.2.1 4711 80\r\n".encode(),
    "v1 unknown": b"PROXY UNKNOWN\r\n",
    "v2": v2(VICTIM, 4711),
    "v2 local": v2(VICTIM, 4711, command=0),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_stranger_cannot_change_the_source(traps: Callable[..., Trap], lie: str) -> None:
    """Neither where nothing is set nor where other hosts are proxies."""
    asked = [
        (trap, trap.use(STRANGER, lie)) for trap in (traps(), forwarded(traps), forwarded(traps, "forwarded"))
    ]
    for trap, (canary, port) in asked:
        hit = trap.hit(canary, STRANGER, port)
        assert (hit.ip, hit.port) == (STRANGER, port)
        assert hit.as_dict()["via"] is None
        claim = lie.split("\r\n")[0].partition(":")[2].strip()
        assert claim in {value for _, value in hit.entry.body["observed"]["headers"]}, (
            "a claim is kept as one"
        )


@pytest.mark.parametrize("preamble", PREAMBLES.values(), ids=PREAMBLES)
@pytest.mark.parametrize("how", ["nothing set", "other proxies"])
def test_a_strangers_preamble_is_no_preamble(traps: Callable[..., Trap], how: str, preamble: bytes) -> None:
    trap = traps() if how == "nothing set" else proxied(traps)
    hit, port = trap.ask(STRANGER, before=preamble)
    assert (hit.ip, hit.port) == (STRANGER, port)
    assert hit.as_dict()["via"] is None


def test_a_proxys_header_is_believed(traps: Callable[..., Trap]) -> None:
    hit, _ = forwarded(traps).ask(PROXY, "X-Forwarded-For: 198.51.100.9")
    assert (hit.ip, hit.port) == ("198.51.100.9", 0)
    assert hit.as_dict()["via"]["chain"] == ["198.51.100.9"]


@pytest.mark.parametrize(
    ("chain", "source"),
    [
        (f"{VICTIM}, 198.51.100.9", "198.51.100.9"),
        (f"{VICTIM}, 198.51.100.9, {FAR_PROXY}", "198.51.100.9"),
        (f"{FAR_PROXY}, {VICTIM}, {PROXY}, 198.51.100.9, {FAR_PROXY}, {PROXY}", "198.51.100.9"),
        (f"{VICTIM},198.51.100.9:4242", "198.51.100.9"),
        (f"{VICTIM}\r\nX-Forwarded-For: 198.51.100.9", "198.51.100.9"),
        (f"{VICTIM}, 2001:db8::9", "2001:db8::9"),
        (f"{VICTIM}, ::ffff:198.51.100.9", "198.51.100.9"),
        (f"{VICTIM}, unknown", PROXY),
        (f"{VICTIM}, <script>", PROXY),
        ("198.51.100.9,", "198.51.100.9"),  # empty elements are passed over (RFC 9110, 5.6.1.2), with a note
        ("", PROXY),
    ],
)
def test_the_chain_is_walked_from_the_right(traps: Callable[..., Trap], chain: str, source: str) -> None:
    hit, port = forwarded(traps).ask(PROXY, f"X-Forwarded-For: {chain}")
    assert hit.ip == source
    assert hit.port == (4242 if ":4242" in chain else port if source == PROXY else 0)


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (f"for={VICTIM}, for=198.51.100.9", ("198.51.100.9", 0)),
        (f'for={VICTIM}, For="198.51.100.9:4242";proto=http;by={PROXY}', ("198.51.100.9", 4242)),
        (f'for={VICTIM}, for="[2001:db8::9]:4242"', ("2001:db8::9", 4242)),
        (f"for=198.51.100.9;host=x, for={FAR_PROXY}", ("198.51.100.9", 0)),
        (f"for={VICTIM}, for=_hidden", None),
        (f"for={VICTIM}, for=unknown", None),
        (f'for={VICTIM}, for="broken', None),
        (f"for={VICTIM}, proto=https", None),
    ],
)
def test_forwarded_where_the_proxies_write_that(
    traps: Callable[..., Trap], value: str, source: tuple[str, int] | None
) -> None:
    trap = forwarded(traps, "forwarded")
    hit, port = trap.ask(PROXY, f"Forwarded: {value}")
    assert (hit.ip, hit.port) == (source or (PROXY, port))


def test_the_header_that_our_proxies_do_not_write_is_the_clients(traps: Callable[..., Trap]) -> None:
    hit, port = forwarded(traps).ask(PROXY, f"Forwarded: for={VICTIM}", f"X-Real-IP: {VICTIM}")
    assert (hit.ip, hit.port) == (PROXY, port)
    hit, port = forwarded(traps, "forwarded").ask(PROXY, f"X-Forwarded-For: {VICTIM}")
    assert (hit.ip, hit.port) == (PROXY, port)


@pytest.mark.parametrize(
    ("preamble", "source"),
    [
        (b"PROXY TCP4 198.51.100.9 192.0.2.1 4242 80\r\n", ("198.51.100.9", 4242)),
        (b"PROXY TCP6 2001:db8::9 2001:db8::1 4242 80\r\n", ("2001:db8::9", 4242)),
        (v2("198.51.100.9", 4242), ("198.51.100.9", 4242)),
        (v2("2001:db8::9", 4242, family=0x21), ("2001:db8::9", 4242)),
        (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", None),
        (v2(VICTIM, 4711, command=0), None),
    ],
    ids=["v1", "v1 IPv6", "v2", "v2 IPv6", "v1 unknown", "v2 local"],
)
def test_the_proxy_protocol_of_a_configured_proxy(
    traps: Callable[..., Trap], preamble: bytes, source: tuple[str, int] | None
) -> None:
    hit, port = proxied(traps).ask(PROXY, f"X-Forwarded-For: {VICTIM}", before=preamble)
    assert (hit.ip, hit.port) == (source or (PROXY, port))
    assert hit.as_dict()["via"]["how"] == "proxy-protocol"


def test_a_second_preamble_is_the_clients_own(traps: Callable[..., Trap]) -> None:
    """The proxy's header comes first; a client that sends one as well has it arrive behind."""
    first, second = b"PROXY TCP4 198.51.100.9 192.0.2.1 4242 80\r\n", PREAMBLES["v1"]
    hit, _ = proxied(traps).ask(PROXY, before=first + second)
    assert (hit.ip, hit.port) == ("198.51.100.9", 4242)


def test_both_at_once(traps: Callable[..., Trap]) -> None:
    """A load balancer with PROXY protocol before proxies with headers: each is believed as far as it is ours."""
    trap = traps(proxy_protocol_from=PROXY, forwarded_from=FAR_PROXY)
    ours = f"PROXY TCP4 {FAR_PROXY} 192.0.2.1 5151 80\r\n".encode()
    hit, _ = trap.ask(PROXY, f"X-Forwarded-For: {VICTIM}, 198.51.100.9", before=ours)
    assert (hit.ip, hit.port) == ("198.51.100.9", 0)
    theirs = f"PROXY TCP4 {STRANGER} 192.0.2.1 5151 80\r\n".encode()
    hit, _ = trap.ask(PROXY, f"X-Forwarded-For: {VICTIM}", before=theirs)
    assert (hit.ip, hit.port) == (STRANGER, 5151)
