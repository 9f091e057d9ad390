"""Which traps are open is one of two words."""

from __future__ import annotations

import pytest

from canaries.core.errors import SettingsError
from canaries.core.settings import parse


def test_the_setting_by_file_and_by_environment() -> None:
    assert parse({}, {}).listen.traps == "configured", "a home without it is as it was"
    assert parse({"listen": {"traps": "needed"}}, {}).listen.traps == "needed"
    assert parse({}, {"TRAPLINE_LISTEN_TRAPS": "needed"}).listen.traps == "needed"
    with pytest.raises(SettingsError, match=r"listen\.traps"):
        parse({"listen": {"traps": "some"}}, {})
