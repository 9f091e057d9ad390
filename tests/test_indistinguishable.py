"""An intruder cannot tell bait from nothing: the same bytes in the same time, on this request and the next.

Measured as the intruder would: from outside, against ``trapline listen`` with all its processes.
"""

from __future__ import annotations

import base64
import bisect
import contextlib
import itertools
import json
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.model import Bait
from canaries.crypto.seeded_random import BASE62, HEX
from canaries.installation.home import Home
from canaries.mint import minting
from canaries.mint.minting import mint
from canaries.protocols.redirect_links import redirect_query
from listener.incidents.queries import hits
from listener.protocol.host_character import MOST_REQUESTS
from listener.protocol.identity import Identity
from tests import real_servers, steady
from tests.every import in_part_and_whole

KINDS = {
    "url": "path",
    "openai-key": "secret",
    "stripe-key": "secret",
    "github-token": "secret",
    "sms-gateway": "auth_token",
    "aws-key": "access_key_id",
    "user": "email",
}
Address = tuple[str, int]
"""Host and port."""


# --- the same bytes ---------------------------------------------------------------------------------------------------


def corpus(t: str) -> dict[str, bytes]:
    """About sixty ways to show the token ``t``, by name."""
    path, pair = quote(t, safe=""), base64.b64encode(f"user:{t}".encode()).decode()
    login = base64.b64encode(f"{t}:x".encode()).decode()
    document, form = json.dumps({"key": t, "model": "gpt-4o"}), f"To=%2B13035550136&From=x&Body={path}"
    sigv4 = (
        f"Authorization: AWS4-HMAC-SHA256 Credential={t}/20261122/eu-west-1/sts/aws4_request, "
        f"SignedHeaders=host, Signature={'0' * 64}"
    )

    def ask(line: str, *headers: str, body: str = "") -> bytes:
        length = (f"Content-Length: {len(body.encode())}",) if body else ()
        return "\r\n".join([line, "Host: h.example", *headers, *length, "", body]).encode()

    bearer, basic = f"Authorization: Bearer {t}", f"Authorization: Basic {pair}"
    as_form, as_json = "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/json"
    in_chunks = "Transfer-Encoding: chunked"
    methods = (
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "PROPFIND",
        "REPORT",
        "FOO",
    )
    suffixes = (".gif", ".png", ".js", ".css", ".ico", ".php", ".html", "/x.gif", "/x.js", "/robots.txt", "/")
    paths = (
        "/user",
        "/api/v3/user",
        "/v1/models",
        "/v1/balance",
        "/2010-04-01/Accounts.json",
        "/.git/config",
    )
    return {
        **{f"{method} path": ask(f"{method} /{path} HTTP/1.1") for method in methods},
        **{f"suffix {end}": ask(f"GET /{path}{end} HTTP/1.1") for end in suffixes},
        **{f"Bearer {where}": ask(f"GET {where} HTTP/1.1", bearer) for where in ("/", *paths)},
        **{f"Basic {where}": ask(f"GET {where} HTTP/1.1", basic) for where in ("/", *paths)},
        **{f"below the label {where}": ask(f"GET /{path}{where} HTTP/1.1", bearer) for where in paths},
        "HTTP/1.0": ask(f"GET /{path} HTTP/1.0"),
        "HTTP/1.0 keep-alive": ask(f"GET /{path} HTTP/1.0", "Connection: keep-alive"),
        "HTTP/0.9": f"GET /{path}\r\n\r\n".encode(),
        "HTTP/2.0": ask(f"GET /{path} HTTP/2.0"),
        "close": ask(f"GET /{path} HTTP/1.1", "Connection: close"),
        "query": ask(f"GET /?id={path} HTTP/1.1"),
        "encoded": ask("GET /" + "".join(f"%{byte:02x}" for byte in t.encode()) + " HTTP/1.1"),
        "long": ask(f"GET /{path}/{'a' * 9000} HTTP/1.1"),
        "too long": ask(f"GET /{path}/{'a' * 70_000} HTTP/1.1"),
        "dots": ask(f"GET /../{path}/..;/%00 HTTP/1.1"),
        "cookie": ask("GET / HTTP/1.1", f"Cookie: session={t}"),
        "token scheme": ask("GET /user HTTP/1.1", f"Authorization: token {t}"),
        "Basic as user": ask("GET /v1/charges HTTP/1.1", f"Authorization: Basic {login}"),
        "SigV4": ask("POST / HTTP/1.1", sigv4, as_form, body="Action=GetCallerIdentity&Version=2011-06-15"),
        "SigV4 S3": ask("GET / HTTP/1.1", sigv4),
        "SMS": ask(f"POST /2010-04-01/Accounts/{path}/Messages.json HTTP/1.1", basic, as_form, body=form),
        "chat": ask("POST /v1/chat/completions HTTP/1.1", bearer, as_json, body=document),
        "login form": ask("POST /login HTTP/1.1", as_form, body=f"user=a&password={path}"),
        "JSON": ask("POST /api/login HTTP/1.1", as_json, body=document),
        "header": ask("GET / HTTP/1.1", f"X-Api-Key: {t}"),
        "Host": f"GET / HTTP/1.1\r\nHost: {path}.example.net\r\n\r\n".encode(),
        "no Host": f"GET /{path} HTTP/1.1\r\n\r\n".encode(),
        "CONNECT": f"CONNECT {path}.example.net:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        "absolute": ask(f"GET http://h.example/{path} HTTP/1.1"),
        "upgrade": ask(f"GET /{path} HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"),
        "conditional": ask(f"GET /{path} HTTP/1.1", 'If-None-Match: "a"', "If-Match: *"),
        "range": ask(f"GET /{path}.gif HTTP/1.1", "Range: bytes=0-3"),
        "expect": ask("POST / HTTP/1.1", f"X: {t}", "Expect: 100-continue", body=document),
        "chunked": ask("POST / HTTP/1.1", in_chunks) + f"{len(t):x}\r\n{t}\r\n0\r\n\r\n".encode(),
        "bad chunk": ask("POST / HTTP/1.1", in_chunks) + f"zz\r\n{t}\r\n".encode(),
        "two lengths": ask(f"POST /{path} HTTP/1.1", "Content-Length: 3", "Content-Length: 4"),
        "smuggled": ask(f"POST /{path} HTTP/1.1", in_chunks, "Content-Length: 4"),
        "no colon": f"GET /{path} HTTP/1.1\r\nbad header\r\n\r\n".encode(),
        "NUL": ask("GET / HTTP/1.1", f"X: {t}\0y"),
        "bare LF": f"GET /{path} HTTP/1.1\nHost: x\n\n".encode(),
        "not HTTP": f"\x01\x02{t}\r\n\r\n".encode(),
        # in a frame of no known kind, and an error behind it: else the server waits for more, as nginx does
        "h2 frame": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        + len(t).to_bytes(3, "big") + b"\xee" + bytes(5) + t.encode() + b"\0\0\1\6" + bytes(5),
        "pipelined": 3 * ask(f"GET /{path} HTTP/1.1"),
        "unsigned redirect": ask(f"GET /{path}/?u=http%3A%2F%2Fevil.example&s=0123456789abcdef HTTP/1.1"),
    }  # fmt: skip


