"""What a test may need of this machine's network: it skips with the reason where there is none."""

from __future__ import annotations

import pytest

from canaries.installation import addresses

needs_an_address = pytest.mark.skipif(
    not addresses.network_address(), reason="this machine has no address but its own loopback"
)


def needs_a_resolver() -> None:
    """Skip where nobody says that a name does not exist."""
    if addresses.look_up("host.invalid") is None:
        pytest.skip("no resolver answers here")
