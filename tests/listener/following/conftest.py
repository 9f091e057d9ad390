"""A table of subscribers for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres_cluster import PostgresCluster
from tests.subscribers import Subscribers, subscribers


@pytest.fixture(scope="module")
def shared_shop(cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscribers]:
    with subscribers(cluster, tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture
def shop(shared_shop: Subscribers) -> Iterator[Subscribers]:
    """The table without a sensor, as each test finds it and must leave it."""
    yield shared_shop
    shared_shop.restore()


@pytest.fixture
def own_shop(cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscribers]:
    """One of the test's own, for what changes the table."""
    with subscribers(cluster, tmp_path_factory.mktemp("shop")) as found:
        yield found
