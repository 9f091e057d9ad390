"""The Redis trap: AUTH and HELLO give user and password in clear; then a server that holds nothing for this client.

RESP2 and RESP3 as in https://redis.io/docs/latest/develop/reference/protocol-spec/ : commands are arrays of bulk
strings, or one line of words (the inline form that telnet and scanners send).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol import redis_commands
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps._stream import StreamSettings, StreamTrap

_LONGEST_LINE = 65_536
_MOST_WORDS, _MOST_WORDS_BEFORE = 1024, 10
_LONGEST_WORD, _LONGEST_WORD_BEFORE = 1 << 20, 16_384
"""Of a command; before a login Redis itself takes less (processMultibulkBuffer)."""
_LONGEST_COMMAND = 1 << 18
"""Bytes of a command in front of its last word."""
_WEB = (b"POST", b"HOST:")
"""Words of browsers, at which Redis ends the connection and sends nothing that it has not sent yet."""

_NO_DEBUG = (
    b'-ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a '
    b"local connection, otherwise you need to set this option in the configuration file, and then restart the "
    b"server.\r\n"
)
_INTEGER = re.compile(rb"0|-?[1-9]\d{0,17}")
"""As string2ll reads one."""
_NO_NAME = re.compile(rb"[^!-~]")
_BAD_NAME = b"-ERR Client names cannot contain spaces, newlines or special characters.\r\n"


class _ProtocolError(Exception):
    """No RESP; the text is Redis's own."""


_MOST_NOTED = 16
_DATABASES = 16
_NO_HELLO = (
    b"-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> "
    b"<pass> option can be used to authenticate the client and select the RESP protocol version at the same time\r\n"
)


@dataclass(frozen=True, slots=True)
class RedisSettings(StreamSettings):
    """``[traps.redis]``."""

    bind: tuple[str, ...] = ("127.0.0.1:6379",)
    tls: bool = True
    """TLS is told apart from RESP by its first byte."""


