"""The Windows registry: applications' own keys."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

HEAD = "Windows Registry Editor Version 5.00\n\n"


def test_a_value_more_is_named_as_its_neighbours_are() -> None:
    after = text_after("a.reg", f'{HEAD}[HKEY_CURRENT_USER\\Software\\Shop]\n"ApiKey"="x"\n', "stripe-key")
    assert after.count('StripeSecretKey"="sk_live_') == 1


def test_a_session_more_has_its_number_as_a_number() -> None:
    key = "[HKEY_CURRENT_USER\\Software\\Tool\\Sessions\\prod]"
    old = f'{HEAD}{key}\n"HostName"="h"\n"Port"=dword:00000016\n"UserName"="u"\n"Password"="x"\n'
    after = text_after("a.reg", old, "postgres-url")
    assert '"Port"=dword:00001538\n' in after
    assert after.count("\\Sessions\\prod") == 2


def test_keys_of_windows_are_no_place() -> None:
    key = "[HKEY_CURRENT_USER\\Environment]"
    with pytest.raises(PlantError, match="no place"):
        text_after("a.reg", f'{HEAD}{key}\n"API_KEY"="x"\n', "stripe-key")


def test_another_file_of_that_name_is_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("a.reg", '[a]\n"ApiKey"="x"\n', "stripe-key")
