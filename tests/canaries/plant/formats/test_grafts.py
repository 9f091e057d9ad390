"""The bait's own file, entry by entry, in one that is there."""

from __future__ import annotations

import json

from tests.canaries.plant.formats.forms import bait, text_after


def test_pointers_and_other_settings_are_not_taken_over() -> None:
    old = '{"auths": {}, "credsStore": "x"}'
    held = json.loads(text_after(".docker/config.json", old, "docker-config"))
    assert held["credsStore"] == "x"
    assert len(held["auths"]) == 1


def test_a_name_that_is_taken_gets_a_word_more() -> None:
    own = json.loads(bait("terraform-credentials").files[0].content)["credentials"]
    old = json.dumps({"credentials": {next(iter(own)): {"token": "placeholder"}}})
    held = json.loads(text_after(".terraform.d/credentials.tfrc.json", old, "terraform-credentials"))
    assert len(held["credentials"]) == 2
    assert held["credentials"][next(iter(own))] == {"token": "placeholder"}
