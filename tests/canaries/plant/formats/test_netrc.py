"""``.netrc``: before the default, and in one line or several as the others."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_it_stands_before_the_default_which_hides_what_follows() -> None:
    after = text_after(".netrc", "machine a login b password c\ndefault login x password y\n", "netrc")
    assert after.index("traps.example.net") < after.index("default login")


def test_one_line_or_several() -> None:
    one = text_after(".netrc", "machine a login b password c\n", "netrc").splitlines()[1]
    assert one.split()[::2] == ["machine", "login", "password"]
    several = text_after(".netrc", "machine a\n\tlogin b\n\tpassword c\n", "netrc").splitlines()
    assert several[4].startswith("\tlogin ")


def test_what_has_no_login_is_refused() -> None:
    with pytest.raises(PlantError, match="user and password"):
        text_after(".netrc", "machine a login b password c\n", "stripe-key")


def test_emacs_finds_keys_by_their_host_under_a_common_login() -> None:
    old = "machine a.example login jo password x\n"
    made = text_after(".authinfo", old, "openai-key").splitlines()[-1].split()
    assert made[2:5] == ["login", "apikey", "password"]
    assert made[1].endswith("traps.example.net")
    with pytest.raises(PlantError, match="no place"):
        text_after(".netrc", old, "openai-key")
