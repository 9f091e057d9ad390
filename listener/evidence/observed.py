"""Reading what a trap observed, whichever trap it was. Everything in it may be missing, and all text is hostile."""

from __future__ import annotations

from typing import cast

from listener.evidence.shapes import Notes, Observed


def from_notes(notes: Notes) -> Observed:
    """What a trap noted, as the beginning of what is observed: a copy."""
    return cast(Observed, dict(notes))


def headers(observed: Observed) -> list[tuple[str, str]]:
    """(name, value) in the order and the case in which they came."""
    return [(name, value) for name, value in observed.get("headers", ())]


def header_names(observed: Observed) -> tuple[str, ...]:
    """The names alone."""
    return tuple([name for name, _ in observed.get("headers", ())])


def header(observed: Observed, name: str) -> str:
    """The first header called ``name`` (in lower case), or an empty text."""
    for key, value in observed.get("headers", ()):
        if key.lower() == name:
            return _text(value)
    return ""


def client(observed: Observed) -> str:
    """What the client says it is: User-Agent, or what its protocol has in that place (``client``). Hostile."""
    return (
        _text(observed.get("user_agent")) or _text(observed.get("client")) or header(observed, "user-agent")
    )


def method(observed: Observed) -> str:
    """The HTTP method, or an empty text."""
    return _text(observed.get("method"))


def request(observed: Observed) -> str:
    """One line for people: ``GET /path``, or what another protocol calls its request. Hostile."""
    line = f"{method(observed)} {_text(observed.get('target'))}".strip()
    return line or _text(observed.get("request"))


def ja4(observed: Observed) -> str:
    """The JA4 of the TLS ClientHello, or an empty text."""
    tls = observed.get("tls")
    return _text(tls.get("ja4")) if isinstance(tls, dict) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
