"""gitleaks: the fingerprint that it reports is the line of .gitleaksignore. `tests/clients` runs the program itself."""

from __future__ import annotations

import json

from canaries.allowlists.scanners.gitleaks import Gitleaks


def report(secrets: list[tuple[str, str, int]]) -> bytes:
    """As gitleaks 8.30 writes it, without the fields that nobody reads."""
    return json.dumps(
        [
            {
                "RuleID": "github-pat",
                "StartLine": line,
                "EndLine": line,
                "Match": secret,
                "Secret": secret,
                "File": path,
                "Commit": "",
                "Fingerprint": f"{path}:github-pat:{line}",
            }
            for path, secret, line in secrets
        ]
    ).encode()


def test_an_entry_is_the_fingerprint() -> None:
    said = report([("a/.env", "x" * 40, 7)])
    assert Gitleaks().write(Gitleaks().read(said), said, "# ours\n") == "# ours\na/.env:github-pat:7\n"


def test_no_finding_is_no_entry() -> None:
    assert Gitleaks().read(b"null") == []
