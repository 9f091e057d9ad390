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
_MOST_WORDS = 1024
_LONGEST_WORD = 1 << 20
_MOST_NOTED = 16
_DATABASES = 16
_NO_HELLO = (
    b"-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> "
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
        while (words := self._command()) is not None:
            if words:
                yield from self._answer(words)

    def _command(self) -> list[bytes] | None:
        """The next command's words; None while it is not complete. Raises ValueError on what is no RESP."""
        if not self._buffer.startswith(b"*"):
            line = self._line(0)
            if line is None:
                return None
            del self._buffer[: line[1]]
            return bytes(line[0]).split()
        head = self._line(1)
        if head is None:
            return None
        count, at = int(head[0]), head[1]
        if count > _MOST_WORDS:
            raise ValueError("too many words")
        words = []
        for _ in range(count):
            size = self._line(at + 1)
            if size is None:
                return None
            length, begin = int(size[0]), size[1]
            if self._buffer[at : at + 1] != b"$" or not 0 <= length <= _LONGEST_WORD:
                raise ValueError("no bulk string")
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
                raise ValueError("the line does not end")
            return None
        return bytes(self._buffer[begin:end]).rstrip(b"\r"), end + 1

    def _answer(self, words: list[bytes]) -> Iterator[Step]:
        name, rest = words[0].upper(), words[1:]
        match name:
            case b"AUTH" if rest:
                yield from self._auth(rest, b"+OK\r\n")
            case b"HELLO":
                yield from self._hello(rest)
            case b"QUIT":
                yield Record("quit")
                yield Send(b"+OK\r\n")
                yield Close()
            case _ if not self._admitted:
                yield _note(words)
                yield Send(b"-NOAUTH Authentication required.\r\n")
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
            yield Send(b"-NOPROTO unsupported protocol version\r\n")
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
    if name == b"PING":
        return _bulk(rest[0]) if rest else b"+PONG\r\n"
    if name == b"SELECT":
        known = len(rest) == 1 and rest[0].isdigit() and len(rest[0]) < 3 and int(rest[0]) < _DATABASES
        return b"+OK\r\n" if known else b"-ERR DB index is out of range\r\n"
    said = re.sub(rb"[^\x21-\x7e]", b"", name[:128])
    if name not in _COMMANDS:
        given = b"".join(b"'%s' " % re.sub(rb"[^\x20-\x7e]", b"", word[:128]) for word in rest[:8])
        return b"-ERR unknown command '%s', with args beginning with: %s\r\n" % (said, given)
    return b"-NOPERM this user has no permissions to run the '%s' command\r\n" % said.lower()


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
