"""Property lists: a key and its text more, never a dictionary beside the one that a program reads."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.plant.formats.plist import PlistFormat
from tests.canaries.plant.formats.forms import text_after


def _written(held: Mapping[str, object]) -> str:
    return plistlib.dumps(dict(held), sort_keys=False).decode()


def test_it_has_the_keys_style_and_nothing_of_the_neighbours_secrets() -> None:
    old = {"ApiBaseUrl": "https://api.example.org", "StripeSecretKey": "sk_live_real", "Debug": False}
    made = plistlib.loads(text_after("Secrets.plist", _written(old), "stripe-key").encode())
    assert {key: made[key] for key in old} == old
    new = {key: value for key, value in made.items() if key not in old}
    assert any(key.endswith("StripeSecretKey") and value.startswith("sk_live_") for key, value in new.items())
    assert "sk_live_real" not in new.values()


def test_a_login_is_made_after_the_one_that_is_there() -> None:
    old = {"DB_HOST": "a", "DB_PORT": 1, "DB_USER": "b", "DB_PASSWORD": "c", "X": "y"}
    made = plistlib.loads(text_after("Config.plist", _written(old), "postgres-url").encode())
    new = {key.partition("_")[2]: value for key, value in made.items() if key not in old}
    assert list(new) == ["DB_HOST", "DB_PORT", "DB_USER", "DB_PASSWORD"]
    assert isinstance(new["DB_PORT"], int)


def test_a_job_of_launchd_takes_variables_alone() -> None:
    job = {"Label": "org.example.app", "ProgramArguments": ["/bin/app"], "ApiKey": "x"}
    with pytest.raises(PlantError):
        text_after("org.example.app.plist", _written(job), "stripe-key")
    more: dict[str, object] = {**job, "EnvironmentVariables": {"API_KEY": "x"}}
    made = plistlib.loads(text_after("org.example.app.plist", _written(more), "stripe-key").encode())
    assert len(made["EnvironmentVariables"]) > 1
    assert made.keys() == more.keys()


@given(st.text())
def test_whatever_it_is_given_it_reads_or_says_why_not(text: str) -> None:
    with suppress(ValueError):
        PlistFormat().read(text)
