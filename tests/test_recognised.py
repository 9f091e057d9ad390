"""nmap's service detection takes each trap for the product that it says it is.

All traps of one home, with their default settings but for the address: on the ports of their protocols, because nmap
asks some questions at those ports alone. It runs with what a scanner has who knows nothing.
"""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from canaries.core import plugins
from listener import traps
from listener.traps import Trap
from tests import steady
from tests.programs import needs

pytestmark = [pytest.mark.rehearsal, needs("nmap")]
_ADDRESS = "127.83.79.1"
"""Of loopback, and no other test's."""
_TOML = '[operator]\norganisation = "Test Trust"\n'
PORTS = {
    "ftp": 21, "ssh": 22, "smtp": 25, "dns": 53, "http": 80, "pop3": 110, "imap": 143, "ldap": 389, "mssql": 1433,
    "mqtt": 1883, "mysql": 3306, "nats": 4222, "postgres": 5432, "amqp": 5672, "vnc": 5900, "redis": 6379,
    "clickhouse": 9000, "mongodb": 27017,
}  # fmt: skip
RECOGNISED = {
    "ftp": ("ftp", "vsftpd"),
    "ssh": ("ssh", "OpenSSH"),
    "smtp": ("smtp", "Postfix smtpd"),
    "dns": ("domain", "NLnet Labs NSD"),
    "http": ("http", "nginx"),
    "pop3": ("pop3", "Dovecot pop3d"),
    "imap": ("imap", "Dovecot imapd"),
    "ldap": ("ldap", "OpenLDAP"),
    "mssql": ("ms-sql-s", "Microsoft SQL Server"),
    "mqtt": ("mqtt", ""),
    "mysql": ("mysql", "MySQL"),
    "postgres": ("postgresql", "PostgreSQL DB"),
    "amqp": ("amqp", "RabbitMQ"),
    "vnc": ("vnc", "VNC"),
    "redis": ("redis", "Redis key-value store"),
    "clickhouse": ("clickhouse", "ClickHouse DBMS"),
}
"""Trap to the service and the product that nmap 7.93 names."""
UNKNOWN = {
    "nats": "has no line for it: nats-server 2.9.10 is not recognised either",
    "mongodb": "knows no answer of MongoDB since 5.1, which takes the question no more: mongodb-info asks it otherwise",
}
"""Where nmap names a real server by its port alone, and why."""


def scanned(*options: str, ports: Iterable[int] = PORTS.values()) -> dict[int, tuple[str, str]]:
    """Port to service and product."""
    command = [
        "nmap",
        "-sV",
        "-sT",
        "-Pn",
        "-n",
        *options,
        "-p",
        ",".join(map(str, ports)),
        "-oX",
        "-",
        _ADDRESS,
    ]
    done = subprocess.run(command, capture_output=True, timeout=4 * steady.PATIENCE, check=True)
    found = {}
    for port in ElementTree.fromstring(done.stdout).iter("port"):
        service = port.find("service")
        told = service.attrib if service is not None else {}
        found[int(port.attrib["portid"])] = told.get("name", ""), told.get("product", "")
    return found


def test_every_trap_is_what_it_says(tmp_path: Path, listen_once: Callable[..., Any]) -> None:
    home = steady.installation(tmp_path / "home", _TOML, "recognised")
    bound = {f"TRAPLINE_TRAPS_{name.upper()}_BIND": f"{_ADDRESS}:{port}" for name, port in PORTS.items()}
    listen_once(home, **bound)
    found, by_script = scanned(), scanned("--script", "mongodb-info", ports=[PORTS["mongodb"]])
    home.store.close()
    assert {
        name: found[PORTS[name]][0].startswith(service) and found[PORTS[name]][1].startswith(product)
        for name, (service, product) in RECOGNISED.items()
    } == dict.fromkeys(RECOGNISED, True), found
    assert {name: found[PORTS[name]][1] for name in UNKNOWN} == dict.fromkeys(UNKNOWN, "")
    assert by_script[PORTS["mongodb"]][1].startswith("MongoDB 7.0.")
    assert {*RECOGNISED, *UNKNOWN} == set(PORTS)
    over_tcp = {
        name
        for name, trap in plugins.classes(traps.FOLDER, Trap).items()
        if trap.baited and "tcp" in trap.transports
    }
    assert over_tcp - {"openvpn"} == set(PORTS), "openvpn answers nobody"
