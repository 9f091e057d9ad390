"""A token is found wherever a request can carry it, and the hit says which part of the bait it was.

Every token of several baits is shown in every place to a real listener, each over a connection of its own; the hits
are told apart by their source port.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents.model import Hit
from listener.incidents.queries import hits
from tests import steady
from tests.every import every

SOURCE = "127.0.0.11"
HEADERS = (
    "Referer", "Origin", "User-Agent", "X-Api-Key", "X-Auth-Token", "X-Amz-Security-Token", "Private-Token",
    "Api-Key", "X-Forwarded-Host", "X-Original-URL", "From", "If-None-Match", "Ocp-Apim-Subscription-Key", "X-Whatever",
)  # fmt: skip
FORM = "application/x-www-form-urlencoded"


def request(
    line: str = "GET / HTTP/1.1", *headers: str, body: str | bytes = b"", host: str = "www.example.net"
) -> bytes:
    body = body if isinstance(body, bytes) else body.encode()
    head = [line, f"Host: {host}", *headers, "Connection: close"]
    if body:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + body


def headed(name: str, token: str) -> bytes:
    return request("GET / HTTP/1.1", f"{name}: {token}")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def hexed(text: str) -> str:
    """Percent-encoded to the last letter."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def multipart(value: str, *, filename: str = "") -> bytes:
    name = f'; filename="{filename}"' if filename else ""
    body = f'--bnd\r\nContent-Disposition: form-data; name="f"{name}\r\n\r\n{value}\r\n--bnd--\r\n'
    return request("POST /up HTTP/1.1", "Content-Type: multipart/form-data; boundary=bnd", body=body)


def chunked(value: str) -> bytes:
    """With the value cut in two by the framing."""
    data = f'{{"k": "{value}"}}'.encode()
    pieces = data[:12], data[12:]
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + body


