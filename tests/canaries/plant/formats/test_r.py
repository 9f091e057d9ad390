"""R: variables, options and environment variables."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ('api_key <- "x"', '_stripe_secret_key <- "sk_live_'),
        ("options(api.key = 'x')", ".stripe.secret.key = 'sk_live_"),
        ('Sys.setenv(API_KEY = "x")', '_STRIPE_SECRET_KEY = "sk_live_'),
    ],
)
def test_a_line_more_is_written_as_its_neighbour(line: str, made: str) -> None:
    assert made in text_after(".Rprofile", f"{line}\n", "stripe-key")


def test_a_function_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.R", 'f <- function() {\n  key <- "x"\n}\n', "stripe-key")


def test_raw_texts_are_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("a.R", 'key <- "x"\npath <- r"(C:\\x)"\n', "stripe-key")
