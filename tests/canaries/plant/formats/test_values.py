"""What a bait says: every kind as named values with roles, without being edited for it."""

from __future__ import annotations

import re

import pytest

from canaries.core.model import Bait, Token, Value
from canaries.core.plugins import classes
from canaries.kinds import FOLDER, Kind
from canaries.plant.formats._values import role_of, values_of, words
from tests.canaries.plant.formats.forms import bait

KINDS = sorted(classes(FOLDER, Kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_something_that_accuses(kind: str) -> None:
    made = values_of(kind, bait(kind))
    assert made.values
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", value.name) for value in made.values)
    assert not any("\n" in value.text for value in made.values)
    assert any(token in value.text for token in made.tokens for value in made.values)
    assert len({value.name for value in made.values}) == len(made.values)


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [
        ("STRIPE_SECRET_KEY", "", "secret"),
        ("dbPassword", "", "password"),
        ("AWS_ACCESS_KEY_ID", "", "key_id"),
        ("DATABASE_URL", "", "url"),
        ("server", "https://a", "url"),
        ("spring.datasource.username", "", "user"),
        ("DefaultConnection", "Server=a;Password=b", "connection"),
        ("COLOUR", "", ""),
        ("publishable-key", "", "public"),
    ],
)
def test_roles(name: str, text: str, role: str) -> None:
    assert role_of(name, text) == role


def test_a_url_says_what_is_in_it() -> None:
    roles = values_of("postgres-url", bait("postgres-url")).roles
    assert {"url", "host", "user", "password", "database"} <= roles.keys()


def test_what_a_kind_says_itself_counts() -> None:
    made = Bait((Token("secret", "s3cret"),), "x\n", values=(Value("ACME_KEY", "secret", "s3cret"),))
    assert values_of("acme", made).values == (Value("ACME_KEY", "secret", "s3cret"),)


def test_words() -> None:
    assert words("secretKey") == words("SECRET_KEY") == words("secret-key") == ("secret", "key")


def test_no_name_says_what_the_bait_is_made_for() -> None:
    telling = (
        r"(?i)netrc|pgpass|pypirc|kubeconfig|rclone|s3cmd|log4shell|sensitive|pixel|docx|xlsx|canary|trap"
    )
    for kind in KINDS:
        names = [value.name for value in values_of(kind, bait(kind)).values]
        assert not [name for name in names if re.search(telling, name)]


def test_the_stem_of_a_bait_is_the_first_word_of_its_names() -> None:
    made = Bait((Token("secret", "s3cret"),), "x y\n", row={"login": "jo", "secret": "s3cret"}, stem="repo")
    assert [value.name for value in values_of("netrc", made).values] == ["REPO_LOGIN", "REPO_TOKEN"]


def test_a_domain_of_windows_is_no_host() -> None:
    assert role_of("domain", "EXAMPLE") == ""
    assert role_of("domain", "mail.example.org") == "host"


def test_a_name_is_read_whole_before_its_db_is_taken_off() -> None:
    assert [role_of(name) for name in ("dbname", "dbhost", "dbuser")] == ["database", "host", "user"]


@pytest.mark.parametrize(
    ("name", "text", "role"),
    [
        ("use_path_style_endpoint", "x", ""),
        ("AWS_USE_PATH_STYLE_ENDPOINT", "", ""),
        ("endpoint", "false", ""),
        ("endpoint", "a.example.org", "url"),
        ("remotepass", "x", "password"),
        ("smtphost", "x", "host"),
        ("dbhost", "x", "host"),
        ("report", "x", ""),
        ("localhost", "x", ""),
    ],
)
def test_switches_and_glued_names(name: str, text: str, role: str) -> None:
    assert role_of(name, text) == role