PLACES: dict[str, Callable[[str], bytes]] = {
    "path": lambda t: request(f"GET /{quote(t, safe='')} HTTP/1.1"),
    "path, deep": lambda t: request(f"GET /a/b/{quote(t, safe='')}/c.html?d=e HTTP/1.1"),
    "path, percent-encoded": lambda t: request(f"GET /{hexed(t)} HTTP/1.1"),
    "path, before a file name": lambda t: request(f"GET /{quote(t, safe='')}/pixel.gif HTTP/1.1"),
    "absolute target": lambda t: request(f"GET http://www.example.net/{quote(t, safe='')} HTTP/1.1"),
    "query value": lambda t: request(f"GET /?a=1&key={quote_plus(t)}&b=2 HTTP/1.1"),
    "query name": lambda t: request(f"GET /?{quote_plus(t)} HTTP/1.1"),
    "query, percent-encoded": lambda t: request(f"GET /?key={hexed(t)} HTTP/1.1"),
    "query, base64": lambda t: request(f"GET /?d={quote_plus(b64('user:' + t))} HTTP/1.1"),
    "redirect in a query": lambda t: request(
        f"GET /login?next={quote_plus('https://x.example/?t=' + quote_plus(t))} HTTP/1.1"
    ),
    "Basic user": lambda t: request("GET / HTTP/1.1", f"Authorization: Basic {b64(t + ':x')}"),
    "Basic password": lambda t: request("GET / HTTP/1.1", f"Authorization: Basic {b64('admin:' + t)}"),
    "Basic without padding": lambda t: request(
        "GET / HTTP/1.1", f"Authorization: basic {b64('ad:' + t).rstrip('=')}"
    ),
    "proxy Basic": lambda t: request("GET / HTTP/1.1", f"Proxy-Authorization: Basic {b64('admin:' + t)}"),
    "Bearer": lambda t: request("GET / HTTP/1.1", f"Authorization: Bearer {t}"),
    "bearer, odd spaces": lambda t: request("GET / HTTP/1.1", f"aUTHORIZATION:   bEARER   {t}  "),
    "token scheme": lambda t: request("GET / HTTP/1.1", f"Authorization: token {t}"),
    "no scheme": lambda t: request("GET / HTTP/1.1", f"Authorization: {t}"),
    "Digest": lambda t: request(
        "GET / HTTP/1.1", f'Authorization: Digest username="{t}", realm="r", nonce="n", uri="/", response="0"'
    ),
    "SigV4": lambda t: request(
        "GET / HTTP/1.1",
        f"Authorization: AWS4-HMAC-SHA256 Credential={t}/20261122/eu-west-1/s3/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64,
    ),
    "SigV4 in a query": lambda t: request(
        f"GET /b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={quote_plus(t)}"
        f"%2F20261122%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature={'0' * 64} HTTP/1.1"
    ),
    "cookie": lambda t: request("GET / HTTP/1.1", f"Cookie: a=b; session={t}; c=d"),
    "cookie, quoted": lambda t: request("GET / HTTP/1.1", f'Cookie: session="{t}"'),
    "cookie, percent-encoded": lambda t: request("GET / HTTP/1.1", f"Cookie: session={hexed(t)}"),
    "form": lambda t: request("POST / HTTP/1.1", f"Content-Type: {FORM}", body=f"u=a&p={quote_plus(t)}"),
    "form, percent-encoded": lambda t: request(
        "POST / HTTP/1.1", f"Content-Type: {FORM}", body=f"p={hexed(t)}"
    ),
    "form without a type": lambda t: request("POST / HTTP/1.1", body=f"u=a&p={quote_plus(t)}"),
    "JSON": lambda t: request(
        "POST / HTTP/1.1", "Content-Type: application/json", body=json.dumps({"a": [{"b": t}]})
    ),
    "JSON key": lambda t: request(
        "POST / HTTP/1.1", "Content-Type: application/json", body=json.dumps({t: 1})
    ),
    "JSON, escaped": lambda t: request(
        "POST / HTTP/1.1",
        "Content-Type: application/json",
        body='{"k": "' + "".join(f"\\u{ord(char):04x}" for char in t) + '"}',
    ),
    "JSON, as text": lambda t: request(
        "POST / HTTP/1.1", "Content-Type: text/plain", body=json.dumps({"b": t})
    ),
    "XML": lambda t: request("POST / HTTP/1.1", "Content-Type: text/xml", body=f"<a><b>{t}</b></a>"),
    "base64 body": lambda t: request("POST / HTTP/1.1", body=b64(f"login={t}")),
    "multipart field": multipart,
    "multipart file": lambda t: multipart(f"[default]\nkey = {t}\n", filename="dump.txt"),
    "chunked": chunked,
    "PUT without a type": lambda t: request("PUT /x HTTP/1.1", body=f"one\ntwo {t} three\n"),
    "HTTP/1.0": lambda t: f"GET /?k={quote_plus(t)} HTTP/1.0\r\n\r\n".encode(),
    "broken framing": lambda t: f"GET /?k={quote_plus(t)} HTTP/1.1\r\nno colon\r\n\r\n".encode(),
    "no HTTP at all": lambda t: f"\x01\x02 login {t} now\n".encode(),
    "cut off": lambda t: f"GET / HTTP/1.1\r\nX-Key: {t}\r\n".encode(),
    **{f"header {name}": partial(headed, name) for name in HEADERS},
    "Referer URL": lambda t: request("GET / HTTP/1.1", f"Referer: https://x.example/a?t={quote_plus(t)}"),
}

BAITS = {
    "url": ("path",),
    "openai-key": ("secret",),
    "stripe-key": ("secret", "publishable_key"),
    "github-token": ("secret",),
    "aws-key": ("access_key_id", "secret"),
    "sms-gateway": ("auth_token", "api_key", "account_sid"),
    "user": ("email", "password"),
    "postgres-url": ("password",),
}
CASES = [
    (kind, facet, place)
    for kind, facets in BAITS.items()
    for facet in facets
    for place in PLACES
    if "SigV4" not in place or facet != "secret"  # AWS never sends it, and its slashes would divide the scope
]


_ports = iter(range(20_000, 30_000))
"""Each use comes from a port of its own, below those that the kernel chooses from: nobody gets one twice."""


def send(address: tuple[str, int], data: bytes, *, sni: str = "") -> int:
    """Show it and read what comes; the client's port."""
    port = next(_ports)
    with socket.create_connection(address, timeout=steady.PATIENCE, source_address=(SOURCE, port)) as plain:
        if sni:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            plain = context.wrap_socket(plain, server_hostname=sni)
        with plain:
            if data:
                plain.sendall(data)
                if not sni:
                    plain.shutdown(socket.SHUT_WR)
                while plain.recv(65_536):
                    pass
    return port


