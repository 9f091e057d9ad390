"""Every trap: a login and five actions on one connection are one story, also where the back is killed in the middle."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from canaries.core import plugins
from canaries.installation.home import Home
from canaries.mint import minting
from canaries.mint.minting import Minted
from listener import traps
from listener.incidents import queries
from listener.incidents.model import Hit
from listener.protocol import ber, ldap
from listener.traps import Trap
from tests import steady
from tests.listener.protocol import test_mqtt_broker
from tests.listener.traps import (
    test_amqp,
    test_clickhouse,
    test_ldap,
    test_mongodb,
    test_mssql,
    test_mysql,
    test_postgres,
)

WITHOUT = {
    "sensors": "takes signed reports: see test_sensors.py",
    "vnc": "ends at its login",
    "openvpn": "a datagram each",
    "wireguard": "a datagram each",
    "dns": "a query each",
    "ssh": "takes a real client: see test_ssh.py",
}
"""Traps without a conversation that a few bytes can hold."""
_TOML = (
    '[operator]\norganisation = "Test Trust"\n[bait]\nbase_url = "https://{label}.harbour-view.net"\n'
    'domain = "harbour-view.net"\n'
)
Row = dict[str, str]


@dataclass(frozen=True)
class Script:
    """What an intruder says to one trap."""

    kind: str
    login: Callable[[Row], list[bytes]]
    """Messages up to a login, each answered."""
    actions: Callable[[Row], list[bytes]]
    """Five, each answered."""
    server_first: bool = False


def lines(*texts: str) -> list[bytes]:
    return [f"{text}\r\n".encode() for text in texts]


def mssql_login(row: Row) -> bytes:
    """`test_mssql.login7` with this password."""
    values = ("desk-7", row["user"], row["password"], "sqlcmd", "db1", "", "ODBC", "", "crm")
    head, texts = b"", b""
    for place, text in enumerate(values):
        data = test_mssql.obfuscated(text) if place == 2 else text.encode("utf-16-le")
        head += struct.pack("<HH", 94 + len(texts), len(text))
        texts += data
    fixed = struct.pack("<IIIIIIBBBBiI", 94, 0x74000004, 4096, 7, 4711, 0, 0xE0, 0, 0, 0, -240, 1033)
    return test_mssql.packet(
        16, fixed + head + bytes(6) + struct.pack("<HHHHHHI", 0, 0, 0, 0, 0, 0, 0) + texts
    )


def mysql_login(row: Row) -> bytes:
    head = test_mysql.HEAD[:-23] + bytes(23)
    password = row["password"].encode() + b"\0"
    return test_mysql.packet(
        1,
        head + row["user"].encode() + b"\0" + bytes([len(password)]) + password + b"prod\0"
        + b"mysql_clear_password\0" + b"\0",
    )  # fmt: skip


def mqtt_login(row: Row) -> bytes:
    text = test_mqtt_broker.text
    body = text("MQTT") + b"\x04\xc0\0\x3c" + text("box") + text(row["user"]) + text(row["password"])
    return test_mqtt_broker.packet(0x10, body)


def clickhouse_login(row: Row) -> bytes:
    text = test_clickhouse.text
    return (
        b"\0"
        + text("loot")
        + b"\x14\x0a\xc4\xa9\x03"
        + text("crm")
        + text(row["user"])
        + text(row["password"])
    )


def nats_login(row: Row) -> bytes:
    said = {"user": row["user"], "pass": row["password"], "verbose": True, "name": "loot"}
    return b"CONNECT " + json.dumps(said).encode() + b"\r\n"


def plain(row: Row) -> str:
    return base64.b64encode(f"\0{row['user']}\0{row['password']}".encode()).decode()


def ldap_login(row: Row) -> bytes:
    password = ber.octets(row["password"].encode(), 0x80)
    return test_ldap.message(1, ldap.BIND, ber.integer(3), ber.octets(row["user"].encode()), password)


def queue(number: int) -> bytes:
    return test_amqp.frame(number, 20, 10, b"\0") + test_amqp.frame(
        number, 50, 10, b"\0\0" + test_amqp.short(f"q{number}") + b"\0" + bytes(4)
    )


SQL = ["select * from members", "show tables", "select 1", "drop table x", "select * from users"]
SCRIPTS = {
    "redis": Script(
        "redis-url",
        lambda row: lines(f"AUTH {row['password']}"),
        lambda row: lines("KEYS *", "SELECT 1", "GET a", "INFO", "CONFIG GET *"),
    ),
    "nats": Script(
        "nats-url",
        lambda row: [nats_login(row)],
        lambda row: lines("SUB alerts.> 1", "PUB alerts.send 2\r\nhi", "SUB x 2", "PUB y 0\r\n", "SUB z 3"),
        server_first=True,
    ),
    "mysql": Script(
        "mysql",
        lambda row: [mysql_login(row)],
        lambda row: [test_mysql.packet(0, b"\x03" + text.encode()) for text in SQL],
        server_first=True,
    ),
    "postgres": Script(
        "postgres-url",
        lambda row: [
            test_postgres.startup(user=row["user"], database="crm"),
            test_postgres.message(b"p", row["password"].encode() + b"\0"),
        ],
        lambda row: [test_postgres.message(b"Q", text.encode() + b"\0") for text in SQL],
    ),
    "mssql": Script(
        "mssql-url",
        lambda row: [test_mssql.packet(18, test_mssql.PRELOGIN), mssql_login(row)],
        lambda row: [test_mssql.batch(text) for text in SQL],
    ),
    "mongodb": Script(
        "mongodb-url",
        lambda row: [
            test_mongodb.HELLO,
            test_mongodb.message(
                {
                    "saslStart": 1,
                    "mechanism": "PLAIN",
                    "payload": f"\0{row['user']}\0{row['password']}".encode(),
                    "$db": "$external",
                }
            ),
        ],
        lambda row: [
            test_mongodb.message({name: 1, "$db": "crm"})
            for name in ("listCollections", "find", "count", "drop", "listDatabases")
        ],
    ),
    "mqtt": Script(
        "mqtt-credentials",
        lambda row: [mqtt_login(row)],
        lambda row: [
            test_mqtt_broker.packet(0x82, bytes((0, number)) + test_mqtt_broker.text(f"alerts/{number}") + b"\0")
            for number in range(1, 6)
        ],
    ),
    "amqp": Script(
        "amqp-url",
        lambda row: [
            test_amqp.HEADER,
            test_amqp.start_ok("PLAIN", f"\0{row['user']}\0{row['password']}".encode()),
            test_amqp.TUNED + test_amqp.frame(0, 10, 40, test_amqp.short("prod") + bytes(2)),
        ],
        lambda row: [queue(number) for number in range(1, 6)],
    ),
    "ldap": Script(
        "ldap-credentials",
        lambda row: [ldap_login(row)],
        lambda row: [test_ldap.search(b"ou=people", 2, number) for number in range(2, 7)],
    ),
    "clickhouse": Script(
        "clickhouse-native-url",
        lambda row: [clickhouse_login(row)],
        lambda row: [test_clickhouse.query(text) + test_clickhouse.BLOCK for text in SQL],
    ),
    "ftp": Script(
        "ftp-credentials",
        lambda row: lines(f"USER {row['user']}", f"PASS {row['password']}"),
        lambda row: lines("PWD", "CWD /etc", "RETR passwd", "STOR x", "DELE y"),
        server_first=True,
    ),
    "imap": Script(
        "imap-credentials",
        lambda row: lines(f"a LOGIN {row['user']} {row['password']}"),
        lambda row: lines("b LIST \"\" *", "c SELECT x", "d SEARCH ALL", "e FETCH 1 BODY[]", "f STATUS a (MESSAGES)"),
        server_first=True,
    ),
    "pop3": Script(
        "imap-credentials",
        lambda row: lines(f"USER {row['user']}", f"PASS {row['password']}"),
        lambda row: lines("STAT", "LIST", "UIDL", "RETR 1", "NOOP"),
        server_first=True,
    ),
    "smtp": Script(
        "smtp-credentials",
        lambda row: lines("EHLO loot", f"AUTH PLAIN {plain(row)}"),
        lambda row: lines("MAIL FROM:<a@loot.net>", "RCPT TO:<b@loot.net>", "VRFY root", "VRFY admin", "FOO"),
        server_first=True,
    ),
    "http": Script(
        "url",
        lambda row: [f"GET {row['url'].partition('.net')[2] or '/'} HTTP/1.1\r\nHost: {row['host']}\r\n\r\n".encode()],
        lambda row: [f"GET /{name} HTTP/1.1\r\nHost: x.example\r\n\r\n".encode() for name in "abcde"],
    ),
}  # fmt: skip


class Intruder:
    """One connection to a trap."""

    def __init__(self, address: str, script: Script) -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), steady.PATIENCE)
        if script.server_first:
            self.hear()

    def say(self, data: bytes) -> None:
        self._socket.sendall(data)
        self.hear()

    def hear(self) -> bytes:
        heard = self._socket.recv(65_536)
        assert heard, "the trap has ended the conversation"
        return heard

    def close(self) -> None:
        self._socket.close()


@dataclass
class Stories:
    home: Home
    bait: dict[str, Minted]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]) -> Iterator[Stories]:
    """All of them told at once: login and two actions, the back killed, three more actions."""
    home = steady.installation(tmp_path_factory.mktemp("stories") / "home", _TOML, "stories")
    bait = {name: next(iter(minting.mint(home, script.kind))) for name, script in SCRIPTS.items()}
    running = listen_once(home, **{f"TRAPLINE_TRAPS_{name.upper()}_BIND": "127.0.0.1:0" for name in SCRIPTS})
    intruders = {}
    for name, script in SCRIPTS.items():
        row = bait[name].bait.row
        intruders[name] = Intruder(running.addresses[name][0], script)
        for data in [*script.login(row), *script.actions(row)[:2]]:
            intruders[name].say(data)
    before = running.child("back")
    os.kill(before, signal.SIGKILL)
    for name, script in SCRIPTS.items():
        for data in script.actions(bait[name].bait.row)[2:]:
            intruders[name].say(data)
        intruders[name].close()
    yield Stories(home, bait)
    home.store.close()


def story(stories: Stories, trap: str) -> list[Hit]:
    """All that is recorded of one trap's canary, in the order in which it came."""
    canary = stories.bait[trap].canary.id
    found = list(queries.hits(stories.home, canary=canary, parts=True))
    return sorted(found, key=lambda hit: hit.entry.body["number"])


def test_every_trap_has_a_story_or_a_reason() -> None:
    every = plugins.classes(traps.FOLDER, Trap)  # type: ignore[type-abstract]
    assert set(every) == {*SCRIPTS, *WITHOUT}


@pytest.mark.parametrize("trap", sorted(SCRIPTS))
def test_a_login_and_five_actions_are_one_story(stories: Stories, trap: str) -> None:
    hits = steady.until(
        lambda: found if len(found := story(stories, trap)) >= 6 else [],
        lambda: [hit.did for hit in story(stories, trap)],
    )
    connections = {(hit.entry.body["front"], hit.entry.body["connection"]) for hit in hits}
    assert len(connections) == 1
    roots = [hit for hit in hits if not hit.follows]
    assert len(roots) == 1, "one story"
    assert {hit.follows for hit in hits} == {"", roots[0].id}
    assert {hit.incident for hit in hits} == {roots[0].incident}
    after = hits[hits.index(roots[0]) + 1 :]
    assert len(after) >= 5
    assert len({hit.entry.body["sighting"] for hit in hits}) == len(hits), "each once"
    assert all(hit.did for hit in after)
