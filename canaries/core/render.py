"""Templates: one Jinja2 environment over the ``templates`` folder.

The folder is looked for inside the installed package first (``canaries/templates``), then beside it (a checkout).
HTML escapes by default; plain-text templates call the ``visible`` filter for whatever a visitor sent.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import text

if TYPE_CHECKING:
    from jinja2 import Environment


def folder() -> Path:
    """Where the templates are."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "templates"
    return inside if inside.is_dir() else here.parent / "templates"


@cache
def environment() -> Environment:
    """The shared environment: undefined names are errors, HTML autoescapes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(folder()),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "html.j2", "svg", "xml")),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # installed files do not change; looking each time is dear in bulk
    )
    environment.filters["visible"] = lambda value, limit=None: text.visible(str(value), limit=limit)
    return environment


def render(template: str, /, **values: object) -> str:
    """The template ``kinds/aws-key.j2`` and so on, filled in."""
    return environment().get_template(template).render(**values)
