"""Templates escape by default and never guess at a missing name."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from canaries.core import render


def test_the_folder_is_found() -> None:
    assert (render.folder() / "trapline.toml.j2").is_file()


def test_html_escapes_and_visible_is_a_filter() -> None:
    template = render.environment().from_string("{{ value | visible }}")
    assert template.render(value="a\u202eb") == "a\\u202eb"
    assert render.environment().autoescape("console/x.html.j2")  # type: ignore[operator]
    assert not render.environment().autoescape("kinds/x.j2")  # type: ignore[operator]


def test_a_missing_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render.render("trapline.toml.j2", domain="")
