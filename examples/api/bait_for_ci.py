"""Mint a canary for a repository by the API and write its text into a file, once."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from canaries.client.api_client import ApiClient
from canaries.core.errors import TraplineError


def main(repository: str, target: Path) -> int:
    """Exit status 0: the file is there."""
    token = (
        os.environ.get("TRAPLINE_TOKEN")
        or Path(os.environ["TRAPLINE_TOKEN_FILE"]).expanduser().read_text().strip()
    )
    key = hashlib.sha256(f"bait for {repository}".encode()).hexdigest()
    if target.exists():
        return 0
    try:
        with ApiClient(os.environ["TRAPLINE_SERVER"], token) as client:
            bait = client.mint("aws-key", memo=f"decoy variables of {repository}", key=key)
    except TraplineError as error:
        print(error.sentence, error.hint or "", file=sys.stderr)
        return 2
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(bait.text)
    print(f"canary {bait.id} is in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
