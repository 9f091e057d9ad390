"""Old accounts in a program's own words."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_space_behind_the_mark_is_that_of_the_file() -> None:
    assert "\n#user = " in text_after(".curlrc", "#proxy = x\nsilent\n", "ftp-credentials")
    assert "\n# user = " in text_after(".curlrc", "# proxy = x\nsilent\n", "ftp-credentials")


def test_what_the_program_has_no_account_for_is_refused() -> None:
    for name in (".curlrc", ".wgetrc", ".muttrc", ".fetchmailrc"):
        with pytest.raises(PlantError, match="no place"):
            text_after(name, "a = b\n", "redis-url")
