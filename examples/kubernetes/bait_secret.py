"""Mint bait by the API and print a Kubernetes Secret that holds it."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from canaries.client.options import client
from canaries.client.values import RemoteBait
from canaries.core.errors import TraplineError


def values(bait: RemoteBait) -> dict[str, bytes]:
    """What the Secret holds: the bait's files by their names, or the settings of its text."""
    files = {PurePosixPath(file.path).name.lstrip("."): file.content for file in bait.files}
    found = {name: content for name, content in files.items() if content is not None}
    settings = re.findall(r"^(?:export )?([A-Z_][A-Z0-9_]*)=(.*)$", bait.text, re.MULTILINE)
    return (
        found
        or {name: value.strip("'\"").encode() for name, value in settings}
        or {"value": bait.text.encode()}
    )


def secret(namespace: str, name: str, held: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "type": "Opaque",
        "data": {key: base64.b64encode(value).decode() for key, value in held.items()},
    }


def main(namespace: str, name: str, kind: str) -> int:
    """Exit status 0: the manifest is on standard output."""
    key = hashlib.sha256(f"secret {namespace}/{name}".encode()).hexdigest()
    try:
        with client(os.environ["TRAPLINE_SERVER"]) as api:
            bait = api.mint(kind, memo=f"Secret {name} in the namespace {namespace}", key=key)
    except TraplineError as error:
        print(error.sentence, error.hint or "", file=sys.stderr)
        return 2
    yaml.safe_dump(secret(namespace, name, values(bait)), sys.stdout, sort_keys=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
