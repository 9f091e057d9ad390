"""What differs between two real servers of one product is taken out before they are compared."""

from __future__ import annotations

import re

_TAKEN_OUT: dict[str, tuple[tuple[str, str], ...]] = {
    "ftp": ((r"vsFTPd [\d.]+", "vsFTPd *"), (r"client count was \d+", "client count was *")),
    "imap": ((r"Dovecot (?:\(\w+\) )?ready", "Dovecot ready"),),
    "pop3": ((r"Dovecot (?:\(\w+\) )?ready", "Dovecot ready"),),
    "smtp": (
        (r"(?m)^(220|250|221)([ -])(?!2\.)[\w.-]+\.(?:localdomain|example)\b", r"\1\2HOST"),
        (r"ESMTP(?: Postfix)?(?: \(\w+(?:/GNU)?\))?\r", "ESMTP\r"),
    ),
    "redis": ((r":\d+\r\n\$4\r\nmode", ":*\r\n$4\r\nmode"),),
    "nats": (
        (r'"server_id":"N\w{55}","server_name":"N\w{55}"', '"server_id":"*","server_name":"*"'),
        (r'"version":"[\d.]+"', '"version":"*"'),
        (r'(?:"git_commit":"\w+",)?"go":"go[\d.]+"', '"go":"*"'),
        (r'"host":"[\d.]+","port":\d+', '"host":"*","port":*'),
        (r'"client_id":\d+', '"client_id":*'),
        (r'"client_ip":"[^"]+"', '"client_ip":"*"'),
    ),
    "postgres": (
        (r"S....server_version\x00[^\x00]*\x00", "VERSION"),
        (r"S....TimeZone\x00[^\x00]*\x00", "ZONE"),
        (r"K\x00\x00\x00\x0c.{8}", "KEY"),
    ),
    "mqtt": (),
    "amqp": (
        (r"^\x01\x00\x00.{4}\x00\n\x00\n\x00\t.{4}", "START"),
        (r"^\x01\x00\x00.{4}\x00\n\x00\n\x08\x00.{4}", "START 8"),
        (
            r"\x00{3}.\x00\x14\x00\(\x01\x93.ACCESS_REFUSED - (?:configure |write |read )?access to",
            "NO ACCESS TO",
        ),
        (r"amq\.gen-[\w-]{22}", "amq.gen-*"),
        (r"(cluster_name|copyright|platform|version)S....[^\x00-\x1f]*", r"\1"),
    ),
    "ldap": (),
}
"""Trap to (expression, what stands for it)."""


def normal(trap: str, answers: list[str]) -> str:
    """``answers`` one after the other, without versions, names, ids and counters."""
    found = "".join(answers)
    for pattern, instead in _TAKEN_OUT[trap]:
        found = re.sub(pattern, instead, found, flags=re.DOTALL)
    return found
