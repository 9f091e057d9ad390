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


def test_a_group_of_settings_stays_together_and_numbers_stay_numbers() -> None:
    login = "EMAIL_HOST = 'a'\nEMAIL_PORT = 25\nEMAIL_HOST_USER = 'b'\nEMAIL_HOST_PASSWORD = 'c'\n"
    text = f"{login}EMAIL_TLS = True\nX = 1\n"
    after = text_after("settings.py", text, "smtp-credentials").splitlines()
    assert after[:5] == text.splitlines()[:5]
    assert after[-1] == "X = 1"
    made = {line.partition(" = ")[0].partition("_")[2]: line.partition(" = ")[2] for line in after[5:-1]}
    assert list(made) == ["EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"]
    assert made["EMAIL_PORT"].isdigit()


def test_a_class_of_settings_takes_one_more_and_a_model_none() -> None:
    body = '    S3_BUCKET = "a"\n    S3_KEY = "b"\n    S3_SECRET = "c"\n'
    after = text_after("config.py", f"class Config:\n{body}\n\nx = Config\n", "aws-key")
    assert after.startswith(f"class Config:\n{body}    ")
    for head in ("class Config(BaseSettings):", "@dataclass\nclass Config:", "class Config(metaclass=M):"):
        after = text_after("config.py", f"{head}\n{body}\n\nx = 1\n", "aws-key")
        assert after.startswith(f"{head}\n{body}\n\nx = 1\n")


def test_constants_are_upper_case_where_no_others_tell() -> None:
    after = text_after("config.py", "settings = Settings()\n", "redis-url")
    assert after.splitlines()[-1].partition(" = ")[0].isupper()
