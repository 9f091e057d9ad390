"""The bait of a name, for Terraform's data source ``external``: JSON in, JSON out (its protocol has strings only)."""

from __future__ import annotations

import json
import sys

from canaries.client.options import client
from canaries.core.errors import TraplineError


def main() -> int:
    """Exit status 0: the bait is on standard output."""
    query = json.load(sys.stdin)
    name, kind = query["name"], query["kind"]
    try:
        with client(query["server"]) as api:
            found = [one for one in api.canaries(q=name, kind=kind, state="live") if one.memo == name]
            bait = api.reveal(found[-1].id, f"Terraform: {name}") if found else api.mint(kind, memo=name)
    except TraplineError as error:
        print(error.sentence, error.hint or "", file=sys.stderr)
        return 2
    json.dump({"id": bait.id, "text": bait.text}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
