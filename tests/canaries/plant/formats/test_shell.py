"""Shell: assignments at the outermost level, exported where the neighbours are."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_it_is_exported_where_its_neighbours_are() -> None:
    assert "\nexport " in text_after(".bashrc", "export A=b\n", "stripe-key")
    assert "export" not in text_after("env.sh", "A=b\n", "stripe-key")


def test_a_heredoc_and_a_block_are_not_written_into() -> None:
    old = "cat <<'EOF'\nSTRIPE_KEY=x\nEOF\nif true; then\n  STRIPE_KEY=x\nfi\n"
    assert text_after(".bashrc", old, "stripe-key").startswith(old)


def test_nothing_goes_behind_an_exit() -> None:
    after = text_after("a.sh", "#!/bin/sh\nexit 0\n", "stripe-key")
    assert all(line.startswith("#") for line in after.splitlines()[2:])


def test_a_value_that_the_shell_would_read_is_quoted() -> None:
    from canaries.plant.formats.shell import ShellFormat

    assert ShellFormat().assign("A", "x$y'z") == "export A='x$y'\\''z'"
