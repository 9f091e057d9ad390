"""Logins: who, from where; a user's name cannot pass for the address."""

from __future__ import annotations

import pytest

from listener.logs.auth import AuthLog

HOST = "203.0.113.7"
LINES = {
    f"Accepted publickey for alice from {HOST} port 401 ssh2: ED25519 SHA256:abc": ("login", "alice", HOST, 401),
    f"Failed password for invalid user al ice from {HOST} port 401 ssh2": ("failed login", "al ice", HOST, 401),
    "Invalid user alice from 2001:db8::7 port 5": ("failed login", "alice", "2001:db8::7", 5),
    f"Connection closed by authenticating user alice {HOST} port 7 [preauth]": ("failed login", "alice", HOST, 7),
    f"Invalid user x from 192.0.2.1 port 1 from {HOST} port 2": ("failed login", "x from 192.0.2.1 port 1", HOST, 2),
    f"pam_unix(sshd:auth): authentication failure; logname= uid=0 tty=ssh ruser= rhost={HOST}  user=alice": (
        "failed login", "alice", HOST, 0
    ),
    "pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)": ("session", "root", "", 0),
    "   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id": ("sudo", "alice", "", 0),
    "Server listening on 0.0.0.0 port 22.": ("message", "", "", 0),
}  # fmt: skip


@pytest.mark.parametrize("message", LINES)
def test_every_line(message: str) -> None:
    found = AuthLog().record(f"Nov 27 08:00:00 db1 sshd[811]: {message}".encode())
    assert found is not None
    assert (found.event, found.account, found.client, found.port) == LINES[message]
    assert found.request == message
    assert found.facts["host"] == "db1"


def test_what_is_none() -> None:
    assert AuthLog().record(b"noise") is None
    assert AuthLog().sound(b"Nov 27 08:00:00 db1 sshd[811]: x\nnoise") == 1
