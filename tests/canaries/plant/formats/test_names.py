"""Names in the file's own spelling."""

from __future__ import annotations

import pytest

from canaries.plant.formats._names import LABELS, labelled, nearest, style_of
from canaries.plant.formats._values import values_of
from tests.canaries.plant.formats.forms import bait

STRIPE = values_of("stripe-key", bait("stripe-key"))
OPENAI = values_of("openai-key", bait("openai-key"))


@pytest.mark.parametrize(
    ("names", "style", "expected"),
    [
        (["DB_HOST", "A"], "upper", "OLD_API_KEY"),
        (["db_host"], "snake", "old_api_key"),
        (["dbHost", "dbPort"], "camel", "oldApiKey"),
        (["DbHost"], "pascal", "OldApiKey"),
        (["db-host"], "kebab", "old-api-key"),
        (["db.host"], "dotted", "old.api.key"),
        (["plain", "word"], "upper", "OLD_API_KEY"),
    ],
)
def test_the_spelling_most_of_them_have(names: list[str], style: str, expected: str) -> None:
    assert style_of(names, "upper") == style
    assert labelled("API_KEY", "old", style) == expected


def test_without_a_word_it_stays_as_it_is() -> None:
    assert labelled("API_KEY", "", "upper") == "API_KEY"


def test_beside_the_same_service_else_beside_a_secret() -> None:
    names = ["A", "STRIPE_KEY", "DB_PASSWORD", "B"]
    roles = ["", "secret", "password", ""]
    assert nearest(names, STRIPE, roles) == 1
    assert nearest(names, OPENAI, roles) == 2
    assert nearest(["A"], OPENAI, [""]) is None


def test_no_word_names_the_product() -> None:
    assert not {"canary", "trap", "bait", "honey", "decoy"} & set(LABELS)
