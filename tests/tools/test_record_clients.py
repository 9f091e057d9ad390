"""Recording: a real program against a real server on loopback gives the value that is in the table."""

from __future__ import annotations

import sys
from functools import partial

import pytest

from listener.facts._fingerprints import families
from listener.facts.client import _order
from listener.protocol import kexinit
from tools import record_clients
from tools.record_clients import HTTP, SSH, agent, greeting, header_names, request, serve


@pytest.mark.parametrize("family", ["Python urllib", "Python Requests"])
def test_http(family: str) -> None:
    head = serve(request, partial(record_clients._http, HTTP[family]))
    assert family in families("header_order", _order(header_names(head)))
    assert agent(head).lower().startswith("python-")


def test_ssh() -> None:
    data = serve(greeting, partial(record_clients._ssh, SSH["Paramiko"]))
    found = kexinit.parse(data)
    assert found is not None
    assert found.version.startswith("SSH-2.0-paramiko")


def test_a_program_that_is_not_there_says_nothing() -> None:
    assert header_names(b"") == ()
    record_clients._run(("/nowhere/at/all",))
    assert sys.executable
