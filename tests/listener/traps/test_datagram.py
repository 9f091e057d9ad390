"""Settings of traps over UDP."""

from __future__ import annotations

import pytest

from listener.traps._datagram import BothSettings, DatagramSettings


@pytest.mark.parametrize("settings", [DatagramSettings, BothSettings])
def test_rates_in_the_settings_are_rates(settings: type[DatagramSettings]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        settings(datagrams_a_second=0)
    with pytest.raises(ValueError, match="above zero"):
        settings(datagrams_a_second_per_source=-1)
