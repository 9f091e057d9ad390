"""The Redis trap: AUTH and HELLO give user and password in clear; then a server that holds nothing for this client.

RESP2 and RESP3 as in https://redis.io/docs/latest/develop/reference/protocol-spec/ : commands are arrays of bulk
strings, or one line of words (the inline form that telnet and scanners send).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps._stream import StreamSettings, StreamTrap

_LONGEST_LINE = 65_536
_MOST_WORDS, _MOST_WORDS_BEFORE = 1024, 10
_LONGEST_WORD, _LONGEST_WORD_BEFORE = 1 << 20, 16_384
"""Of a command; before a login Redis itself takes less (processMultibulkBuffer)."""
_WEB, _WEB_LINE, _LOOKED_AT = (b"POST", b"HOST:"), re.compile(rb"(?im)^(?:post|host:)(?=[ \r\n])"), 4096
"""Words of browsers, at which Redis ends the connection before it has sent what it said to lines above them."""
_LEAST_WORDS = {
    b"AUTH": 1, b"SELECT": 1, b"GET": 1, b"KEYS": 1, b"CONFIG": 1, b"CLIENT": 1, b"ACL": 1, b"SET": 2, b"DEL": 1,
    b"EVAL": 2, b"SUBSCRIBE": 1, b"INFO": 0, b"HGETALL": 1, b"EXISTS": 1, b"TTL": 1, b"TYPE": 1, b"ECHO": 1,
    b"HGET": 2, b"HSET": 3, b"LRANGE": 3, b"SMEMBERS": 1, b"SLAVEOF": 2, b"REPLICAOF": 2, b"MODULE": 1, b"DUMP": 1,
    b"RESTORE": 3, b"MIGRATE": 5, b"SCAN": 1, b"PUBLISH": 2, b"EXPIRE": 2, b"INCR": 1, b"MGET": 1, b"MSET": 2,
}  # fmt: skip
"""Command to the words behind it that it needs, for those that are tried by hand."""
_EXACTLY = frozenset(
    (b"SELECT", b"GET", b"KEYS", b"TTL", b"TYPE", b"ECHO", b"HGETALL", b"HGET", b"DUMP", b"INCR")
)
"""Those of them that take no more."""
_FAMILIES = frozenset(
    b"ACL CLIENT CLUSTER COMMAND CONFIG LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO".split()
)
"""Commands of two words: a refusal names both."""


class _ProtocolError(Exception):
    """No RESP; the text is Redis's own."""


