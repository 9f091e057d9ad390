"""Whether enough different client programs fired in the last run: other people's programs come and go, sixty must stay.

python -m tests.clients.enough [LEAST]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEAST = 60


def main() -> int:
    """Count the run's results; 1 where fewer than ``LEAST`` different programs fired."""
    least = int(sys.argv[1]) if len(sys.argv) > 1 else LEAST
    results = json.loads((Path(__file__).parent / "results.json").read_text())
    fired = {result["client"] for result in results if result["outcome"] == "fired"}
    failed = [result["name"] for result in results if result["outcome"] == "failed"]
    sys.stdout.write(f"{len(fired)} different client programs fired; failed: {', '.join(failed) or 'none'}\n")
    return 0 if len(fired) >= least else 1


if __name__ == "__main__":
    sys.exit(main())
