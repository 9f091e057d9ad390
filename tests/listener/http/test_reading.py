"""A token is found wherever a client may put it, what was observed is told as it came, and no bytes raise."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from canaries.decoders import LONGEST
from listener.evidence.reading import Reading
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting
from listener.http.reading import HttpObserved, observe_request, read_request

KEY = "sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"
SECRET = "wJ/lrXUt+nFEMI/K7MDENGbPxRfiCYzzQ8pL1s3d"
LABEL = "q7f3k29xk2m5v8w1z4y6c"
AKID = "AKIASP2TPHJSQH3FJRUX"


def sighting(raw: bytes, tls: Any = None) -> Sighting:
    return Sighting(
        id="0" * 32, trap="http", observed_at=1, peer=("192.0.2.1", 5), local=("192.0.2.2", 80), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, tls=tls,
    )  # fmt: skip


def reading(raw: bytes | str, tls: Any = None) -> Reading:
    return read_request(sighting(raw if isinstance(raw, bytes) else raw.encode(), tls))


def request(head: str = "", body: bytes = b"", line: str = "POST /x HTTP/1.1") -> bytes:
    return f"{line}\r\nHost: api.example.net\r\n{head}\r\n".encode() + body


def basic(pair: str) -> str:
    return base64.b64encode(pair.encode()).decode()


def jwt(claims: dict[str, str]) -> str:
    parts = [{"alg": "RS256", "kid": "0123456789abcdef0123"}, claims]
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        + ".c2ln"
    )


JWT = jwt({"iss": "deploy-a8c1@lab.example.net", "token": KEY})
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
PARTS = "Content-Type: multipart/form-data; boundary=b0\r\n"
MULTIPART = (
    f'--b0\r\nContent-Disposition: form-data; name="note"\r\n\r\n{SECRET}\r\n'
    '--b0\r\nContent-Disposition: form-data; name="f"; filename="x.csv"\r\nContent-Type: text/csv\r\n'
    f"\r\n1,{KEY},2\r\n--b0--\r\n"
).encode()
CHUNKS = b"5\r\n" + KEY[:5].encode() + b"\r\n19\r\n" + KEY[5:].encode() + b"\r\n0\r\n\r\n"
SCOPE = f"{AKID}/20261122/us-east-1/sts/aws4_request"

PLACES = {
    "path segment": (request(line=f"GET /{LABEL}/v1/models HTTP/1.1"), LABEL),
    "percent-encoded segment": (request(line=f"GET /{quote(SECRET, safe='')}/x HTTP/1.1"), SECRET),
    "wholly percent-encoded": (
        request(line=f"GET /{''.join(f'%{ord(c):02X}' for c in LABEL)} HTTP/1.1"),
        LABEL,
    ),
    "query value": (request(line=f"GET /?a=1&key={KEY} HTTP/1.1"), KEY),
    "query value, encoded": (request(line=f"GET /?key={quote(SECRET, safe='')} HTTP/1.1"), SECRET),
    "query name": (request(line=f"GET /?{LABEL} HTTP/1.1"), LABEL),
    "host": (
        f"GET / HTTP/1.1\r\nHost: {LABEL.upper()}.Example.NET:8443\r\n\r\n".encode(),
        f"{LABEL}.example.net",
    ),
    "host below": (
        f"GET / HTTP/1.1\r\nHost: a.bucket.{LABEL}.example.net.\r\n\r\n".encode(),
        f"{LABEL}.example.net",
    ),
    "absolute target": (
        f"GET http://u:p@{LABEL}.example.net/x HTTP/1.1\r\n\r\n".encode(),
        f"{LABEL}.example.net",
    ),
    "CONNECT": (
        f"CONNECT {LABEL}.example.net:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        f"{LABEL}.example.net",
    ),
    "referer": (request(f"Referer: https://{LABEL}.Example.net/a\r\n"), f"{LABEL}.example.net"),
    "any header": (request(f"X-Whatever: a, b;c={KEY}\r\n"), KEY),
    "bearer": (request(f"Authorization: Bearer {JWT}\r\n"), JWT),
    "claim of a JWT": (request(f"Authorization: Bearer {JWT}\r\n"), KEY),
    "issuer of a JWT": (request(f"Authorization: Bearer {JWT}\r\n"), "deploy-a8c1@lab.example.net"),
    "older token scheme": (request(f"authorization: token {KEY}\r\n"), KEY),
    "Basic user": (request(f"Authorization: Basic {basic(f'{AKID}:x')}\r\n"), AKID),
    "Basic password": (
        request(f"Authorization: Basic {basic(f'ann:pa:s w0rd {KEY}')}\r\n"),
        f"pa:s w0rd {KEY}",
    ),
    "Basic pair": (request(f"Authorization: basic {basic(f'ann:{KEY}')}\r\n"), f"ann:{KEY}"),
    "Basic, not ASCII": (request(f"Authorization: Basic {basic('ann:pässwörter')}\r\n"), "pässwörter"),
    "proxy": (request(f"Proxy-Authorization: Basic {basic(f'ann:{KEY}')}\r\n"), KEY),
    "digest": (request(f'Authorization: Digest username="{LABEL}", realm="x"\r\n'), LABEL),
    "SigV4": (request(f"Authorization: AWS4-HMAC-SHA256 Credential={SCOPE}, x\r\n"), AKID),
    "presigned": (request(line=f"GET /?X-Amz-Credential={quote(SCOPE, safe='')} HTTP/1.1"), AKID),
    "session token": (request(f"X-Amz-Security-Token: {SECRET}//==\r\n"), f"{SECRET}//=="),
    "SharedKey": (request("Authorization: SharedKey corpbackups7f3a:c2ln\r\n"), "corpbackups7f3a"),
    "key header": (request(f"X-Api-Key: {SECRET}\r\n"), SECRET),
    "cookie": (request(f'Cookie: a=b; session="{KEY}"\r\n'), KEY),
    "cookie, odd characters": (request("Cookie: s=p:a|s?[w0rd]; b=c\r\n"), "p:a|s?[w0rd]"),
    "cookie, encoded": (request("Cookie: s=p%3Aa%26s%20w0rd\r\n"), "p:a&s w0rd"),
    "form": (request(FORM, f"u=a&p={quote('päss wörd?')}".encode()), "päss wörd?"),
    "form, plus for space": (request(FORM, b"p=correct+horse+%26"), "correct horse &"),
    "JSON": (request(body=json.dumps({"a": [{"b": f"x y {KEY}!"}]}).encode()), f"x y {KEY}!"),
    "JSON, escaped": (request(body=b'{"p": "p\\u00e4ss\\/w\\u00f6rd"}'), "päss/wörd"),
    "JSON, word in a text": (request(body=json.dumps({"prompt": f"my key is {KEY}."}).encode()), KEY),
    "JSON cut short": (request(body=json.dumps({"key": SECRET, "b": 1}).encode()[:-5]), SECRET),
    "multipart field": (request(PARTS, MULTIPART), SECRET),
    "multipart file": (request(PARTS, MULTIPART), KEY),
    "e-mail": (request(body=b"login=Ann.K7f3@Mail.Example.NET&x"), "ann.k7f3@mail.example.net"),
    "e-mail in a text": (request(body=b"Dear Ann <Ann.K7f3@Mail.Example.NET>."), "ann.k7f3@mail.example.net"),
    "base64 in JSON": (request(body=json.dumps({"blob": basic(f"user={KEY}\n")}).encode()), KEY),
    "base64 without padding": (request(line=f"GET /{basic(KEY).rstrip('=')} HTTP/1.1"), KEY),
    "chunked": (request("Transfer-Encoding: chunked\r\n", CHUNKS), KEY),
    "gzip": (request("Content-Encoding: gzip\r\n", gzip.compress(json.dumps({"k": KEY}).encode())), KEY),
    "gzip cut short": (
        request("Content-Encoding: gzip\r\n", gzip.compress(f"{KEY} {'x' * 99}".encode())[:-9]),
        KEY,
    ),
    "URL with a password": (request(body=f"postgres://app:{KEY}@db.example.net/x".encode()), KEY),
    "no HTTP at all": (f"\x00\xff hello {SECRET}\n\n".encode("latin-1"), SECRET),
    "a bare line": (f"GET /{LABEL}".encode(), LABEL),
    "a folded header": (request(f"X-A: b\r\n  {KEY}\r\n"), KEY),
    "bare line feeds": (
        f"GET / HTTP/1.0\nAuthorization: Basic {basic(f'ann:p {KEY}')}\n\n".encode(),
        f"p {KEY}",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_found(place: str) -> None:
    raw, token = PLACES[place]
    assert token.encode() in list(reading(raw).candidates)


def test_another_secret_of_the_same_shape_is_not_found() -> None:
    for raw, _ in PLACES.values():
        assert KEY[:-1].encode() + b"5" not in list(reading(raw).candidates)


def test_what_was_observed_is_told_in_order_and_case() -> None:
    raw = (
        b"GET /a%20b?x=1&y=%C3%BC HTTP/1.1\r\nhOsT: Api.Example.net:8080\r\nUser-Agent: t\xff\x1b[31m\r\n"
        b"X-A: 1\r\nx-a:  2 \r\nCookie: s=1\r\nAuthorization: Basic YW5uOnB3\r\n\r\n"
    )
    assert reading(raw).observed == {
        "method": "GET",
        "target": "/a%20b?x=1&y=%C3%BC",
        "version": "HTTP/1.1",
        "host": "api.example.net",
        "user_agent": "t\\xff\x1b[31m",
        "headers": [
            ("hOsT", "Api.Example.net:8080"),
            ("User-Agent", "t\\xff\x1b[31m"),
            ("X-A", "1"),
            ("x-a", "2"),
            ("Cookie", "s=1"),
            ("Authorization", "Basic YW5uOnB3"),
        ],
        "query": [("x", "1"), ("y", "ü")],
        "credentials": [
            {"in": "authorization", "scheme": "basic", "user": "ann", "password": "pw", "pair": "ann:pw"}
        ],
        "cookies": [("s", "1")],
    }


def test_a_failed_handshake_tells_its_server_name() -> None:
    found = reading(b"", {"sni": f"X.{LABEL}.Example.net", "hello": b"\x16\x03", "error": "unknown ca"})
    assert f"{LABEL}.example.net".encode() in list(found.candidates)
    assert found.observed == {
        "tls": {
            "version": "",
            "cipher": "",
            "alpn": "",
            "error": "unknown ca",
            "sni": f"x.{LABEL}.example.net",
        }
    }


def hello_of_python(name: str) -> bytes:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    outgoing = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_what_the_tls_client_said_is_fingerprinted() -> None:
    name = f"{LABEL}.example.net"
    found = reading(
        b"", {"hello": hello_of_python(name), "version": "TLSv1.3", "alpn": "http/1.1", "sni": None}
    )
    tls = found.observed["tls"]
    assert tls["ja4"].startswith("t13d")
    assert tls["ja4"].split("_")[0].endswith("h2")
    assert tls["ja4_r"].startswith(tls["ja4"].split("_")[0])
    assert (tls["offered_alpn"], tls["alpn"], tls["sni"]) == (["h2", "http/1.1"], "http/1.1", name)
    assert name.encode() in list(found.candidates)


def test_a_client_certificate_is_told() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kube-admin-q7f3k29x")])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, day, day + timedelta(days=1))
    der = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    told = reading(b"", {"client_cert": der}).observed["tls"]["client_certificate"]
    assert told == {
        "sha256": hashlib.sha256(der).hexdigest(),
        "subject": "CN=kube-admin-q7f3k29x",
        "issuer": "CN=kube-admin-q7f3k29x",
    }
    assert b"kube-admin-q7f3k29x" in reading(b"", {"client_cert": der}).candidates
    assert reading(b"", {"client_cert": b"\x30"}).observed["tls"]["client_certificate"]["error"]


def test_a_body_is_told_by_its_form() -> None:
    seen = reading(request(PARTS, MULTIPART)).observed
    assert seen["form"] == [("note", SECRET)]
    assert seen["parts"][1] == {"name": "f", "filename": "x.csv", "type": "text/csv", "size": len(KEY) + 4}
    seen = reading(request(body=b'{"to": ["+15550100", {"n": "\\ud800"}], "n": 1.5}')).observed
    assert seen["json"] == [("to[0]", "+15550100"), ("to[1].n", "\\ud800")]


def test_everything_observed_can_be_stored() -> None:
    for raw, _ in PLACES.values():
        assert json.dumps(reading(raw).observed).encode()


@pytest.mark.parametrize(
    "filler",
    [
        b"%41",
        b"[",
        b"a.b@",
        b"=",
        b"--b0\r\n\r\n",
        b"\r\n",
        b"a: b\r\n",
        b"&",
        b"9\r\n",
        b'{"a":',
        b"YWFhYWFhYWFh ",
        b"A",
    ],
)
def test_hostile_bulk_stays_bounded(filler: bytes) -> None:
    bulk = filler * (65536 // len(filler))
    head = "Content-Type: multipart/form-data; boundary=b0\r\nTransfer-Encoding: chunked\r\nCookie: "
    candidates = list(reading(request(head) + bulk).candidates)
    assert all(len(candidate) <= LONGEST + 2 for candidate in candidates)


def test_a_bomb_does_not_unfold() -> None:
    raw = request("Content-Encoding: gzip\r\n", gzip.compress(bytes(50_000_000)))
    assert reading(raw).observed["body_size"] == 256 * 1024


def test_what_is_beyond_the_bounds_is_owned_up_to() -> None:
    found = reading(request(body=KEY.encode() + b"\n" + gzip.compress(bytes(50_000_000))))
    assert KEY.encode() in found.candidates
    assert found.bounds[:1] == ("bytes",)


HEADS = st.sampled_from(
    [
        b"",
        b"\r\n",
        b"\n",
        b" ",
        b"GET ",
        b"/",
        b"HTTP/1.1\r\n",
        b"Host:",
        b"Authorization: Basic ",
        b"AWS4-HMAC-SHA256 ",
        b"Credential=",
        b"Digest ",
        b"Content-Type: multipart/form-data; boundary=",
        b"--",
        b"Content-Type: application/json\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"Content-Encoding: deflate\r\n\r\n",
        b"\r\n\r\n",
        b"[[",
        b'{"',
        b"%",
        b"%ff",
        b"=",
        b"&",
        b";",
        b"://",
        b"CONNECT ",
        b"@[",
        b"\x16\x03\x01",
        b"Cookie: ",
        b"ffffffffffffffff\r\n",
        b"-5\r\n",
    ]
)


@given(st.lists(st.one_of(HEADS, st.binary(max_size=40)), max_size=30).map(b"".join), st.binary(max_size=80))
@example(b"POST / HTTP/1.1\r\n\r\n" + b"[" * 100_000, b"")
@example(b'POST / HTTP/1.1\r\n\r\n{"a": 1' + b"0" * 5000 + b"}", b"")
def test_no_bytes_raise(raw: bytes, hello: bytes) -> None:
    found = reading(raw, {"hello": hello, "sni": None, "client_cert": hello})
    json.dumps(found.observed).encode()
    assert all(isinstance(candidate, bytes) for candidate in found.candidates)


@given(st.binary(max_size=200), st.sampled_from([b" ", b"\n", b'"', b"\0", b"&"]), st.binary(max_size=200))
def test_whatever_stands_around_it_a_key_is_found(before: bytes, separator: bytes, after: bytes) -> None:
    raw = before + separator + KEY.encode() + separator + after
    assert KEY.encode() in list(reading(raw).candidates)


def test_what_comes_through_a_tunnel_is_told_and_betrays() -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = ssl.create_default_context().wrap_bio(
        incoming, outgoing, server_hostname=f"{LABEL}.example.net"
    )
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    head = b"CONNECT bank.example.net:443 HTTP/1.1\r\nHost: bank.example.net:443\r\n\r\n"
    found = reading(head + outgoing.read())
    assert found.observed["method"] == "CONNECT"
    assert found.observed["tunnel"]["tls"]["sni"] == f"{LABEL}.example.net"
    assert found.observed["tunnel"]["tls"]["ja4"].startswith("t13d")
    assert f"{LABEL}.example.net".encode() in found.candidates
    plain = reading(head + b"GET /x HTTP/1.1\r\nAuthorization: Bearer " + KEY.encode() + b"\r\n\r\n")
    assert plain.observed["tunnel"] == {"begins": "GET /x HTTP/1.1"}
    assert KEY.encode() in plain.candidates


def test_the_shape_names_whatever_a_request_shows() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--'
    requests = (
        b"POST /?a=b HTTP/1.1\r\nHost: h\r\nCookie: c=d\r\nAuthorization: Bearer x\r\nbad line\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99\r\n\r\n" + body,
        b'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a":"b"}',
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=b",
        b"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\nhello",
    )
    shown = {name for raw in requests for name in read_request(sighting(raw)).observed}
    own = HttpObserved.__annotations__.keys() - Observed.__annotations__.keys()
    assert shown == own | {"method", "target", "host", "user_agent", "headers"}


def test_what_is_observed_is_what_a_full_reading_observes_whatever_came_before() -> None:
    """Like requests are read once: with a handshake, with notes or cut short they are not alike."""
    plain = sighting(request("Host: h\r\nAuthorization: Bearer " + KEY, b"a=1"))
    others = (
        plain,
        msgspec.structs.replace(plain, tls={"sni": "a.example.net", "version": "TLSv1.3"}),
        msgspec.structs.replace(plain, notes={"request": "mqtt connect", "client": "x"}),
        msgspec.structs.replace(plain, raw=plain.raw[:-1]),
        msgspec.structs.replace(plain, raw=b""),
        msgspec.structs.replace(plain, raw=plain.raw + b"&b=" + b"x" * 5000),
    )
    for one in (*others, *reversed(others)):
        assert observe_request(one) == read_request(one).observed
    shared: Any = observe_request(plain)
    with pytest.raises(TypeError):
        shared.update(method="PUT")
