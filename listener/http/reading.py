"""The back half of the HTTP trap: what was observed in a request, and which strings of it may be tokens.

Works on the raw bytes alone, in a process that faces nobody. Structure first (host, path, query, credentials, cookies,
body), because it says most; then the safety net over all bytes, so that a request no parser understands still betrays
the bait it carries.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TypedDict, cast
from urllib.parse import unquote_to_bytes

from canaries.core.text import decoded
from listener.evidence.observed import from_notes
from listener.evidence.reading import Reading
from listener.evidence.shapes import ClientCertificate, ClientHello, Observed, TlsHandshake, TlsObserved
from listener.evidence.shared_record import SharedRecord, shared
from listener.evidence.sighting import Sighting
from listener.http import content, credentials, websocket
from listener.http.message import ParsedMessage, hostname, parse
from listener.net import ja4
from listener.protocol.candidates import Candidates, NoCandidates, strings

_MOST_SEGMENTS = 64
_LONGEST, _REMEMBERED = 4096, 1024
"""Bytes of a request of which is remembered what was observed, and requests: some 12 MB at most."""
_NOT_SECRET = frozenset({"in", "scheme", "date", "region", "service"})
"""Parts of a credential that name no token."""


class TunnelObserved(TypedDict, total=False):
    """What came first through a proxy's tunnel."""

    tls: ClientHello
    begins: str
    """The first line of something else than TLS."""


class HttpObserved(Observed, total=False):
    """What a request showed beside what every room looks at."""

    version: str
    query: list[tuple[str, str]]
    credentials: list[credentials.Credential]
    cookies: list[tuple[str, str]]
    form: list[tuple[str, str]]
    json: list[tuple[str, str]]
    """(path, string) of every string."""
    parts: list[content.Part]
    body_size: int
    """Bytes as they came."""
    tunnel: TunnelObserved
    defects: list[str]
    """What could not be made sense of."""


def read_request(sighting: Sighting) -> Reading:
    """Observed details and candidates of one request, or of a TLS handshake that never became one. Never raises.

    ``observed`` is an `HttpObserved`.
    """
    found = Candidates(len(sighting.raw))
    observed = _observed(sighting, found)
    found.request(sighting.raw)
    return Reading(observed, found.all(), found.bounds)


def observe_request(sighting: Sighting) -> HttpObserved:
    """What was observed. Of a short request it is read once: whoever uses a bait sends the same again and again."""
    if sighting.tls or "request" in sighting.notes or len(sighting.raw) > _LONGEST:
        return _observed(sighting, NoCandidates())
    return cast(HttpObserved, _of_raw(sighting.raw))


@lru_cache(_REMEMBERED)
def _of_raw(raw: bytes) -> SharedRecord:
    observed = HttpObserved()
    if raw:
        read_message(parse(raw), observed, NoCandidates())
    return shared(observed)


def _observed(sighting: Sighting, found: Candidates) -> HttpObserved:
    """The candidates that the structure shows are added to ``found``."""
    observed = HttpObserved()
    tls = tls_observed(sighting.tls) if sighting.tls else None
    if sighting.raw:
        read_message(parse(sighting.raw), observed, found)
    if "request" in sighting.notes:  # done over a protocol that the request had asked for
        for name in ("method", "target", "body_size"):
            observed.pop(name, None)  # type: ignore[misc]
        observed.update(from_notes(sighting.notes))  # type: ignore[typeddict-item]
        for value in strings(sighting.notes):
            found.look(value)
    if tls:
        observed["tls"] = tls
        found.host(tls["sni"])
        found.handshake(sighting.tls or {})
        certificate = tls.get("client_certificate")
        found.look(certificate.get("subject", "").encode() if certificate else b"")
    return observed


def read_message(message: ParsedMessage, observed: HttpObserved, found: Candidates) -> None:
    """Fill ``observed`` and add the candidates that the structure of ``message`` shows."""
    host = hostname(message.authority or message.fields.get("host", ""))
    query = read_target(message, found)
    shown = credentials.find_credentials(message, query)
    observed["method"] = message.method
    observed["target"] = message.target
    observed["version"] = message.version
    observed["host"] = host
    observed["user_agent"] = message.fields.get("user-agent", "")
    observed["headers"] = message.headers
    for credential in shown:
        for name, value in credential.items():
            if name not in _NOT_SECRET:
                found.add(value)
    # an absolute target outranks the Host header (RFC 9112, section 3.2.2), which may still tell
    found.host(hostname(message.fields.get("host", "")))
    cookies = _cookies(message.fields["cookie"]) if "cookie" in message.fields else []
    _values(cookies, found)
    _values([(name, decoded(unquote_to_bytes(value))) for name, value in cookies if "%" in value], found)
    if message.body and message.method == "CONNECT":
        observed["tunnel"] = _tunnel(message.body, found)
    elif message.body and message.fields.get("upgrade", "").lower() == "websocket":
        observed["body_size"] = len(message.body)
        for said in websocket.payloads(message.body):
            found.look(said)
    elif message.body:
        _body(message, observed, found)
    for _, value in message.headers:
        if " " not in value:
            found.add(value)
    if query:
        observed["query"] = query
    if shown:
        observed["credentials"] = shown
    if cookies:
        observed["cookies"] = cookies
    if message.defects:
        observed["defects"] = message.defects