OVER_TLS = ("GET path", "HEAD path", "suffix .gif", "Bearer /user", "SMS", "SigV4", "chat", "long")
"""What is tried over TLS too; what is above it is the same code."""

NEXT = b"GET /next HTTP/1.1\r\nHost: h.example\r\nConnection: close\r\n\r\n"


def answers(address: Address, data: bytes, token: str, *, tls: bool = False) -> str:
    """Every byte that comes back for the request and for the next one on its connection; dates and the token masked."""
    text = re.sub(r"\r\nDate: [^\r]+", "\r\nDate: *", _exchanged(address, data, tls=tls).decode("latin-1"))
    for form in (token, quote(token, safe="")):
        text = text.replace(form, "TOKEN")
    return text


def _exchanged(address: Address, data: bytes, *, tls: bool) -> bytes:
    """A server that ends a connection before it has read all resets it, and the reset may overtake its answer."""
    for _ in range(30):
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            return _once(address, data, tls=tls)
    raise AssertionError(f"always reset: {data[:60]!r}")


def _once(address: Address, data: bytes, *, tls: bool) -> bytes:
    with socket.create_connection(address, timeout=steady.PATIENCE) as plain:
        sock = plain
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            sock = context.wrap_socket(plain, server_hostname="h.example")
        with sock:
            sock.sendall(data)
            sock.sendall(NEXT)
            return b"".join(iter(lambda: sock.recv(65_536), b""))


