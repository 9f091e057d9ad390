"""A real mail server for the tests of this room, with an empty mailbox for each of them."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_server import MailServer, mail_server


@pytest.fixture(scope="module")
def running(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[MailServer]:
    with mail_server(server_tls[1]) as server:
        yield server


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.empty()
    return running
