"""detect-secrets: a baseline, which has the SHA-1 of each secret.

Its hook passes over a finding whose file, type and hash are in the baseline (``detect_secrets.core.potential_secret``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from canaries.allowlists.scanners import ReportedSecret, SecretScanner, listed, number, parsed, text
from canaries.core.errors import ScanError

_WHAT = "a baseline of detect-secrets"


class DetectSecrets(SecretScanner):
    name = "detect-secrets"
    report = "detect-secrets scan > report.json"

    def read(self, report: bytes) -> list[ReportedSecret]:
        return [
            ReportedSecret(
                path,
                number(one, "line_number", _WHAT),
                number(one, "line_number", _WHAT),
                text(one, "type", _WHAT),
                _hashes_to(text(one, "hashed_secret", _WHAT)),
                one,
            )
            for path, one in _results(_baseline(report))
        ]

    def write(self, planted: Sequence[ReportedSecret], report: bytes, kept: str) -> str:
        made = _baseline(kept) if kept.strip() else dict(_baseline(report))
        results: dict[str, list[Mapping[str, Any]]] = {}
        for path, one in _results(made) if kept.strip() else ():
            results.setdefault(path, []).append(one)
        for found in planted:
            entries = results.setdefault(found.path, [])
            if not any(_same(found.record, one) for one in entries):
                entries.append({**found.record, "is_secret": False})
        return json.dumps({**made, "results": dict(sorted(results.items()))}, indent=2) + "\n"


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other.get(name) for name in ("type", "hashed_secret"))


def _hashes_to(digest: str) -> Callable[[str], bool]:
    """It is the format's hash; what is hashed has 96 bits that nobody can guess."""
    return lambda secret: hashlib.sha1(secret.encode(), usedforsecurity=False).hexdigest() == digest


def _baseline(content: bytes | str) -> dict[str, Any]:
    found = parsed(content, _WHAT)
    if not isinstance(found, dict) or not isinstance(found.get("results"), dict):
        raise ScanError(f"this is not {_WHAT}")
    return found


def _results(baseline: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, records in baseline["results"].items():
        for one in listed(records, _WHAT):
            yield path, one