_DRAWN = re.compile(r"[A-Za-z0-9_+/=.-]{6,}|[0-9]+")
"""What an imitated service draws for each answer: ids, numbers, times."""


@pytest.fixture(scope="module")
def installations(
    tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]
) -> Iterator[list[tuple[Home, Address]]]:
    """Three of them, running; the first is the one that is attacked. In two of them every persona answers everywhere,
    in the second what its bait needs, which is the default.

    Their ``front`` keys, from which their words and looks follow, are fixed: three drawn ones say by chance, once in
    thirty times, one sentence of six alike.
    """
    made = []
    for number in range(3):
        folder = tmp_path_factory.mktemp("installation") / f"home-{number}"
        home = steady.installation(folder, "", f"number {number}")
        opened = {} if number == 1 else {"TRAPLINE_TRAPS_HTTP_PERSONAS": "all"}
        made.append((home, listen_once(home, **opened).http))
    yield made
    for home, _ in made:
        home.store.close()


@pytest.fixture(scope="module")
def twin(
    installations: list[tuple[Home, Address]],
    tmp_path_factory: pytest.TempPathFactory,
    listen_once: Callable[..., Any],
) -> Address:
    """A listener that says what the first says, for it has the same ``front`` key, and knows none of its canaries."""
    home = Home.create(tmp_path_factory.mktemp("twin") / "home", "")
    shutil.copy(installations[0][0].keys.folder / "front", home.keys.folder / "front")
    home.store.close()
    address: Address = listen_once(home, TRAPLINE_TRAPS_HTTP_PERSONAS="all").http
    return address


def value_of(home: Home, kind: str) -> str:
    """The token of a fresh canary."""
    (minted,) = mint(home, kind)
    return shown(minted.bait, kind)


def shown(bait: Bait, kind: str) -> str:
    (found,) = (token.value for token in bait.tokens if token.facet == KINDS[kind])
    return found


def made(home: Home, kind: str, seed: int) -> Bait:
    """A bait as this installation makes it that nobody has heard of."""
    chosen = minting.kind(kind)
    order = minting.order(home, seed.to_bytes(32, "big"), home.now(), "", "", place=chosen.place)
    return chosen.mint(order, chosen.Options())


def unknown_of(home: Home, kind: str, like: str) -> Iterator[str]:
    """Such tokens. One that begins with a letter looks like a label of 0.1 in a path, another does not."""
    for seed in itertools.count():
        found = shown(made(home, kind, seed), kind)
        if found[0].isdigit() == like[0].isdigit():
            yield found


