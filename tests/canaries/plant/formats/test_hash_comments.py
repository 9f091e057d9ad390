"""Configurations in which each line acts: comments only, and not in the middle of a continued line."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_nothing_but_comments_is_added() -> None:
    old = "Port 22\nPermitRootLogin no\n"
    after = text_after("sshd_config", old, "stripe-key")
    assert [line for line in after.splitlines() if not line.startswith("#")] == old.splitlines()


def test_a_continued_line_is_not_cut() -> None:
    old = "FROM x\nENV PASSWORD=1 \\\n    B=2\n"
    assert "ENV PASSWORD=1 \\\n    B=2\n" in text_after("Dockerfile", old, "stripe-key")


def test_a_heredoc_is_not_looked_into() -> None:
    with pytest.raises(PlantError, match="heredoc"):
        text_after("Dockerfile", "FROM x\nRUN <<EOF\necho\nEOF\n", "stripe-key")


def test_an_inventory_gets_no_host() -> None:
    old = "[web]\nweb1 ansible_host=192.0.2.10 ansible_password=x\n"
    after = text_after("inventory", old, "ssh-key")
    assert [line for line in after.splitlines() if not line.startswith("#")] == old.splitlines()


def test_a_comment_is_written_as_the_programs_settings_are() -> None:
    old = 'output {\n  elasticsearch {\n    password => "x"\n  }\n}\n'
    after = text_after("logstash.conf", old, "stripe-key")
    assert '\n    # stripe_secret_key => "sk_live_' in after
