"""PHP: code among code; never printed, never outside."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_nothing_goes_behind_the_closing_tag() -> None:
    after = text_after("wp-config.php", "<?php\ndefine('DB_PASSWORD', 'x');\n?>\n", "stripe-key")
    assert after.endswith("?>\n")
    assert after.index("sk_live_") < after.index("?>")


def test_what_is_printed_is_left_alone() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.php", "<p>\ndefine('A', 'x');\n</p>\n<?php echo 1; ?>\n", "stripe-key")


def test_a_definition_in_a_heredoc_or_a_comment_is_none() -> None:
    old = (
        "<?php\n/*\ndefine('PASSWORD', 'x');\n*/\n$a = <<<T\ndefine('SECRET', 'x');\nT;\ndefine('B', 'x');\n"
    )
    assert text_after("a.php", old, "stripe-key").startswith(old)


def test_an_array_gets_another_entry_with_its_arrows_and_quotes() -> None:
    old = (
        "<?php\nreturn [\n    'stripe' => [\n        'key' => 'pk',\n        'secret' => 'sk',\n    ],\n];\n"
    )
    after = text_after("services.php", old, "stripe-key")
    assert "    'stripe_" in after
    assert "        'key' => 'pk_live_" in after
    assert "        'secret' => 'sk_live_" in after
