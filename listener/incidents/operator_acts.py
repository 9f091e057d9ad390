"""Incidents: what operators say about hits that belong together. Which those are decides `listener.incidents.grouping`.

The tool measures, a named person assesses (ARCHITECTURE, rule 3): notes, assessments, closing and reopening are entries
of the ledger with the operator's name. An assessment has the form of ICD 203: a statement, how likely it is, and, in a
sentence of its own, how good the basis is; other explanations; what would change it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import entry, incident
from canaries.ledger.entries import Kind
from listener.incidents.hypotheses import KEYS
from listener.incidents.model import NOBODY

if TYPE_CHECKING:
    from canaries.installation.home import Home

LIKELIHOODS: Mapping[str, str] = {
    "almost-no-chance": "1-5 %",
    "very-unlikely": "5-20 %",
    "unlikely": "20-45 %",
    "roughly-even": "45-55 %",
    "likely": "55-80 %",
    "very-likely": "80-95 %",
    "almost-certain": "95-99 %",
}
"""The bands of ICD 203 (annex D.6.e.2.a), one row of words only."""

CONFIDENCES = ("low", "moderate", "high")
"""How good the basis of a judgement is: said in a sentence of its own, never mixed with the likelihood."""

LONGEST_NAME = 64
"""Characters of the name of whom an incident is assigned to."""

OUTCOMES = ("real", "test", "false-alarm", "own-scanner")
"""What an incident turned out to be, where closing says so."""


def resolve(connection: Connection, prefix: str) -> str:
    """The incident whose id begins with ``prefix``. Raises NotFoundError where there is none, or more than one."""
    clean = prefix.strip().lower()
    if not clean or not set(clean) <= set("0123456789abcdef"):
        raise NotFoundError(f"{prefix!r} is not the id of an incident", hint="run: trapline incidents")
    found = connection.execute(select(incident.c.id).where(incident.c.id.startswith(clean)).limit(2)).all()
    if not found:
        raise NotFoundError(f"there is no incident {clean}", hint="run: trapline incidents")
    if len(found) > 1:
        raise NotFoundError(f"more than one incident begins with {clean}", hint="give more of its id")
    return str(found[0].id)


def note(home: Home, incident_id: str, words: str) -> str:
    """Write a note: entry *noted*, whose id comes back. Raises NotFoundError; TraplineError where it is empty."""
    return _append_entry(home, incident_id, "noted", {"text": _said(words, "note")})


def close(home: Home, incident_id: str, reason: str = "", outcome: str = "") -> str:
    """Close the incident: a later hit opens a new one. Entry *noted* with ``state``, and ``outcome`` where given.

    Raises TraplineError where the outcome is none of `OUTCOMES`.
    """
    if outcome and outcome not in OUTCOMES:
        raise TraplineError(f"{outcome!r} is not an outcome", hint=f"choose from: {', '.join(OUTCOMES)}")
    body = {"text": reason.strip(), "state": "closed", **({"outcome": outcome} if outcome else {})}
    return _append_entry(home, incident_id, "noted", body)


def reopen(home: Home, incident_id: str, reason: str = "") -> str:
    """Open a closed incident again. Entry *noted* with ``state``."""
    return _append_entry(home, incident_id, "noted", {"text": reason.strip(), "state": "open"})


def assign(home: Home, incident_id: str, name: str, reason: str = "") -> str:
    """Say who looks after the incident; an empty name: nobody any more. Entry *noted* with ``assigned``."""
    clean = name.strip()
    if len(clean) > LONGEST_NAME or not clean.isprintable():
        raise TraplineError(
            f"a name has at most {LONGEST_NAME} characters, all of them visible", hint="shorten it"
        )
    return _append_entry(home, incident_id, "noted", {"text": reason.strip(), "assigned": clean or NOBODY})


def assess(
    home: Home,
    incident_id: str,
    statement: str,
    likelihood: str,
    confidence: str,
    alternatives: Sequence[str] = (),
    *,
    because: str = "",
    assumptions: Sequence[str] = (),
    evidence: Sequence[str] = (),
    would_change: str = "",
) -> str:
    """Write a judgement: entry *assessed*, whose id comes back. The author is the operator.

    ``likelihood`` is one of `LIKELIHOODS`, ``confidence`` one of `CONFIDENCES`, ``because`` its reason; ``evidence``
    are ids of hits or entries. Raises NotFoundError; TraplineError where a word is none of these.
    """
    band = _band(likelihood)
    if confidence not in CONFIDENCES:
        raise TraplineError(
            f"{confidence!r} is not a confidence", hint=f"choose from: {', '.join(CONFIDENCES)}"
        )
    body = {
        "statement": _said(statement, "assessment"),
        "likelihood": likelihood,
        "band": band,
        "confidence": confidence,
        "because": because.strip(),
        "alternatives": list(alternatives),
        "assumptions": list(assumptions),
        "evidence": list(evidence),
        "would_change": would_change.strip(),
    }
    return _append_entry(home, incident_id, "assessed", body)


def rate(home: Home, incident_id: str, hypothesis: str, likelihood: str, because: str = "") -> str:
    """Say how likely one of the competing explanations is: entry *rated*, whose id comes back.

    ``hypothesis`` is one of `listener.incidents.hypotheses.KEYS`. Raises NotFoundError; TraplineError where a word is
    not known.
    """
    if hypothesis not in KEYS:
        raise TraplineError(
            f"no explanation is called {hypothesis!r}", hint=f"choose from: {', '.join(KEYS)}"
        )
    body = {
        "hypothesis": hypothesis,
        "likelihood": likelihood,
        "band": _band(likelihood),
        "because": because.strip(),
    }
    return _append_entry(home, incident_id, "rated", body)


def _band(likelihood: str) -> str:
    if likelihood not in LIKELIHOODS:
        bands = ", ".join(f"{word} ({band})" for word, band in LIKELIHOODS.items())
        raise TraplineError(f"{likelihood!r} is not a likelihood", hint=f"choose from: {bands}")
    return LIKELIHOODS[likelihood]


def _said(words: str, noun: str) -> str:
    if not words.strip():
        raise TraplineError(f"an empty {noun} says nothing", hint="write a sentence")
    return words.strip()


def _append_entry(home: Home, prefix: str, kind: Kind, body: Mapping[str, Any]) -> str:
    with home.store.read() as connection:
        found = resolve(connection, prefix)
        _refuse_unknown(connection, body.get("evidence", ()))
    said = home.act(kind, {"incident": found, **body})
    with home.store.write() as connection:
        if "state" in body:
            connection.execute(update(incident).where(incident.c.id == found).values(state=body["state"]))
        home.writer.put(connection, said)
    return said.id


def _refuse_unknown(connection: Connection, evidence: Sequence[str]) -> None:
    for name in evidence:
        if connection.execute(select(entry.c.id).where(entry.c.id == name)).first() is None:
            raise NotFoundError(
                f"there is no entry {name!r} to rest a judgement on", hint="ids of hits: trapline hits --json"
            )
