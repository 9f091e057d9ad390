"""What Postfix makes of odd things: options behind a sender, SASL exchanges that fail, a message that passes."""

from __future__ import annotations

import re
from hashlib import sha256

_OPTION = re.compile(r"(?i)(?:SIZE=|BODY=|RET=|ENVID=|AUTH=|SMTPUTF8\Z)")
_PROBLEMS = {
    "unknown mechanism": "Invalid authentication mechanism",
    "no base64": "Invalid base64 data in continued response",
}
"""As it passes on what Dovecot says."""


def unknown_option(parameters: str) -> str:
    """The first word behind a sender that is no option of MAIL; empty where all are."""
    return next((word for word in parameters.split() if not _OPTION.match(word)), "")


def why(problem: Exception) -> str:
    """Why a login failed, as far as it is told."""
    return _PROBLEMS.get(str(problem), "(reason unavailable)")


class PassingMessage:
    """What is known of a message while it passes."""

    def __init__(self) -> None:
        self.size = -len(b"\n.\r\n")  # the line break put before it, and the last line
        self.hash = sha256()

    def update(self, data: bytes | bytearray) -> None:
        self.size += len(data)
        self.hash.update(data)
