"""PostgreSQL, MySQL, SQL Server, MongoDB, ClickHouse, Redis."""

from __future__ import annotations

import struct
from typing import Any

from listener.protocol import bson
from tests.carried import Door, anything, carries, one_line, text


def _no_nul(data: bytes) -> bool:
    return anything(data) and b"\0" not in data


def _pg(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">I", len(body) + 4) + body


def _startup(*values: bytes, password: bytes = b"wrong") -> bytes:
    body = struct.pack(">I", 3 << 16) + b"".join(value + b"\0" for value in values) + b"\0"
    return struct.pack(">I", len(body) + 4) + body + _pg(b"p", password + b"\0")


def _postgres(door: Door, *messages: bytes) -> bytes:
    begin = _startup(b"user", b"app", password=door.password.encode())
    return b"".join([begin, *messages, _pg(b"S", b""), _pg(b"X", b"")])


def _bind(form: int, data: bytes) -> bytes:
    values = struct.pack(">HHHI", 1, form, 1, len(data)) + data
    return _pg(b"P", b"\0SELECT * FROM t WHERE a = $1\0\0\0") + _pg(b"B", b"\0\0" + values + b"\0\0")


@carries("postgres user", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _startup(b"user", data[:4000])


@carries("postgres startup parameter", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _startup(b"user", b"bob", b"application_name", data[:4000])


@carries("postgres name of a startup parameter", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _startup(b"user", b"bob", data[:4000], b"on")


@carries("postgres password", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _startup(b"user", b"bob", password=data)


@carries("postgres query", _no_nul, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _postgres(door, _pg(b"Q", b"SELECT '" + data.replace(b"'", b"''") + b"'\0"))


@carries("postgres value bound as text", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _postgres(door, _bind(0, data))


@carries("postgres value bound in binary", anything)
def _(data: bytes, door: Door) -> bytes:
    return _postgres(door, _bind(1, data))


@carries("postgres name of a statement", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _postgres(door, _pg(b"P", data + b"\0SELECT 1\0\0\0"))


@carries("postgres name of a portal", _no_nul, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _postgres(door, _pg(b"D", b"P" + data + b"\0"))


@carries("postgres copied row", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    """Though the trap has granted no copying."""
    rows = _pg(b"d", b"1\ta row\n"), _pg(b"d", b"2\t" + data + b"\n"), _pg(b"c", b"")
    return _postgres(door, _pg(b"Q", b"COPY t FROM STDIN\0"), *rows)


@carries("postgres copied row in two messages", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    cut = len(data) // 2
    return _postgres(door, _pg(b"Q", b"COPY t FROM STDIN\0"), _pg(b"d", data[:cut]), _pg(b"d", data[cut:]))


@carries("postgres reason of a failed copy", _no_nul, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _postgres(door, _pg(b"Q", b"COPY t FROM STDIN\0"), _pg(b"f", data + b"\0"))


@carries("postgres argument of a function", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    call = struct.pack(">IHHHI", 1598, 1, 1, 1, len(data)) + data + b"\0\1"
    return _postgres(door, _pg(b"F", call))


_FLAGS = 0x200 | 0x8000 | 0x8 | 1 << 19 | 1 << 20 | 1 << 21


def _packet(number: int, body: bytes) -> bytes:
    return struct.pack("<I", len(body))[:3] + bytes([number]) + body


def _counted(data: bytes) -> bytes:
    size = len(data)
    return (bytes([size]) if size < 251 else b"\xfc" + struct.pack("<H", size)) + data


def _mysql_login(
    user: bytes = b"bob",
    password: bytes = b"wrong",
    database: bytes = b"prod",
    attribute: tuple[bytes, bytes] = (b"_os", b"Linux"),
) -> bytes:
    told = _counted(attribute[0]) + _counted(attribute[1])
    head = struct.pack("<IIB", _FLAGS, 1 << 24, 45) + bytes(23)
    body = (
        head
        + user
        + b"\0"
        + _counted(password + b"\0")
        + database
        + b"\0mysql_clear_password\0"
        + _counted(told)
    )
    return _packet(1, body)


def _mysql(door: Door, *commands: bytes) -> bytes:
    login = _mysql_login(b"app", door.password.encode())
    return login + b"".join(_packet(0, command) for command in commands) + _packet(0, b"\x01")


@carries("mysql user", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _mysql_login(user=data)


@carries("mysql password", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _mysql_login(password=data)


@carries("mysql whole password that is asked for", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    head = struct.pack("<IIB", 0x200 | 0x8000 | 1 << 19, 1 << 24, 45) + bytes(23)
    return _packet(1, head + b"bob\0" + b"\x20" + b"s" * 32 + b"caching_sha2_password\0") + _packet(
        3, data + b"\0"
    )


@carries("mysql database", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _mysql_login(database=data)


@carries("mysql attribute of a connection", anything)
def _(data: bytes, door: Door) -> bytes:
    return _mysql_login(attribute=(b"note", data))


@carries("mysql name of an attribute", anything)
def _(data: bytes, door: Door) -> bytes:
    return _mysql_login(attribute=(data, b"on"))


@carries("mysql query", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _mysql(door, b"\x03SELECT '" + data + b"'")


@carries("mysql bound value", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    execute = b"\x17" + struct.pack("<IBIBB", 1, 0, 1, 0, 1) + b"\xfd\0" + _counted(data)
    return _mysql(door, b"\x16SELECT * FROM t WHERE a = ?", execute)


@carries("mysql long value in two packets", anything)
def _(data: bytes, door: Door) -> bytes:
    cut, head = len(data) // 2, b"\x18" + struct.pack("<IH", 1, 0)
    execute = b"\x17" + struct.pack("<IBIBB", 1, 0, 1, 0, 1) + b"\xfd\0"
    return _mysql(door, b"\x16INSERT INTO t VALUES (?)", head + data[:cut], head + data[cut:], execute)


@carries("mysql another database", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _mysql(door, b"\x02" + data)


@carries("mysql another user", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _mysql(door, b"\x11" + data + b"\0\0prod\0")


@carries("mysql file that was not asked for", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _mysql(door, b"\x03LOAD DATA LOCAL INFILE 'a' INTO TABLE t", b"1,2\n" + data + b"\n")


def _tds(kind: int, body: bytes, size: int = 4088) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(
        struct.pack(">BBHHBB", kind, part is parts[-1], 8 + len(part), 0, number & 255, 0) + part
        for number, part in enumerate(parts, 1)
    )


_PRELOGIN = _tds(18, b"\0\0\x0b\0\x06\x01\0\x11\0\x01\xff" + b"\x0b\x00\x0c\x38\0\0" + b"\0")
_LOGIN_FIELDS = (
    "host",
    "user",
    "password",
    "program",
    "server",
    "extension",
    "library",
    "language",
    "database",
)


def _login7(**said: bytes) -> bytes:
    head, texts, at = b"", b"", 94
    for name in _LOGIN_FIELDS:
        data = said.get(name, b"x" if name != "extension" else b"").decode().encode("utf-16-le")
        if name == "password":
            data = bytes((byte >> 4 | (byte & 15) << 4) ^ 0xA5 for byte in data)
        head += struct.pack("<HH", at + len(texts), len(data) // 2)
        texts += data
    fixed = struct.pack("<IIIIIIBBBBiI", 94, 0x74000004, 4096, 7, 4711, 0, 0xE0, 0, 0, 0, -240, 1033)
    return _PRELOGIN + _tds(
        16, fixed + head + bytes(6) + struct.pack("<HHHHHHI", 0, 0, 0, 0, 0, 0, 0) + texts
    )


def _mssql(door: Door, *messages: bytes) -> bytes:
    return _login7(user=b"app", password=door.password.encode()) + b"".join(messages)


def _batch(query: str) -> bytes:
    return struct.pack("<I", 22) + bytes(18) + query.encode("utf-16-le")


def _long_text(data: bytes) -> bool:
    return text(data) and len(data) < 1000


for _name in ("host", "user", "password", "program", "database"):

    @carries(f"mssql {_name}", _long_text)
    def _(data: bytes, door: Door, name: str = _name) -> bytes:
        return _login7(**{name: data})


@carries("mssql instance", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    value = data + b"\0"
    return _tds(18, b"\x02" + struct.pack(">HH", 6, len(value)) + b"\xff" + value)


@carries("mssql query", _long_text, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _mssql(door, _tds(1, _batch(f"SELECT '{data.decode()}'")))


@carries("mssql query in small packets", _long_text, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _mssql(door, _tds(1, _batch(f"SELECT '{data.decode()}'"), 50))


@carries("mssql long query in many packets", _long_text, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _mssql(door, _tds(1, _batch("-- nothing to see\n" * 2400 + f"SELECT '{data.decode()}'"), 500))


@carries("mssql text of a call", _long_text)
def _(data: bytes, door: Door) -> bytes:
    value = data.decode().encode("utf-16-le")
    call = (
        b"\xff\xff\x0a\0\0\0\0\0\xe7" + struct.pack("<H5sH", 8000, b"\x09\x04\xd0\0\x34", len(value)) + value
    )
    return _mssql(door, _tds(3, struct.pack("<I", 22) + bytes(18) + call))


@carries("mssql bytes of a call", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    call = b"\xff\xff\x0a\0\0\0" + b"\0\0\xa5" + struct.pack("<HH", 8000, len(data)) + data
    return _mssql(door, _tds(3, struct.pack("<I", 22) + bytes(18) + call))


@carries("mssql bulk load", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _mssql(door, _tds(7, b"\x81\x01\0\xd1" + struct.pack("<H", len(data)) + data))


def _message(command: dict[str, Any], more: bytes = b"") -> bytes:
    body = bytes(4) + b"\0" + bson.encode(command) + more
    return struct.pack("<iiii", 16 + len(body), 7, 0, 2013) + body


def _mongodb(door: Door, *messages: bytes) -> bytes:
    payload = b"\0app\0" + door.password.encode()
    login = _message({"saslStart": 1, "mechanism": "PLAIN", "payload": payload, "$db": "$external"})
    return b"".join([login, *messages])


@carries("mongodb user", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _message({"saslStart": 1, "mechanism": "PLAIN", "payload": b"\0" + data + b"\0x", "$db": "a"})


@carries("mongodb password", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _message({"saslStart": 1, "mechanism": "PLAIN", "payload": b"\0bob\0" + data, "$db": "a"})


@carries("mongodb name of an application", text)
def _(data: bytes, door: Door) -> bytes:
    command = {"ismaster": 1, "client": {"application": {"name": data.decode()}, "driver": {"name": "x"}}}
    body = bytes(4) + b"admin.$cmd\0" + struct.pack("<ii", 0, -1) + bson.encode(command)
    return struct.pack("<iiii", 16 + len(body), 7, 0, 2004) + body


@carries("mongodb command before a login", text)
def _(data: bytes, door: Door) -> bytes:
    return _message({"find": "a", "filter": {"k": data.decode()}, "$db": "crm"})


@carries("mongodb value in a filter", text)
def _(data: bytes, door: Door) -> bytes:
    return _mongodb(door, _message({"find": "a", "filter": {"k": [{"$in": data.decode()}]}, "$db": "crm"}))


@carries("mongodb name of a field", text)
def _(data: bytes, door: Door) -> bytes:
    return _mongodb(door, _message({"find": "a", "filter": {data.decode(): 1}, "$db": "crm"}))


@carries("mongodb binary value", anything)
def _(data: bytes, door: Door) -> bytes:
    return _mongodb(door, _message({"insert": "a", "documents": [{"k": data}], "$db": "crm"}))


@carries("mongodb document of a section", anything)
def _(data: bytes, door: Door) -> bytes:
    documents = b"documents\0" + bson.encode({"k": data})
    more = b"\x01" + struct.pack("<I", len(documents) + 4) + documents
    return _mongodb(door, _message({"insert": "a", "$db": "crm"}, more))


@carries("mongodb value that is too deep", text, whole=False)
def _(data: bytes, door: Door) -> bytes:
    value: Any = data.decode()
    for _ in range(12):
        value = {"a": value}
    return _mongodb(door, _message({"find": "a", "filter": value, "$db": "crm"}))


@carries("mongodb message that is not known", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return struct.pack("<iiii", 16 + len(data), 7, 0, 2002) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _string(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _hello(
    database: bytes = b"crm", user: bytes = b"bob", password: bytes = b"x", program: bytes = b"loot"
) -> bytes:
    head = b"\0" + _string(program) + b"\x14\x0a\xc4\xa9\x03"
    return head + _string(database) + _string(user) + _string(password)


def _asking(door: Door, query: bytes, *, setting: bytes = b"1", host: bytes = b"desk-7") -> bytes:
    client = b"\1" + b"\0\0\0" + b"\1" + _string(b"mallory") + _string(host) + _string(b"loot")
    client += b"\x14\x0a\1" + b"\0" + b"\2"
    told = _string(b"max_block_size") + b"\0" + _string(setting) + b"\0"
    return (
        _hello(user=b"app", password=door.password.encode())
        + b"\1" + _string(b"id") + client + told + b"\2\0" + _string(query)
    )  # fmt: skip


for _name in ("database", "user", "password", "program"):

    @carries(f"clickhouse {_name}", anything)
    def _(data: bytes, door: Door, name: str = _name) -> bytes:
        return _hello(**{name: data})


@carries("clickhouse query", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _asking(door, b"SELECT '" + data + b"'")


@carries("clickhouse setting", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _asking(door, b"SELECT 1", setting=data)


@carries("clickhouse host name", anything)
def _(data: bytes, door: Door) -> bytes:
    return _asking(door, b"SELECT 1", host=data)


@carries("clickhouse row", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    """Though the trap has granted no insert."""
    block = b"\2\0\1\0\2\xff\xff\xff\xff\0\1\1" + _string(b"k") + _string(b"String") + _string(data)
    return _asking(door, b"INSERT INTO t VALUES") + b"\2\0\1\0\2\xff\xff\xff\xff\0\0\0" + block


def _resp(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(one), one) for one in words)


def _redis(door: Door, *commands: bytes) -> bytes:
    return b"".join([_resp(b"AUTH", door.password.encode()), *commands, _resp(b"QUIT")])


@carries("redis password", anything)
def _(data: bytes, door: Door) -> bytes:
    return _resp(b"AUTH", b"bob", data)


@carries("redis user", anything)
def _(data: bytes, door: Door) -> bytes:
    return _resp(b"HELLO", b"3", b"AUTH", data, b"x")


@carries("redis password in a line", lambda data: one_line(data) and not set(data) & set(b" \"'\\"))
def _(data: bytes, door: Door) -> bytes:
    return b"AUTH " + data + b"\r\nQUIT\r\n"


@carries("redis password in a line, in quotes", anything)
def _(data: bytes, door: Door) -> bytes:
    return b'AUTH "' + b"".join(b"\\x%02x" % byte for byte in data) + b'"\r\nQUIT\r\n'


@carries("redis value", anything)
def _(data: bytes, door: Door) -> bytes:
    return _redis(door, _resp(b"SET", b"k", data))


@carries("redis last of many values", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _redis(door, _resp(b"LPUSH", b"k", *(b"v%d" % number for number in range(40)), data))


@carries("redis script", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _redis(door, _resp(b"EVAL", b"return '" + data + b"'", b"0"))


@carries("redis name of a client", anything)
def _(data: bytes, door: Door) -> bytes:
    return _redis(door, _resp(b"CLIENT", b"SETNAME", data))


@carries("redis attribute", lambda data: one_line(data) and len(data) < 250, whole=False)
def _(data: bytes, door: Door) -> bytes:
    """Which only servers send: each line of it is taken for a command of its own, as Redis takes it."""
    return b"|1\r\n+k\r\n$%d\r\n%s\r\n" % (len(data), data) + _resp(b"PING")


@carries("redis command before a login", anything)
def _(data: bytes, door: Door) -> bytes:
    return _resp(b"SET", b"k", data)


@carries("redis request of a browser", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data)
