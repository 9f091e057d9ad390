"""The first page: what is broken comes first, in the words of ``trapline status``."""

from __future__ import annotations

from typing import Any

from listener.health.examination import examine


def test_f5_a_stopped_listener_is_said_first_and_nothing_is_green(console: Any) -> None:
    page = console.get("/health").get_data(as_text=True)
    assert "failing</h1>" in page
    assert page.index("no listener runs on this home") < page.index("What fired")
    assert "start it: trapline listen" in page


def test_the_root_leads_here(console: Any) -> None:
    assert console.get("/").headers["Location"].endswith("/health")


def test_it_says_what_status_says(console: Any) -> None:
    page = console.get("/health").get_data(as_text=True)
    report = examine(console.home)
    assert all(f"<strong>{part.part}</strong>" in page for part in report.parts)


def test_settings_are_those_of_now_not_of_when_the_console_was_opened(console: Any) -> None:
    (console.home.path / "trapline.toml").write_text("[bate]\n")
    assert "bate" in console.get("/health").get_data(as_text=True)
