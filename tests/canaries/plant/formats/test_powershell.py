"""PowerShell: variables of scripts, entries of data files."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_profile_without_variables_gets_its_first() -> None:
    assert "\n$env:" in text_after("profile.ps1", "Import-Module posh-git\n", "stripe-key")


@pytest.mark.parametrize(
    "text",
    ["# SIG # Begin signature block\n", '$a = @"\n$ApiKey = "x"\n"@\n', "@{\nModuleVersion = '1'\n}\n"],
    ids=["signed", "here-string", "manifest"],
)
def test_what_is_signed_or_no_code_or_strict_is_refused(text: str) -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("a.psd1", text, "stripe-key")


def test_a_line_that_goes_on_is_not_parted() -> None:
    old = '$a = "x" + `\n$ApiKey = "y"\n'
    assert old in text_after("a.ps1", old, "stripe-key")


def test_a_function_is_no_place() -> None:
    old = 'function f {\n  $ApiKey = "x"\n}\n'
    assert text_after("a.ps1", old, "stripe-key").startswith(old)