@in_part_and_whole
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize("kind", KINDS)
def test_known_and_unknown_tokens_get_the_same_bytes(
    installations: list[tuple[Home, Address]], twin: Address, kind: str, tls: bool, whole: bool
) -> None:
    """One listener, a token it knows and two of the same form that it does not: to the byte.

    Where two unknown tokens already differ, because a service derives its ids and names from the credential, the known
    token's answer is held against that of a twin to which the very same token means nothing.
    """
    home, address = installations[0]
    live = value_of(home, kind)
    unknown = list(itertools.islice(unknown_of(home, kind, live), 2))
    shapes = [corpus(value) for value in (live, *unknown)]
    names = list(OVER_TLS if tls else shapes[0])
    if not whole:  # each way with two or three of the kinds
        names = names[list(KINDS).index(kind) % 3 :: 3]

    def compared(name: str) -> tuple[bool, bool]:
        """Whether two unknown tokens get the same, and whether the known one gets what it should."""
        asked = zip(shapes, (live, *unknown), strict=True)
        known, one, other = (answers(address, shape[name], value, tls=tls) for shape, value in asked)
        if one == other:
            return True, known == one
        stranger = answers(twin, shapes[0][name], live, tls=tls)
        return False, _DRAWN.sub("*", known) == _DRAWN.sub("*", stranger)

    with ThreadPoolExecutor(8) as threads:
        found = dict(zip(names, threads.map(compared, names), strict=True))
    assert [name for name, (_, same) in found.items() if not same] == []
    assert sum(exact for exact, _ in found.values()) * 10 >= len(names) * (4 if tls else 7)


def test_a_page_below_a_known_and_an_unknown_address_is_the_same(
    installations: list[tuple[Home, Address]],
) -> None:
    """The whole address of bait without a catch domain, on the way that the front takes it apart."""
    ends = ("", "/", ".gif", "/x.gif", "/v1/models")
    for home, address in installations:
        (minted,) = mint(home, "url")
        baits = (minted.bait, made(home, "url", 1), made(home, "url", 2))
        places = ["/" + bait.row["url"].rstrip("/").split("/", 3)[3] for bait in baits]
        tokens = [bait.tokens[0].value for bait in baits]
        for method, end in itertools.product(("GET", "HEAD", "POST", "PROPFIND"), ends):
            line = f"{method} %s{end} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            said = {
                answers(address, (line % place).encode(), token)
                for place, token in zip(places, tokens, strict=True)
            }
            assert len(said) == 1, (method, end)


def test_a_signed_redirect_tells_nothing_of_the_token_before_it(
    installations: list[tuple[Home, Address]],
) -> None:
    (home, address), (elsewhere, _), _ = installations
    query = redirect_query(home.keys.front, "https://www.example.org/")
    label, unknown = (next(mint(place, "url")).canary.tokens[0].value for place in (home, elsewhere))
    found = {
        answers(address, f"GET /{one}/?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), one)
        for one in (label, unknown)
    }
    (text,) = found
    assert text.startswith("HTTP/1.1 302 ")


def test_the_live_tokens_were_all_known(installations: list[tuple[Home, Address]]) -> None:
    """The control: what was compared above *was* recognised, and only at home."""
    home = installations[0][0]
    steady.until(lambda: KINDS.keys() <= {hit.kind for hit in hits(home)})
    assert {hit.kind for hit in hits(installations[1][0])} <= {"url"}, "a page of its own"


# --- nothing that is the same everywhere ------------------------------------------------------------------------------

PRODUCT = re.compile(rb"trapline|canar(y|ies)|honey|decoy|listener|python|uvloop|httptools", re.IGNORECASE)
PRESCRIBED = re.compile(
    rb"HTTP/1\.1 \d{3} "
    rb"|(Content-(Length|Type|Language)|Connection|Date|Server|Vary|Cache-Control): "
    rb"|X-(Content-Type-Options|Frame-Options|Robots-Tag): |Referrer-Policy: "
    rb"|\0\0\x06\x04\0{5}"  # HTTP/2: SETTINGS of one value, and whatever frames follow
    rb"|IHDR"  # of a PNG with one pixel: its size, depth and checksum
)
"""How a line begins that the format, or half of all web servers, writes in the same way."""
PHRASES = {status.phrase.encode() for status in HTTPStatus}
"""What RFC 9110 calls each status."""
SHORT = 24
"""Bytes below which a line is common words or a bare HTML tag."""


@pytest.fixture(scope="module")
def real_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    index = Identity(bytes(32)).host.welcome()[1]
    with real_servers.nginx(tmp_path_factory.mktemp("nginx") / "one", index, asks=True) as address:
        yield address


def scan(address: Address) -> bytes:
    """What a scanner that knows no secret is told; dates left out."""
    label = "mqt1zpopub4p3ny6o1s2"
    secret = re.compile(
        "Bearer|Basic|SigV4|SMS|chat|below|token"
    )  # imitated services speak as the service does
    probes = [one for name, one in corpus(label).items() if not secret.match(name)]
    return "\n".join(answers(address, one, label) for one in probes).encode("latin-1")


def certificates(address: Address) -> list[Any]:
    from cryptography import x509

    found = []
    for name in ("h.example", None):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(address, timeout=steady.PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=name) as sock,
        ):
            der = sock.getpeercert(binary_form=True)
            assert der is not None
            found.append(x509.load_der_x509_certificate(der))
    return found


