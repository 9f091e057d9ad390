"""GitHub's meta document (https://api.github.com/meta).

``actions`` and ``codespaces`` are machines that GitHub rents of Azure to anybody: they are kept as a service of
GitHub, and beside a cloud's own label the cloud comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_json

_OWN = (
    "hooks",
    "web",
    "api",
    "git",
    "packages",
    "pages",
    "importer",
    "github_enterprise_importer",
    "dependabot",
    "copilot",
)
_RENTED = ("actions", "actions_macos", "codespaces")


class GithubMeta(LabelReader):
    """GitHub, with the service."""

    name = "github"
    what = "GitHub meta"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"verifiable_password_authentication"' in head or b'"ssh_key_fingerprints"' in head

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        data = read_json(path)
        for service in (*_OWN, *_RENTED):
            for network in data.get(service, ()):
                yield network, {"class": "hosting", "provider": "github", "service": service}
