"""Names of firms that are nobody's."""

from __future__ import annotations

import re

from canaries.crypto.seeded_random import SeededRandom
from canaries.protocols.house_names import house_name


def test_hardly_two_are_alike_and_all_can_be_said() -> None:
    names = [house_name(SeededRandom(number.to_bytes(32, "big"))) for number in range(2000)]
    assert len(set(names)) > 1900
    assert all(re.fullmatch(r"[A-Z][a-z]{3,16}( [A-Z][a-z]+)?", name) for name in names)
    assert not [name for name in names if re.search(r"(?i)trapline|canar|honey", name)]
