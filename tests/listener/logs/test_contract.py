"""Every log source: named once, never raises, and counts as sound what it can read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import SettingsError
from canaries.core.plugins import classes
from listener.logs import FOLDER, LogSource, source

NAMES = sorted(classes(FOLDER, LogSource))


@pytest.mark.parametrize("name", NAMES)
def test_a_source_says_what_it_is(name: str) -> None:
    assert source(name).name == name
    assert source(name).title


@pytest.mark.parametrize("name", NAMES)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_raise(name: str, data: bytes) -> None:
    found = source(name)
    found.record(data)
    assert found.sound(data) <= data.count(b"\n") + 1
    list(found.interesting(data, lambda block: ()))


def test_an_unknown_one_is_named() -> None:
    with pytest.raises(SettingsError, match=r"choose from .*postgresql"):
        source("syslog-ng")