def test_nothing_is_said_that_names_the_product(installations: list[tuple[Home, Address]]) -> None:
    for _, address in installations:
        found = PRODUCT.search(scan(address))
        assert not found, found
        for certificate in certificates(address):
            text = f"{certificate.subject} {certificate.issuer} {certificate.extensions}"
            assert not PRODUCT.search(text.encode()), text


def test_what_three_installations_say_alike_a_real_server_says_too(
    installations: list[tuple[Home, Address]], real_nginx: Address, tmp_path: Path
) -> None:
    """No skeleton is the product's own: releases, dates and numbers are taken out before lines are compared."""

    def skeleton(address: Address) -> set[bytes]:
        text = re.sub(rb"nginx(?:/[\d.]+(?: \(Ubuntu\))?)?", b"nginx", scan(address))
        text = re.sub(rb"(?m)^(Last-Modified|ETag|Content-Length): [^\r]*", rb"\1", text)
        return set(re.split(rb"[\r\n]+", text))

    common = set.intersection(*(skeleton(address) for _, address in installations))
    assert common, "they speak HTTP"
    real = skeleton(real_nginx)
    with real_servers.nginx(
        tmp_path / "two", b"", http2=True
    ) as address:  # one that was told to speak HTTP/2
        real.add(answers(address, corpus("label")["h2 frame"], "label").encode("latin-1"))
    strange = {line for line in common - PHRASES - real if not PRESCRIBED.match(line)}
    assert not {line for line in strange if len(line) >= SHORT}


def test_no_two_installations_are_the_same_host(installations: list[tuple[Home, Address]]) -> None:
    """The picture is at an address as the installation makes it: at any other there is none."""
    said: dict[str, set[str]] = {"/": set(), "/x.gif": set()}
    for home, address in installations:
        place = "/" + made(home, "url", 1).row["url"].rstrip("/").split("/", 3)[3]
        for end, where in (("/", "/"), ("/x.gif", f"{place}/x.gif")):
            request = f"GET {where} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            said[end].add(answers(address, request, place))
    assert {end: len(found) for end, found in said.items()} == {"/": 3, "/x.gif": 3}


def test_no_certificate_shares_anything_with_another_installations(
    installations: list[tuple[Home, Address]],
) -> None:
    found = [certificate for _, address in installations for certificate in certificates(address)]
    assert len({one.issuer.rfc4514_string() for one in found}) >= 2
    assert len({one.serial_number for one in found}) == 3, "one for every name that is asked for"
    keys = {one.public_key().public_numbers() for one in found}
    assert len(keys) >= 3
    validity = {one.not_valid_before_utc for one in found}
    assert len(validity) >= 3, "a date that all share is a fingerprint"