_MOST_NOTED = 16
_DATABASES = 16
_NO_HELLO = (
    b"-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> "
    b"<pass> option can be used to authenticate the client and select the RESP protocol version at the same time\r\n"
)
_COMMANDS = frozenset(
    b"ACL APPEND AUTH BGREWRITEAOF BGSAVE BITCOUNT BITFIELD BITOP BITPOS BLMOVE BLPOP BRPOP BRPOPLPUSH BZPOPMAX "
    b"BZPOPMIN CLIENT CLUSTER COMMAND CONFIG COPY DBSIZE DEBUG DECR DECRBY DEL DISCARD DUMP ECHO EVAL EVALSHA EXEC "
    b"EXISTS EXPIRE EXPIREAT FAILOVER FLUSHALL FLUSHDB GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEOSEARCH GET "
    b"GETBIT GETDEL GETEX GETRANGE GETSET HDEL HELLO HEXISTS HGET HGETALL HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET "
    b"HMSET HRANDFIELD HSCAN HSET HSETNX HSTRLEN HVALS INCR INCRBY INCRBYFLOAT INFO KEYS LASTSAVE LATENCY LINDEX "
    b"LINSERT LLEN LMOVE LOLWUT LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM MEMORY MGET MIGRATE MODULE MONITOR "
    b"MOVE MSET MSETNX MULTI OBJECT PERSIST PEXPIRE PEXPIREAT PFADD PFCOUNT PFMERGE PING PSETEX PSUBSCRIBE PSYNC "
    b"PTTL PUBLISH PUBSUB PUNSUBSCRIBE RANDOMKEY READONLY READWRITE RENAME RENAMENX REPLCONF REPLICAOF RESET "
    b"RESTORE ROLE RPOP RPOPLPUSH RPUSH RPUSHX SADD SAVE SCAN SCARD SCRIPT SDIFF SDIFFSTORE SELECT SET SETBIT "
    b"SETEX SETNX SETRANGE SHUTDOWN SINTER SINTERSTORE SISMEMBER SLAVEOF SLOWLOG SMEMBERS SMISMEMBER SMOVE SORT "
    b"SPOP SRANDMEMBER SREM SSCAN STRLEN SUBSCRIBE SUNION SUNIONSTORE SWAPDB SYNC TIME TOUCH TTL TYPE UNLINK "
    b"UNSUBSCRIBE UNWATCH WAIT WATCH XACK XADD XCLAIM XDEL XGROUP XINFO XLEN XPENDING XRANGE XREAD XREADGROUP "
    b"XREVRANGE XTRIM ZADD ZCARD ZCOUNT ZDIFF ZINCRBY ZINTER ZLEXCOUNT ZMSCORE ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE "
    b"ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREM ZREVRANGE ZREVRANK ZSCAN ZSCORE ZUNION".split()
)
"""Commands of Redis 6.2."""


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
        self._buffer = bytearray()
        self._protocol = 2
        self._admitted = False

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while True:
            try:
                words = self._command()
            except _ProtocolError as problem:
                yield Record("unreadable", {"error": str(problem)})
                yield Send(b"-ERR Protocol error: %s\r\n" % str(problem).encode("latin-1", "replace"))
                yield Close()
                return
            if words is None:
                return
            if words and (words[0].upper() in _WEB or _WEB_LINE.search(self._buffer[:_LOOKED_AT])):
                yield _note(words)
                yield Close()
                return
            if words:
                yield from self._answer(words)

    def _command(self) -> list[bytes] | None:
        """The next command's words; None while it is not complete. Raises _ProtocolError on what is no RESP."""
        if not self._buffer.startswith(b"*"):
            line = self._line(0)
            if line is None:
                return None
            del self._buffer[: line[1]]
            if line[0].count(b'"') % 2 or line[0].count(b"'") % 2:
                raise _ProtocolError("unbalanced quotes in request")
            return bytes(line[0]).split()
        head = self._line(1)
        if head is None:
            return None
        count, at = _number(head[0], "invalid multibulk length"), head[1]
        if count > _MOST_WORDS_BEFORE and not self._admitted:
            raise _ProtocolError("unauthenticated multibulk length")
        if count > _MOST_WORDS:
            raise _ProtocolError("invalid multibulk length")
        words = []
        for _ in range(count):
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
        del self._buffer[:at]
        return words

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
            case _ if not self._admitted:
                yield _note(words)
                yield Send(_mistake(name, rest) or b"-NOAUTH Authentication required.\r\n")
            case b"CLIENT" if rest[:1] and rest[0].upper() in (b"SETINFO", b"SETNAME"):
                yield Record("client", {"client": " ".join(decoded(word) for word in rest[1:])})
                yield Send(b"+OK\r\n")
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
        if len(rest) > 1 and rest[1].upper() not in (b"AUTH", b"SETNAME"):
            yield _note([b"HELLO", *rest])
            yield Send(b"-ERR Syntax error in HELLO option '%s'\r\n" % _shown(rest[1]))
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
    if mistake := _mistake(name, rest):
        return mistake
    if name == b"PING":
        return _bulk(rest[0]) if rest else b"+PONG\r\n"
    if name == b"SELECT":
        if not (rest[0].isdigit() and len(rest[0]) < 10):
            return b"-ERR value is not an integer or out of range\r\n"
        return b"+OK\r\n" if int(rest[0]) < _DATABASES else b"-ERR DB index is out of range\r\n"
    said = name.lower()
    if name in _FAMILIES and rest:
        said += b"|" + _shown(rest[0]).lower()
    return b"-NOPERM this user has no permissions to run the '%s' command\r\n" % said


def _mistake(name: bytes, rest: list[bytes]) -> bytes:
    """What is said of a command that there is not, or that misses words: before anybody asks who is there."""
    if name not in _COMMANDS:
        given = b"".join(b"'%s' " % re.sub(rb"[^\x20-\x7e]", b"", word[:128]) for word in rest[:8])
        return b"-ERR unknown command '%s', with args beginning with: %s\r\n" % (_shown(name), given)
    least = _LEAST_WORDS.get(name, 0)
    if len(rest) < least or (name in _EXACTLY and len(rest) > least) or (name == b"PING" and len(rest) > 1):
        return b"-ERR wrong number of arguments for '%s' command\r\n" % name.lower()
    return b""


def _shown(word: bytes) -> bytes:
    return re.sub(rb"[^\x21-\x7e]", b"", word[:128])


def _number(text: bytes, otherwise: str) -> int:
    try:
        return int(text) if len(text) < 20 else int("x")
    except ValueError:
        raise _ProtocolError(otherwise) from None


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
