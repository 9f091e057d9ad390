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


@pytest.mark.parametrize("at", range(3))
def test_an_entry_stands_behind_its_like_wherever_that_is(at: int) -> None:
    entry = "    '{0}' => [\n        'secret' => 'x',\n        'endpoint' => 'a.example.org',\n    ],\n"
    names = ["postmark", "sparkpost"]
    names.insert(at, "mailgun")
    text = "<?php\n\nreturn [\n" + "".join(entry.format(name) for name in names) + "];\n"
    after = text_after("services.php", text, "mailgun-key")
    head, _, tail = text.partition(entry.format("mailgun"))
    assert after.startswith(head + entry.format("mailgun") + "    'mailgun_")
    assert after.endswith(tail)


def test_an_entry_stands_in_no_other_services_array() -> None:
    text = (
        "<?php\nreturn [\n    'slack' => [\n        'notifications' => [\n            'token' => 'x',\n        ],\n"
        "    ],\n    'api_key' => 'y',\n];\n"
    )
    after = text_after("services.php", text, "mailgun-key")
    assert text.partition("    'api_key'")[0] in after
    assert "notifications_" not in after


def test_a_class_of_settings_gets_one_login_and_together() -> None:
    names = ["dbtype", "host", "user", "password", "db", "mailer", "smtpuser", "smtppass", "smtphost"]
    text = "<?php\nclass JConfig {\n" + "".join(f"\tpublic ${name} = 'x';\n" for name in names) + "}\n"
    after = text_after("configuration.php", text, "mysql")
    made = [line for line in after.splitlines() if line not in text.splitlines()]
    assert len(made) == 4
    assert "\n".join(made) in after
    assert after.index(made[0]) < after.index("$mailer")
