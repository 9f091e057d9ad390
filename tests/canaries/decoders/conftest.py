"""What the tests of the decoders share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, unwrap


@pytest.fixture
def texts() -> Callable[[bytes], set[bytes]]:
    """Everything that is wrapped in some bytes."""

    def look(data: bytes) -> set[bytes]:
        return {layer.data for layer in unwrap(data, DecodingBudget(USUAL, len(data)))}

    return look