def read_target(message: ParsedMessage, found: Candidates) -> list[tuple[str, str]]:
    """The fields of the query; candidates of these, of the path and of an absolute target's host are added."""
    query = content.fields(message.query) if message.query else []
    if message.authority:
        found.host(hostname(message.authority))
    _path(message.path, found)
    _values(query, found)
    return query


def _path(path: str, found: Candidates) -> None:
    found.add(path[1:])  # a key with slashes of its own, at its end too
    for segment in path.split("/", _MOST_SEGMENTS):
        found.add(segment)
        if "%" in segment:
            found.look(unquote_to_bytes(segment))


def _values(pairs: list[tuple[str, str]], found: Candidates) -> None:
    for name, value in pairs:
        found.add(value)
        found.add(name)
        if "@" in value:
            found.add(value.lower())


def _cookies(header: str) -> list[tuple[str, str]]:
    pairs = [piece.strip().partition("=") for piece in header.split(";", 200)]
    return [(name, value.strip('"')) for name, _, value in pairs if name]


def _body(message: ParsedMessage, observed: HttpObserved, found: Candidates) -> None:
    body = content.read_body(message.fields.get("content-type", ""), message.body)
    observed["body_size"] = len(message.body)
    if body.form:
        observed["form"] = body.form
    if body.json:
        observed["json"] = body.json
    if body.parts:
        observed["parts"] = body.parts
    _values(body.form, found)
    _values(body.json, found)
    if "transfer-encoding" in message.fields or "content-encoding" in message.fields:
        found.look(message.body)  # undone, these codings show what the raw bytes do not


def _tunnel(data: bytes, found: Candidates) -> TunnelObserved:
    """What came first through a proxy's tunnel: to whom it spoke TLS, and how; or the first line of something else."""
    greeting = _fingerprint(data)
    if greeting:
        found.host(greeting["sni"].lower())
        return {"tls": greeting}
    return {"begins": decoded(data.partition(b"\n")[0][:200]).rstrip("\r")}


def tls_observed(tls: TlsHandshake) -> TlsObserved:
    """What a handshake showed, as it goes into a hit's entry; every trap that speaks TLS tells it so."""
    greeting = _fingerprint(tls.get("hello") or b"")
    found: TlsObserved = {
        "version": _plain(tls.get("version")),
        "cipher": _plain(tls.get("cipher")),
        "alpn": _plain(tls.get("alpn")),
        "error": _plain(tls.get("error")),
        "sni": _plain(tls.get("sni")).lower() or greeting.get("sni", ""),
    }
    if greeting:
        found["ja4"], found["ja4_r"] = greeting["ja4"], greeting["ja4_r"]
        found["offered_alpn"] = greeting["offered_alpn"]
    if certificate := tls.get("client_cert"):
        found["client_certificate"] = _certificate(certificate)
    return found


def _plain(value: object) -> str:
    return decoded(value) if isinstance(value, bytes) else str(value or "")


@lru_cache(maxsize=512)
def _fingerprint(records: bytes) -> ClientHello:
    """Once per connection: its requests share the hello."""
    hello = ja4.parse(records)
    if hello is None:
        return {}
    offered = [decoded(protocol) for protocol in hello.alpn]
    return {"ja4": ja4.ja4(hello), "ja4_r": ja4.raw(hello), "offered_alpn": offered, "sni": hello.sni}


def _certificate(der: bytes) -> ClientCertificate:
    from cryptography import x509

    facts = ClientCertificate(sha256=hashlib.sha256(der).hexdigest())
    try:
        certificate = x509.load_der_x509_certificate(der)
        facts["subject"] = certificate.subject.rfc4514_string()
        facts["issuer"] = certificate.issuer.rfc4514_string()
    except (ValueError, x509.InvalidVersion):
        facts["error"] = "not a certificate"
    return facts
