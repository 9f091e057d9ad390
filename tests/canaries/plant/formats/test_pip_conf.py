"""pip: an old index, commented: pip asks every one that is not."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_the_old_index_stands_beside_the_one_in_use() -> None:
    after = text_after(
        "pip.conf", "[global]\nindex-url = https://a.example.org/simple\n", "pip-conf"
    ).splitlines()
    assert after[1].startswith("# index-url = https://")
    assert after[2] == "index-url = https://a.example.org/simple"


def test_a_list_of_several_lines_is_not_cut() -> None:
    old = "[global]\nextra-index-url =\n    https://a.example.org/simple\n    https://b.example.org/simple\n"
    assert text_after("pip.conf", old, "pip-conf").startswith(old)
