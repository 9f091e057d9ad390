"""Exporting a case in an exchange format: proven like a dossier, written whole, recorded as an entry *exported*."""

from __future__ import annotations

import hashlib
from pathlib import Path

from canaries.core import files, plugins
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.dossier import exports
from listener.dossier.collect import collect, scope_of
from listener.dossier.exports import Exchange, exchange_case
from listener.dossier.proof import sealed_hits


def formats() -> dict[str, type[Exchange]]:
    """Every format by its name."""
    found = plugins.classes(exports.FOLDER, Exchange)  # type: ignore[type-abstract]
    return {kind.name: kind for kind in found.values()}


def export(
    home: Home, name: str, out: Path, *, incident: str | None = None, canary: str | None = None, why: str = ""
) -> str:
    """Write the case to ``out``, a new file; its SHA-256 comes back.

    Raises NotFoundError, LedgerError, TraplineError.
    """
    known = formats()
    if name not in known:
        raise TraplineError(f"no format is called {name!r}", hint=f"choose from: {', '.join(sorted(known))}")
    if out.exists():
        raise TraplineError(f"{out} is already there", hint="give another name with --out")
    scope = scope_of(home, incident, canary)
    sealed_hits(home, scope)
    LogSealer(home).checkpoint()
    case = collect(home, scope)
    state = hashlib.sha256()
    with files.draft(out, new=True) as file:
        for chunk in known[name]().write(exchange_case(case, case.events())):
            state.update(chunk)
            file.write(chunk)
        with home.store.write() as connection:
            body = {
                "what": name,
                scope.noun: scope.id,
                "why": why,
                "file": out.name,
                "sha256": state.hexdigest(),
                "canaries": sorted(scope.canaries),
            }
            home.writer.record(connection, "exported", home.now(), home.operator, body)
    return state.hexdigest()
