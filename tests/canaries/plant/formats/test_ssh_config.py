"""ssh: a host more; what every other host gets stays the same."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_it_stands_before_the_block_for_all_and_its_comment() -> None:
    old = "Host a\n    HostName 192.0.2.1\n\n# all\nHost *\n    User jo\n"
    after = text_after(".ssh/config", old, "ssh-key")
    assert after.endswith("# all\nHost *\n    User jo\n")
    assert after.startswith("Host a\n    HostName 192.0.2.1\n\nHost ")


def test_a_private_key_never_goes_into_a_configuration() -> None:
    assert "PRIVATE KEY" not in text_after(".ssh/config", "Host a\n  User b\n", "ssh-key")


def test_another_kind_has_no_place_there() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(".ssh/config", "Host a\n  User b\n", "mysql")


def test_the_files_own_equals_signs_and_tabs() -> None:
    assert "\n\tHostname=" in text_after(".ssh/config", "Host a\n\tHostname=b\n", "dns-name")


def test_more_hosts_and_patterns_than_can_be_compared_are_refused() -> None:
    old = "".join(f"Host h{number}\nHost p{number}*\n" for number in range(1100))
    with pytest.raises(PlantError, match="too many"):
        text_after(".ssh/config", old, "ssh-key")