# --- the same time ----------------------------------------------------------------------------------------------------

BAND = 0.47, 0.53
"""Of the AUC. By chance alone a run of 5,000 pairs leaves it once in two million (its standard error is 0.0058)."""

NAIVE = """
import hashlib, socket, sqlite3, sys
known, order, database = set(open(sys.argv[1]).read().split()), sys.argv[2], sqlite3.connect(sys.argv[3])
database.execute("CREATE TABLE hit (token, request)")
answer = b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 2\\r\\n\\r\\nno"
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
sock, _ = listening.accept()
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
while request := sock.recv(65536):
    token = request.split(b" ")[1].strip(b"/").decode()
    if order == "after":
        sock.sendall(answer)
    if token in known:
        seal = hashlib.pbkdf2_hmac("sha256", request, b"salt", 2000)
        with database:
            database.execute("INSERT INTO hit VALUES (?, ?)", (token, request + seal))
    if order == "before":
        sock.sendall(answer)
"""
"""What not to do: look the token up, seal the hit and write it in the process that answers, before or after the answer.

That takes half a millisecond and more. What takes less than it takes to wake a process shows the other way round, or
not at all: who has just worked is still awake and answers the next request faster.
"""


def auc(known: list[int], unknown: list[int]) -> float:
    """How often the known token's time is the longer of two, ties half (Mann-Whitney's U, scaled); 0.5 is a coin."""
    ordered = sorted(unknown)
    below = sum(bisect.bisect_left(ordered, time) + bisect.bisect_right(ordered, time) for time in known)
    return below / 2 / (len(known) * len(unknown))


class Prober:
    """One connection after the other, and the time from a request's last byte out to its answer's last byte in."""

    def __init__(self, address: Address, most: int = MOST_REQUESTS) -> None:
        """``most``: requests that a connection may have; what says that it was the last has another length."""
        self._address, self._most = address, most
        self._length = self._left = 0
        self._sock = socket.socket()
        self.draw = random.Random(5)

    def __enter__(self) -> Prober:
        for _ in range(200):
            self.ask(self._warm())
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def _warm(self) -> str:
        return "".join(self.draw.choices(BASE62, k=22))

    def ready(self, count: int) -> None:
        """See that as many requests can go over this connection: if not, over a new one that has had its first."""
        if self._left >= count:
            return
        self._sock.close()
        self._sock = socket.create_connection(self._address, timeout=steady.PATIENCE)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = self._most - 2
        self._send(self._warm())
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._sock.recv(65_536)
        head, _, body = head.partition(b"\r\n\r\n")
        (length,) = re.findall(rb"(?i)\ncontent-length: *(\d+)", head)
        self._length = len(head) + 4 + int(length)
        left = int(length) - len(body)
        while left:
            left -= len(self._sock.recv(left))

    def unknown(self, like: str) -> str:
        """A token that was never minted, of the form of one that was: a path's other form takes other work."""
        alphabet = HEX if set(like) <= {*HEX, "-"} else BASE62
        kept = {8, 13, 14, 18, 19, 23} if "-" in like else ()  # RFC 9562: hyphens, version, variant
        drawn = self.draw.choices(alphabet, k=len(like))
        return "".join(like[at] if at in kept else one for at, one in enumerate(drawn))

    def _send(self, token: str) -> None:
        self._sock.sendall(f"GET /{token}/ HTTP/1.1\r\nHost: h.example\r\n\r\n".encode())

    def ask(self, token: str) -> int:
        """Nanoseconds."""
        self.ready(1)
        self._left -= 1
        began = time.perf_counter_ns()
        self._send(token)
        left = self._length
        while left > 0:
            data = self._sock.recv(65_536)
            assert data, "it was cut off"
            left -= len(data)
        assert not left, "this answer has another length"
        return time.perf_counter_ns() - began

    def pairs(self, live: list[str], count: int) -> tuple[float, float]:
        """AUC of the probes and of the requests that follow them, known and unknown in random order.

        Everything is drawn before the first is sent: making up a token takes longer than picking one, and a pause of
        some microseconds before a request shows in its time.
        """
        plan = []
        for _ in range(count):
            for known in self.draw.sample((True, False), 2):
                token = self.draw.choice(live)
                plan.append((known, token if known else self.unknown(token), self.unknown(token)))
        same: dict[bool, list[int]] = {True: [], False: []}
        following: dict[bool, list[int]] = {True: [], False: []}
        for known, token, after in plan:
            self.ready(2)
            same[known].append(self.ask(token))
            following[known].append(self.ask(after))
        return auc(same[True], same[False]), auc(following[True], following[False])


