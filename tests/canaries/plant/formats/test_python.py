"""Python settings: a constant more, in the file's quotes; databases that a framework goes through stay alone."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_quotes_are_the_files() -> None:
    assert "_STRIPE_SECRET_KEY = 'sk_live_" in text_after("settings.py", "KEY = 'x'\n", "stripe-key")
    assert '_STRIPE_SECRET_KEY = "sk_live_' in text_after("settings.py", 'KEY = "x"\n', "stripe-key")


def test_a_statement_of_several_lines_is_not_cut() -> None:
    old = "PASSWORDS = {\n    'a': 'b',\n}\nX = 1\n"
    after = text_after("settings.py", old, "postgres-url")
    assert "PASSWORDS = {\n    'a': 'b',\n}\n" in after


def test_no_database_is_added_to_those_that_django_goes_through() -> None:
    old = "DATABASES = {'default': {'HOST': 'a', 'USER': 'b', 'PASSWORD': 'c'}}\n"
    assert text_after("settings.py", old, "postgres-url").startswith(old)


def test_brackets_nested_too_deeply_are_refused() -> None:
    with pytest.raises(PlantError, match="too deeply"):
        text_after("settings.py", "KEY = 'x'\nX = " + "- " * 8000 + "1\n", "stripe-key")