def caught(home: Home, ports: set[int]) -> dict[int, list[Hit]]:
    """All hits by port, once each of ``ports`` has one, or at the end of patience."""
    with contextlib.suppress(AssertionError):  # what is missing is told by the test of its place
        steady.until(lambda: ports <= {hit.port for hit in hits(home)})
    found: dict[int, list[Hit]] = {}
    for hit in hits(home):
        assert hit.ip == SOURCE
        found.setdefault(hit.port, []).append(hit)
    return found


@pytest.fixture(scope="module")
def shown(
    tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]
) -> Iterator[dict[tuple[str, str, str], tuple[str, list[Hit]]]]:
    """(kind, facet, place) -> (id of the canary, the hits that came of it)."""
    home = Home.create(tmp_path_factory.mktemp("places") / "home", "")
    address = listen_once(home).http
    sent: dict[tuple[str, str, str], tuple[str, int]] = {}
    baits = {kind: next(mint(home, kind)).canary for kind in BAITS}
    for kind, facet, place in CASES:
        (value,) = [token.value for token in baits[kind].tokens if token.facet == facet]
        sent[kind, facet, place] = baits[kind].id, send(address, PLACES[place](value))
    ports = [port for _, port in sent.values()]
    assert len(set(ports)) == len(ports), "the kernel gave a port twice"
    found = caught(home, set(ports))
    yield {key: (canary, found.get(port, [])) for key, (canary, port) in sent.items()}
    home.store.close()


@every("case", CASES)
def test_a_token_is_found_in_every_place(
    shown: dict[tuple[str, str, str], tuple[str, list[Hit]]], case: tuple[str, str, str]
) -> None:
    (kind, facet, _), (canary, found) = case, shown[case]
    assert [(hit.canary, hit.kind, hit.facet) for hit in found] == [(canary, kind, facet)]


HOSTS: dict[str, Callable[[str], tuple[bytes, str]]] = {
    "Host": lambda name: (request(host=name), ""),
    "Host with a port": lambda name: (request(host=f"{name}:8443"), ""),
    "Host in capitals": lambda name: (request(host=name.upper()), ""),
    "Host with a final dot": lambda name: (request(host=f"{name}."), ""),
    "a name below it": lambda name: (request(host=f"bucket.s3.{name}"), ""),
    "absolute target": lambda name: (request(f"GET http://{name}/x HTTP/1.1"), ""),
    "CONNECT": lambda name: (request(f"CONNECT {name}:443 HTTP/1.1"), ""),
    "Host over TLS": lambda name: (request(host=name), "other.example.net"),
    "server name": lambda name: (request(), name),
    "server name, not a word": lambda name: (b"", name),
    "server name in capitals": lambda name: (request(), name.upper()),
}


@pytest.fixture(scope="module")
def hosts(
    tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]
) -> Iterator[dict[str, tuple[str, list[Hit]]]]:
    toml = '[bait]\nbase_url = "https://{label}.cdn-example.net"\n'
    home = Home.create(tmp_path_factory.mktemp("hosts") / "home", toml)
    address = listen_once(home).http
    sent: dict[str, tuple[str, int]] = {}
    for minted, (place, show) in zip(mint(home, "url", count=len(HOSTS)), HOSTS.items(), strict=True):
        (name,) = [token.value for token in minted.canary.tokens if token.facet == "host"]
        data, sni = show(name)
        sent[place] = minted.canary.id, send(address, data, sni=sni)
    found = caught(home, {port for _, port in sent.values()})
    yield {place: (canary, found.get(port, [])) for place, (canary, port) in sent.items()}
    home.store.close()


@every("place", HOSTS)
def test_a_host_label_is_found_in(hosts: dict[str, tuple[str, list[Hit]]], place: str) -> None:
    canary, found = hosts[place]
    assert [(hit.canary, hit.facet) for hit in found] == [(canary, "host")]
    if "server name" in place or "TLS" in place:
        assert found[0].as_dict()["tls"]["ja4"]
