"""Who a MySQL client says it is: "Protocol::HandshakeResponse41". The proof of its password is passed over unread."""

from __future__ import annotations

from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol import mysql_auth
from listener.protocol.octets import Octets

CONNECT_WITH_DB, SSL, SECURE, PLUGIN = 1 << 3, 1 << 11, 1 << 15, 1 << 19
ATTRIBUTES, LENGTH_ENCODED, NO_EOF = 1 << 20, 1 << 21, 1 << 24
"""Capabilities."""


@dataclass(frozen=True, slots=True)
class MysqlLogin:
    """What it says."""

    user: str
    database: str
    method: str
    """The plug-in by which it means to prove its password."""
    application: str
    no_eof: bool
    """Whether results end with an OK packet (CLIENT_DEPRECATE_EOF)."""


def read_login(body: bytes) -> MysqlLogin:
    """Raises ValueError."""
    packet = Octets(body)
    flags = packet.number(4)
    packet.next_bytes(4 + 1 + 23)
    user = decoded(packet.text())
    if flags & LENGTH_ENCODED:
        mysql_auth.counted(packet)
    elif flags & SECURE:
        packet.next_bytes(packet.number(1))
    else:
        packet.text()
    database = decoded(packet.text()) if flags & CONNECT_WITH_DB and packet.left else ""
    method = decoded(packet.text()) if flags & PLUGIN and packet.left else ""
    said = mysql_auth.attributes(packet) if flags & ATTRIBUTES and packet.left else {}
    application = said.get("program_name") or said.get("_client_name", "")
    return MysqlLogin(user, database, method, application, bool(flags & NO_EOF))
