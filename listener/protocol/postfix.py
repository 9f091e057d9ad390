"""What Postfix makes of odd things: options behind a sender, SASL exchanges that fail, a message that passes; its
limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from listener.protocol.conversation import Close, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.lines import LONGEST_LINE, LoginConversation

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


_MOST_ERRORS = 20
"""Without a mail between them (``smtpd_hard_error_limit``)."""
_LONGEST_LINE = 2048
"""``line_length_limit``."""
_MOST_JUNK, _JUNK = 100, frozenset((b"HELO", b"EHLO", b"RSET", b"NOOP", b"VRFY", b"ETRN"))
"""Commands that do nothing, and how many there may be before each is an error (``smtpd_junk_command_limit``)."""


class PostfixConversation(LoginConversation):
    """Lines, and how many of them may lead to nothing."""

    host = b""
    """What the server calls itself."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._errors = self._junk = 0
        self._begun = b""
        """Of a line that is too long, and has not ended yet."""

    def _line(self) -> bytes | None:
        """As Postfix reads one: what is beyond its limit is dropped, up to the line's end."""
        longest = _LONGEST_LINE if self._exchange is None else LONGEST_LINE
        end = self._buffer.find(b"\n")
        if end < 0 and len(self._buffer) > longest:
            self._begun = self._begun or bytes(self._buffer[:longest])
            self._buffer.clear()
        if end < 0:
            return None
        line = self._begun or bytes(self._buffer[:end][:longest])
        self._begun = b""
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def counted(self, verb: bytes, steps: Iterator[Step]) -> Iterator[Step]:
        """What a command leads to, and the end of the connection where there were too many that do nothing."""
        if verb in _JUNK:
            self._junk += 1
            self._errors += self._junk > _MOST_JUNK + 1
        ended = False
        for step in steps:
            ended = ended or isinstance(step, Close)
            yield step
        if verb in _JUNK and self._errors >= _MOST_ERRORS and not ended:
            yield from self._too_many()

    def delivered(self) -> None:
        """A mail was taken: all is forgiven."""
        self._errors = self._junk = 0

    def error(self, answer: bytes) -> Iterator[Step]:
        """A mistake; so many of them end the connection."""
        self._errors += 1
        yield Send(answer + b"\r\n")
        if self._errors >= _MOST_ERRORS:
            yield from self._too_many()

    def _too_many(self) -> Iterator[Step]:
        yield Send(b"421 4.7.0 %s Error: too many errors\r\n" % self.host)
        yield Close()
