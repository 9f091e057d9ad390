"""``.npmrc``: a scope of its own; the registry in use stays."""

from __future__ import annotations

import re

from tests.canaries.plant.formats.forms import text_after


def test_the_registry_in_use_is_not_another_one() -> None:
    after = text_after(".npmrc", "registry=https://registry.example.net/\n", "npm-token")
    assert re.findall(r"^registry=.*$", after, re.MULTILINE) == ["registry=https://registry.example.net/"]
    assert re.search(r"^@\w+:registry=https://\w+\.traps\.example\.net/$", after, re.MULTILINE)


def test_spaces_around_the_equals_sign_follow_the_file() -> None:
    assert ":registry = https://" in text_after(".npmrc", "fund = false\n", "npm-token")
