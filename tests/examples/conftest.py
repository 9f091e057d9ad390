"""What tests of examples share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from canaries.installation.home import Home
from tests.served import serving


@pytest.fixture
def served(home: Home) -> Iterator[str]:
    """The root URL of a real server of console and API."""
    with serving(home) as root:
        yield root
