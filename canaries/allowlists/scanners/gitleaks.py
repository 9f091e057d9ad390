"""gitleaks: fingerprints for its file .gitleaksignore.

A fingerprint is commit, file, rule and line (https://github.com/gitleaks/gitleaks#gitleaksignore): no bait, and no hash
of it. Where lines move, make the list anew. The other way, regular expressions in .gitleaks.toml, would hold the bait.
"""

from __future__ import annotations

from collections.abc import Sequence

from canaries.allowlists.scanners import ReportedSecret, SecretScanner, listed, number, one_line, parsed, text

_WHAT = "a report of gitleaks"


class Gitleaks(SecretScanner):
    name = "gitleaks"
    report = "gitleaks dir . --report-format json --report-path report.json"

    def read(self, report: bytes) -> list[ReportedSecret]:
        found = []
        every = parsed(report, _WHAT)
        for one in listed([] if every is None else every, _WHAT):
            secret, _ = text(one, "Secret", _WHAT), text(one, "Fingerprint", _WHAT)
            first, last = number(one, "StartLine", _WHAT), number(one, "EndLine", _WHAT)
            path, rule = text(one, "File", _WHAT), text(one, "RuleID", _WHAT)
            found.append(ReportedSecret(path, first, last, rule, secret.__eq__, one, secret=secret))
        return found

    def write(self, planted: Sequence[ReportedSecret], report: bytes, kept: str) -> str:
        made = [str(one.record["Fingerprint"]) for one in planted]
        lines = [*kept.splitlines(), *filter(one_line, made)]
        return "".join(f"{line}\n" for line in dict.fromkeys(lines))
