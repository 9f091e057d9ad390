"""PHP's constants, variables, elements and members: a login once more, in the file's own names."""

from __future__ import annotations

import pytest

from tests.canaries.plant.formats.forms import text_after

FORMS = {
    "constants": "define( 'DB_{0}', '{1}' );",
    "elements": "$cfg['db_{0}'] = '{1}';",
    "variables": "$db_{0} = '{1}';",
    "members": "$CFG->db{0}    = '{1}';",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_login_is_made_after_the_one_that_is_there(form: str) -> None:
    names = ["HOST", "NAME", "USER", "PASSWORD"]
    names = names if form == "constants" else [name.lower() for name in names]
    lines = [FORMS[form].format(name, "x") for name in names]
    text = "\n".join(["<?php", *lines, "$other_key = 'y';", ""])
    after = text_after("config.php", text, "mysql").splitlines()
    made = after[5:9]
    assert after[:5] == text.splitlines()[:5]
    for old, new in zip(lines, made, strict=True):
        head, _, tail = old.partition("db" if "db" in old else "DB")
        assert new.startswith(head)
        assert tail.partition("x")[0].split()[0].rstrip("',]=") in new


def test_what_is_aligned_stays_aligned_where_there_is_room() -> None:
    long = "STRIPE_SECRET_KEY_OF_THE_SHOP"
    text = f"<?php\ndefine('A_KEY',{' ' * 35}'x');\ndefine('{long}',{' ' * 11}'y');\n"
    made = text_after("config.php", text, "stripe-key").splitlines()[3:]
    assert {line.index("'", line.index(",")) for line in made} == {50}


def test_an_object_gets_no_member_that_it_may_not_know() -> None:
    old = "<?php\n$client->api_key = 'x';\n"
    after = text_after("config.php", old, "stripe-key")
    assert all(line.startswith("//") for line in after.removeprefix(old).splitlines() if line)
