"""Composer: a host more."""

from __future__ import annotations

import json

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

OLD = {"http-basic": {"a.example": {"username": "u", "password": "x"}}, "github-oauth": {"github.com": "x"}}


def test_a_token_is_that_of_another_host() -> None:
    after = json.loads(text_after("auth.json", json.dumps(OLD, indent=4), "github-token"))
    assert after["http-basic"] == OLD["http-basic"]
    assert next(iter(after["github-oauth"])) == "github.com"
    assert list(after["github-oauth"])[1].endswith("traps.example.net")


def test_a_login_stands_among_logins() -> None:
    after = json.loads(text_after("auth.json", json.dumps(OLD), "netrc"))
    assert [*after["http-basic"].values()][1].keys() == {"username", "password"}


def test_what_composer_has_no_block_for_has_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("auth.json", json.dumps(OLD), "stripe-key")


def test_the_auth_json_of_containers_is_not_composers() -> None:
    with pytest.raises(PlantError, match=r"\(JSON\)"):
        text_after("auth.json", '{"auths": {"a.example": {"auth": "eA=="}}}', "stripe-key")
