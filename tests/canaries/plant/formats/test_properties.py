"""Property files: a group like another data source's."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_a_data_source_gets_a_brother_that_no_program_reads() -> None:
    old = "spring.datasource.url=jdbc:mysql://localhost/a\nspring.datasource.username=u\nspring.datasource.password=real\n"
    added = text_after("application.properties", old, "mysql")[len(old) :].splitlines()
    assert [line.partition(".")[2].partition("=")[0] for line in added] == [
        "datasource.url",
        "datasource.username",
        "datasource.password",
    ]
    assert added[0].partition("=")[2].startswith("jdbc:mysql://")
    assert not any(line.startswith("spring.") for line in added)


def test_a_continued_line_is_not_cut() -> None:
    old = "a.password=x \\\n  y\nb=1\n"
    assert "a.password=x \\\n  y\n" in text_after("a.properties", old, "stripe-key")
