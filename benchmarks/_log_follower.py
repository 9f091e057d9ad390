"""Follows every log of a home until it is ended, as the back does: ``python -m benchmarks._log_follower HOME``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from canaries.installation.home import Home
from listener.facts.derive import load
from listener.following.follower import LogFollower
from listener.ingest.intake import Intake


def main() -> None:
    home = Home.open(Path(sys.argv[1]))
    follower = LogFollower(home, Intake(home, load(home)), lambda text: print(text, file=sys.stderr))
    print("ready", flush=True)
    follower.run(threading.Event())


if __name__ == "__main__":
    main()