def inside(found: tuple[float, ...]) -> bool:
    return all(BAND[0] <= one <= BAND[1] for one in found)


def naive(folder: Path, live: list[str], order: str, count: int) -> tuple[float, float]:
    """The same measurement on a listener that gives itself away."""
    (folder / "tokens").write_text("\n".join(live))
    command = [sys.executable, "-c", NAIVE, str(folder / "tokens"), order, str(folder / f"{order}.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        with Prober(("127.0.0.1", int(process.stdout.readline())), most=1_000_000) as prober:
            return prober.pairs(live, count)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def measure(home: Home, address: Address, folder: Path, count: int) -> None:
    """The criterion, its controls, and one repetition.

    Other work on the machine disturbs known and unknown alike, for they come in random order; should it still throw a
    run out of the band, that run is repeated once with twice as many pairs, which a true difference would fail again.
    Where the naive listeners are not found out, the instrument is blind and the run is void.
    """
    live = [minted.canary.tokens[0].value for minted in mint(home, "url", count=1000)]
    for order, place in (("before", 0), ("after", 1)):
        seen = naive(folder, live, order, count // 4)[place]
        assert not inside((seen,)), "void: the instrument sees nothing"
    with Prober(address) as prober:
        found = prober.pairs(live, count)
        if not inside(found):
            found = prober.pairs(live, 2 * count)
    assert inside(found), f"this request, the next request: {found}"
    steady.until(lambda: recorded(home, count), "void: the known tokens were not recognised")


def recorded(home: Home, count: int) -> bool:
    """Whether there are that many hits."""
    with home.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(store.hit)).scalar_one()) >= count


@pytest.mark.alone
def test_five_thousand_pairs_take_the_same_time(
    home: Home, listen: Callable[..., Any], tmp_path: Path
) -> None:
    measure(home, listen(home).http, tmp_path, 5_000)


@pytest.mark.soak
def test_twenty_thousand_pairs_take_the_same_time(
    any_home: Home, listen: Callable[..., Any], tmp_path: Path
) -> None:
    measure(any_home, listen(any_home).http, tmp_path, 20_000)


@pytest.mark.soak
def test_patient_probing_shows_no_work_behind(home: Home, listen: Callable[..., Any]) -> None:
    """One probe, then a tenth of a second of watching how the host is doing while the back thinks about it."""
    live = [minted.canary.tokens[0].value for minted in mint(home, "url", count=1000)]
    slowest: dict[bool, list[int]] = {True: [], False: []}
    total: dict[bool, list[int]] = {True: [], False: []}
    with Prober(listen(home).http) as prober:
        for _ in range(1_000):
            for known in prober.draw.sample((True, False), 2):
                prober.ask(prober.draw.choice(live) if known else prober.unknown(live[0]))
                end, times = time.perf_counter() + 0.1, []
                while time.perf_counter() < end:
                    times.append(prober.ask(prober.unknown(live[0])))
                slowest[known].append(max(times))
                total[known].append(sum(times) // len(times))
    found = auc(slowest[True], slowest[False]), auc(total[True], total[False])
    assert all(0.45 <= one <= 0.55 for one in found), f"slowest, mean: {found}"