class RedisConversation(Conversation):
    """A server that wants a password and then answers like one whose ACL lets this user do nothing."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._protocol = 2
        self._admitted = False
        self._cut_off = False
        self._begun: tuple[int, int, list[bytes]] | None = None
        """Of a command that is not complete: how many words it has, how far it is read, and the words so far."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        said: list[Step] = []
        for step in self._done():
            if isinstance(step, Record):
                yield step
                continue
            said.append(step)
            if isinstance(step, Close):
                break
        yield from [Close()] if self._cut_off else said

    def _done(self) -> Iterator[Step]:
        """All commands that are complete; Redis sends its answers behind the last of them (beforeSleep)."""
        while not self._cut_off:
            try:
                words = self._command()
            except _ProtocolError as problem:
                self._buffer.clear()
                yield Record("unreadable", {"error": str(problem)})
                yield Send(b"-ERR Protocol error: %s\r\n" % str(problem).encode("latin-1", "replace"))
                yield Close()
                return
            if words is None:
                return
            if words and words[0].upper() in _WEB:
                self._buffer.clear()
                self._cut_off = True
                yield _note(words)
            elif words:
                yield from self._answer(words)

    def _command(self) -> list[bytes] | None:
        """The next command's words; None while it is not complete. Raises _ProtocolError on what is no RESP."""
        if not self._buffer.startswith(b"*"):
            line = self._line(0)
            if line is None or b"\0" in line[0]:  # behind a NUL no end of the line is looked for
                if len(self._buffer) > _LONGEST_LINE:
                    raise _ProtocolError("too big inline request")
                return None
            del self._buffer[: line[1]]
            words = redis_commands.inline_words(line[0])
            if words is None:
                raise _ProtocolError("unbalanced quotes in request")
            return words
        count, at, words = self._begun or self._head()
        while len(words) < count:
            self._begun = count, at, words
            if at > _LONGEST_COMMAND:
                self._cut_off = True  # client-query-buffer-limit, at which nothing is said
                return None
            size = self._line(at + 1)
            if size is None:
                return None
            if self._buffer[at : at + 1] != b"$":
                raise _ProtocolError(f"expected '$', got '{chr(self._buffer[at])}'")
            length, begin = _number(size[0], "invalid bulk length"), size[1]
            if length > _LONGEST_WORD_BEFORE and not self._admitted:
                raise _ProtocolError("unauthenticated bulk length")
            if not 0 <= length <= _LONGEST_WORD:
                raise _ProtocolError("invalid bulk length")
            if len(self._buffer) < begin + length + 2:
                return None
            words.append(bytes(self._buffer[begin : begin + length]))
            at = begin + length + 2
        if count < 0 and not at:
            return None
        self._begun = None
        del self._buffer[:at]
        return words

    def _head(self) -> tuple[int, int, list[bytes]]:
        """How many words come, and where; -1 and nowhere where that is not told yet."""
        head = self._line(1)
        if head is None:
            return -1, 0, []
        count = _number(head[0], "invalid multibulk length")
        if count > _MOST_WORDS_BEFORE and not self._admitted:
            raise _ProtocolError("unauthenticated multibulk length")
        if count > _MOST_WORDS:
            raise _ProtocolError("invalid multibulk length")
        return count, head[1], []

    def _line(self, begin: int) -> tuple[bytes, int] | None:
        """The line from ``begin`` and where the next one begins."""
        end = self._buffer.find(b"\n", begin)
        if end < 0:
            if len(self._buffer) - begin > _LONGEST_LINE:
                raise _ProtocolError("too big inline request")
            return None
        return bytes(self._buffer[begin:end]).rstrip(b"\r"), end + 1

    def _answer(self, words: list[bytes]) -> Iterator[Step]:
        name, rest = words[0].upper(), words[1:]
        match name:
            case b"AUTH" if 1 <= len(rest) <= 2:
                yield from self._auth(rest, b"+OK\r\n")
            case b"AUTH" if rest:
                yield _note(words)
                yield Send(b"-ERR syntax error\r\n")
            case b"HELLO":
                yield from self._hello(rest)
            case b"QUIT":
                yield Record("quit")
                yield Send(b"+OK\r\n")
                yield Close()
            case b"RESET" if not rest:
                yield _note(words)
                self._admitted, self._protocol = False, 2
                yield Send(b"+RESET\r\n")
            case _ if not self._admitted:
                yield _note(words)
                refused = _NO_DEBUG if name == b"DEBUG" else b"-NOAUTH Authentication required.\r\n"
                yield Send(redis_commands.mistake(words) or refused)
            case b"CLIENT" if rest[:1] and rest[0].upper() in (b"SETINFO", b"SETNAME"):
                yield Record("client", {"client": " ".join(decoded(word) for word in rest[1:])})
                bad = _BAD_NAME if _NO_NAME.search(rest[-1]) else b"+OK\r\n"
                yield Send(redis_commands.mistake(words) or bad)
            case _:
                yield _note(words)
                yield Send(_said(name, rest))

    def _auth(self, words: list[bytes], welcome: bytes) -> Iterator[Step]:
        """A login with these words."""
        login = _login(words)
        yield login
        if self.identity.admits(str(login.shown["password"])):
            self._admitted = True
            yield Send(welcome)
        else:
            yield Send(b"-WRONGPASS invalid username-password pair or user is disabled.\r\n")

    def _hello(self, rest: list[bytes]) -> Iterator[Step]:
        if rest and rest[0] not in (b"2", b"3"):
            yield _note([b"HELLO", *rest])
            isnt = b"-ERR Protocol version is not an integer or out of range\r\n"
            yield Send(b"-NOPROTO unsupported protocol version\r\n" if rest[0].isdigit() else isnt)
            return
        wrong = redis_commands.wrong_option(rest)
        if wrong is not None:
            yield _note([b"HELLO", *rest])
            yield Send(b"-ERR Syntax error in HELLO option '%s'\r\n" % redis_commands.plain(wrong))
            return
        before, self._protocol = self._protocol, int(rest[0]) if rest else self._protocol
        upper = [word.upper() for word in rest]
        if b"AUTH" in upper and len(rest) >= upper.index(b"AUTH") + 3:
            at = upper.index(b"AUTH")
            yield from self._auth(rest[at + 1 : at + 3], self._server())
        else:
            yield _note([b"HELLO", *rest])
            yield Send(self._server() if self._admitted else _NO_HELLO)
        self._protocol = self._protocol if self._admitted else before

    def _server(self) -> bytes:
        """The map that HELLO answers with; its version is this installation's."""
        version = self.identity.host.release("redis")
        items: list[tuple[bytes, bytes]] = [
            (b"server", _bulk(b"redis")),
            (b"version", _bulk(version.encode())),
            (b"proto", b":%d\r\n" % self._protocol),
            (b"id", b":%d\r\n" % self.number),
            (b"mode", _bulk(b"standalone")),
            (b"role", _bulk(b"master")),
            (b"modules", b"*0\r\n"),
        ]
        head = b"%%%d\r\n" % len(items) if self._protocol == 3 else b"*%d\r\n" % (2 * len(items))
        return head + b"".join(_bulk(name) + value for name, value in items)


def _said(name: bytes, rest: list[bytes]) -> bytes:
    """What a server says to a user who may only look whether it is there."""
    if mistake := redis_commands.mistake([name, *rest]) or _too_much(name, rest):
        return mistake
    if name == b"PING":
        return _bulk(rest[0]) if rest else b"+PONG\r\n"
    if name == b"SELECT":
        if not (rest[0].isdigit() and len(rest[0]) < 10):
            return b"-ERR value is not an integer or out of range\r\n"
        return b"+OK\r\n" if int(rest[0]) < _DATABASES else b"-ERR DB index is out of range\r\n"
    if name == b"DEBUG":
        return _NO_DEBUG
    full = redis_commands.full_name([name, *rest])
    refused = b"NOPERM this user has no permissions to run the '%s' command\r\n" % full
    return b"-EXECABORT Transaction discarded because of: " + refused if name == b"EXEC" else b"-" + refused


def _too_much(name: bytes, rest: list[bytes]) -> bytes:
    """PING's own look at its words."""
    if name == b"PING" and len(rest) > 1:
        return b"-ERR wrong number of arguments for 'ping' command\r\n"
    return b""


def _number(text: bytes, otherwise: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise _ProtocolError(otherwise)
    return int(text)


def _bulk(value: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(value), value)


def _login(words: list[bytes]) -> Record:
    user, password = (words[0], words[1]) if len(words) > 1 else (b"default", words[0])
    return Record("login", {"user": decoded(user), "password": decoded(password)})


def _note(words: list[bytes]) -> Record:
    return Record("command", {"command": [decoded(word[:_LONGEST_LINE]) for word in words[:_MOST_NOTED]]})


class RedisTrap(StreamTrap):
    """Redis, plain and over TLS on the same port."""

    name = "redis"
    Settings = RedisSettings
    conversation = RedisConversation
