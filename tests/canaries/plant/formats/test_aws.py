"""AWS: a profile more in both files, under the same name, never the default one."""

from __future__ import annotations

import re

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

OLD = "[default]\naws_access_key_id = AKIAPLACEHOLDER\naws_secret_access_key = placeholder\n"


def test_a_profile_of_its_own_in_the_files_own_spacing() -> None:
    after = text_after(".aws/credentials", OLD.replace(" = ", "="), "aws-key")
    assert re.search(
        r"\n\[\w+\]\naws_access_key_id=AKIA\w{16}\naws_secret_access_key=\S{40}\nendpoint_url=https", after
    )
    assert after.count("[default]") == 1


def test_config_calls_it_a_profile() -> None:
    after = text_after(".aws/config", "[default]\nregion = eu-west-1\n", "aws-key")
    assert re.search(r"^\[profile \w+\]$", after, re.MULTILINE)


def test_what_is_no_access_key_is_refused_and_may_be_left_as_a_comment() -> None:
    with pytest.raises(PlantError, match="no place") as refused:
        text_after(".aws/credentials", OLD, "stripe-key")
    assert "--set as=comment" in str(refused.value.hint)
    assert "# STRIPE_SECRET_KEY = " in text_after(".aws/credentials", OLD, "stripe-key", manner="comment")
