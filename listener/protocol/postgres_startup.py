"""PostgreSQL's StartupMessage, and what the server says of one that it does not take (postmaster.c)."""

from __future__ import annotations

from canaries.core.text import decoded
from listener.protocol import postgres_messages

_REPLICATION = ("true", "false", "yes", "no", "on", "off")


class StartupRefusedError(Exception):
    """The answer before the connection is ended: an ErrorResponse."""

    def __init__(self, said: bytes, values: dict[str, str]) -> None:
        super().__init__("a StartupMessage that is refused")
        self.said, self.values = said, values


def startup_values(body: bytes) -> dict[str, str]:
    """Names and values behind the version. Raises StartupRefusedError, with what was told until then."""
    values: dict[str, str] = {}
    at = 0
    while at < len(body) and body[at]:
        end = _end(body, at)
        if end + 1 >= len(body):  # a name without a value
            break
        at = _end(body, end + 1) + 1
        name, value = decoded(body[_begin(body, end) : end]), decoded(body[end + 1 : at - 1])
        values[name] = value
        if name == "replication" and not _is_replication(value):
            raise StartupRefusedError(postgres_messages.bad_replication(value), values)
    if at != len(body) - 1:
        raise StartupRefusedError(postgres_messages.BAD_LAYOUT, values)
    return values


def _end(body: bytes, at: int) -> int:
    """Of the string at ``at``; the server has a NUL behind what came."""
    found = body.find(b"\0", at)
    return len(body) if found < 0 else found


def _begin(body: bytes, end: int) -> int:
    return body.rfind(b"\0", 0, end) + 1


def _is_replication(value: str) -> bool:
    """``database``, or a Boolean as the server reads one: any beginning that can be one word only."""
    lower = value.lower()
    words = {word for word in _REPLICATION if lower and word.startswith(lower)}
    return value == "database" or lower in ("0", "1") or (bool(words) and lower != "o")
