"""What the front gets of the supervisor's environment."""

from __future__ import annotations

import os

_FRONT_VARIABLES = ("PATH", "PYTHON", "VIRTUAL_ENV", "LD_", "LANG", "LC_", "TZ")


def front_environment() -> dict[str, str]:
    """What Python needs of the environment. Settings come by it too, database logins among them: those stay here."""
    return {name: value for name, value in os.environ.items() if name.startswith(_FRONT_VARIABLES)}
