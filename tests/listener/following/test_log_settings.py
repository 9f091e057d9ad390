"""``[logs.NAME]`` is checked, each mistake named."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core.errors import SettingsError
from canaries.core.settings import parse
from listener.following.log_settings import followed_logs


def test_a_log() -> None:
    told = parse(
        {"logs": {"shop": {"type": "postgresql", "path": "/l"}}}, {"TRAPLINE_LOGS_SHOP_FROM_START": "true"}
    )
    [found] = followed_logs(told.logs)
    assert (found.name, found.source.name, found.path, found.from_start) == ("shop", "postgresql", "/l", True)
    assert followed_logs({}) == []


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("shop", {"type": "postgresql"}, "needs type and path"),
        ("shop", {"type": "postgres", "path": "/l"}, "no sort of log called 'postgres'"),
        ("Shop.1", {"type": "postgresql", "path": "/l"}, "name it with a to z"),
        ("shop", {"type": "postgresql", "path": "/l", "file": "x"}, "file"),
        ("shop", {"type": "postgresql", "path": "/l", "from_start": 5}, "from_start"),
    ],
)
def test_mistakes(name: str, values: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        followed_logs({name: values})
