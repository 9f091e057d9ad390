"""Services on loopback for every test of the room."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside_servers import NameService, WebService, name_service, web_service


@pytest.fixture(scope="package")
def _web(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[WebService]:
    with web_service(server_tls[0]) as made:
        yield made


@pytest.fixture
def web(_web: WebService) -> WebService:
    _web.asked.clear()
    _web.answers.clear()
    _web.drip = 0.0
    return _web


@pytest.fixture(scope="package")
def _names() -> Iterator[NameService]:
    with name_service() as made:
        yield made


@pytest.fixture
def names(_names: NameService) -> NameService:
    _names.asked.clear()
    _names.zone.clear()
    return _names


@pytest.fixture
def ca_file(server_tls: tuple[ssl.SSLContext, Path]) -> str:
    return str(server_tls[1])
