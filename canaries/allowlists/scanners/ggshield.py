"""ggshield: SHA-256 hashes for ``ignored_matches`` of its .gitguardian.yaml.

The hash is over all strings of a secret with their types, which only ggshield knows: it is in its report
(``ggshield.core.filter.get_ignore_sha``). ggshield passes over that secret in every file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from canaries.allowlists.scanners import ReportedSecret, SecretScanner, listed, number, parsed, text
from canaries.core.errors import ScanError

_WHAT = "a report of ggshield"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DEEPEST = 50


class Ggshield(SecretScanner):
    name = "ggshield"
    report = "ggshield secret scan --json path --recursive . > report.json"

    def read(self, report: bytes) -> list[ReportedSecret]:
        found = parsed(report, _WHAT)
        if not isinstance(found, dict):
            raise ScanError(f"this is not {_WHAT}")
        return list(_entities(found, 0))

    def write(self, planted: Sequence[ReportedSecret], report: bytes, kept: str) -> str:
        settings = _settings(kept)
        matches = settings["secret"]["ignored_matches"]
        known = {one.get("match") for one in matches}
        for one in planted:
            digest = one.record["ignore_sha"]
            if digest not in known:
                known.add(digest)
                matches.append({"name": one.rule, "match": digest})
        return yaml.safe_dump(settings, sort_keys=False)


def _entities(scan: Mapping[str, Any], depth: int) -> Iterator[ReportedSecret]:
    """Of a scan and of the scans in it: commits, images."""
    if depth > _DEEPEST:
        raise ScanError(f"this is not {_WHAT}: scans in scans without end")
    for entity in listed(scan.get("entities_with_incidents", []), _WHAT):
        for incident in listed(entity.get("incidents", []), _WHAT):
            if not _SHA256.fullmatch(text(incident, "ignore_sha", _WHAT)):
                raise ScanError(f"this is not {_WHAT}: an ignore_sha is no SHA-256")
            yield from _occurrences(text(entity, "filename", _WHAT), incident)
    for inner in listed(scan.get("scans", []), _WHAT):
        yield from _entities(inner, depth + 1)


def _occurrences(path: str, incident: Mapping[str, Any]) -> Iterator[ReportedSecret]:
    for one in listed(incident.get("occurrences", []), _WHAT):
        first, last = number(one, "line_start", _WHAT), number(one, "line_end", _WHAT)
        columns = number(one, "index_start", _WHAT), number(one, "index_end", _WHAT)
        yield ReportedSecret(
            path,
            first,
            last,
            text(incident, "type", _WHAT),
            lambda _: False,
            incident,
            group=str(incident["ignore_sha"]),
            columns=columns,
        )


def _settings(kept: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(kept) if kept.strip() else {"version": 2}
    except yaml.YAMLError:
        raise ScanError("this is no .gitguardian.yaml: it is no YAML") from None
    if not isinstance(found, dict) or found.get("version") != 2:
        raise ScanError("this is no .gitguardian.yaml of version 2")
    secret = found.setdefault("secret", {})
    if not isinstance(secret, dict):
        raise ScanError("this is no .gitguardian.yaml: secret is no mapping")
    listed(secret.setdefault("ignored_matches", []), "a .gitguardian.yaml")
    return found
