"""TruffleHog: paths for its option ``--exclude-paths``, one regular expression a line.

It takes neither hashes nor fingerprints (https://github.com/trufflesecurity/trufflehog/issues/2687), and its comment
``trufflehog:ignore`` would stand beside the bait. So only files that are bait and nothing else are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from canaries.allowlists.scanners import ReportedSecret, SecretScanner, number, one_line, parsed, text
from canaries.core.errors import ScanError

_WHAT = "a report of TruffleHog"


class TruffleHog(SecretScanner):
    name = "trufflehog"
    report = "trufflehog filesystem . --json > report.json"
    whole_files = True

    def read(self, report: bytes) -> list[ReportedSecret]:
        found = []
        for line in report.splitlines():
            one = parsed(line, _WHAT) if line.strip() else {}
            if not isinstance(one, dict):
                raise ScanError(f"this is not {_WHAT}")
            if "SourceMetadata" in one:  # else one of its log lines
                found.append(_finding(one))
        return found

    def write(self, planted: Sequence[ReportedSecret], report: bytes, kept: str) -> str:
        names = [one.path.removeprefix("./") for one in planted]
        paths = [f"(?:^|/){re.escape(name)}$" for name in filter(one_line, names)]
        return "".join(f"{line}\n" for line in dict.fromkeys([*kept.splitlines(), *paths]))


def _finding(one: Mapping[str, Any]) -> ReportedSecret:
    """Of a file, in a folder or a commit."""
    data = one["SourceMetadata"].get("Data") if isinstance(one["SourceMetadata"], dict) else None
    place = next(iter(data.values()), None) if isinstance(data, dict) else None
    if not isinstance(place, dict):
        raise ScanError(f"this is not {_WHAT}: a finding has no source")
    secret, line = text(one, "Raw", _WHAT), number({"line": 1, **place}, "line", _WHAT)
    rule = text(one, "DetectorName", _WHAT)
    return ReportedSecret(text(place, "file", _WHAT), line, line, rule, secret.__eq__, one, secret=secret)
