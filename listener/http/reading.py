"""The back half of the HTTP trap: what was observed in a request, and which strings of it may be tokens.

Works on the raw bytes alone, in a process that faces nobody. Structure first (host, path, query, credentials, cookies,
body), because it says most; then the safety net over all bytes, so that a request no parser understands still betrays
the bait it carries.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from canaries.core.text import decoded
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.http import content, credentials
from listener.http.message import ParsedMessage, hostname, parse
from listener.net import ja4
from listener.protocol.candidates import Candidates

_MOST_SEGMENTS = 64
_NOT_SECRET = frozenset({"in", "scheme", "date", "region", "service"})
"""Parts of a credential that name no token."""


def read_request(sighting: Sighting) -> Reading:
    """Observed details and candidates of one request, or of a TLS handshake that never became one. Never raises.

    ``observed`` holds ``method``, ``target``, ``version``, ``host``, ``user_agent``, ``headers`` and, where there are
    some, ``query``, ``credentials``, ``cookies``, ``form``, ``json``, ``parts``, ``body_size``, ``tunnel``,
    ``defects``, ``tls``.
    """
    observed: dict[str, Any] = {}
    found = Candidates(len(sighting.raw))
    tls = tls_observed(sighting.tls) if sighting.tls else None
    if sighting.raw:
        _message(parse(sighting.raw), observed, found)
    if tls:
        observed["tls"] = tls
        if tls["sni"]:
            found.host(tls["sni"])
        shown = tls.get("client_certificate", {})
        found.look(shown.get("subject", "").encode())
    found.request(sighting.raw)
    return Reading(observed, found.all(), found.bounds)


def _message(message: ParsedMessage, observed: dict[str, Any], found: Candidates) -> None:
    host = hostname(message.authority or message.fields.get("host", ""))
    query = content.fields(message.query) if message.query else []
    shown = credentials.find_credentials(message, query)
    observed.update(
        method=message.method,
        target=message.target,
        version=message.version,
        host=host,
        user_agent=message.fields.get("user-agent", ""),
        headers=message.headers,
    )
    for credential in shown:
        for name, value in credential.items():
            if name not in _NOT_SECRET:
                found.add(value)
    found.host(host)
    if (
        message.authority
    ):  # an absolute target outranks the Host header (RFC 9112, section 3.2.2), which may still tell
        found.host(hostname(message.fields.get("host", "")))
    _path(message.path, found)
    cookies = _cookies(message.fields["cookie"]) if "cookie" in message.fields else []
    _values(query, found)
    _values(cookies, found)
    _values([(name, decoded(unquote_to_bytes(value))) for name, value in cookies if "%" in value], found)
    if message.body and message.method == "CONNECT":
        observed["tunnel"] = _tunnel(message.body, found)
    elif message.body:
        _body(message, observed, found)
    for _, value in message.headers:
        if " " not in value:
            found.add(value)
    optional = {"query": query, "credentials": shown, "cookies": cookies, "defects": message.defects}
    observed.update({name: value for name, value in optional.items() if value})


def _path(path: str, found: Candidates) -> None:
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


def _body(message: ParsedMessage, observed: dict[str, Any], found: Candidates) -> None:
    body = content.read_body(message.fields.get("content-type", ""), message.body)
    observed["body_size"] = len(message.body)
    observed.update({name: getattr(body, name) for name in ("form", "json", "parts") if getattr(body, name)})
    _values(body.form, found)
    _values(body.json, found)
    if "transfer-encoding" in message.fields or "content-encoding" in message.fields:
        found.look(message.body)  # undone, these codings show what the raw bytes do not


def _tunnel(data: bytes, found: Candidates) -> dict[str, Any]:
    """What came first through a proxy's tunnel: to whom it spoke TLS, and how; or the first line of something else."""
    greeting = _fingerprint(data)
    if greeting:
        found.host(greeting["sni"].lower())
        return {"tls": greeting}
    return {"begins": decoded(data.partition(b"\n")[0][:200]).rstrip("\r")}


def tls_observed(tls: dict[str, Any]) -> dict[str, Any]:
    """What a handshake showed, as it goes into a hit's entry; every trap that speaks TLS tells it so."""
    hello = tls.get("hello") or b""
    return {
        **{name: _plain(tls.get(name)) for name in ("version", "cipher", "alpn", "error")},
        **_fingerprint(hello),
        "sni": _plain(tls.get("sni")).lower() or _fingerprint(hello).get("sni", ""),
        **_certificate(tls.get("client_cert") or b""),
    }


def _plain(value: object) -> str:
    return decoded(value) if isinstance(value, bytes) else str(value or "")


@lru_cache(maxsize=512)
def _fingerprint(records: bytes) -> dict[str, Any]:
    """Once per connection: its requests share the hello."""
    hello = ja4.parse(records)
    if hello is None:
        return {}
    offered = [decoded(protocol) for protocol in hello.alpn]
    return {"ja4": ja4.ja4(hello), "ja4_r": ja4.raw(hello), "offered_alpn": offered, "sni": hello.sni}


def _certificate(der: bytes) -> dict[str, Any]:
    if not der:
        return {}
    from cryptography import x509

    facts = {"sha256": hashlib.sha256(der).hexdigest()}
    try:
        certificate = x509.load_der_x509_certificate(der)
        facts |= {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
        }
    except (ValueError, x509.InvalidVersion):
        facts["error"] = "not a certificate"
    return {"client_certificate": facts}
