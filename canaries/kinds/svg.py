"""A drawing that loads a picture at a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.content.documents import draft, file_name
from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile
from canaries.core.render import render
from canaries.kinds import Kind, NoOptions, Order


class Svg(Kind):
    name: ClassVar[str] = "svg"
    service: ClassVar[str] = "assets"
    title: ClassVar[str] = "An SVG drawing that loads a picture at a trap"
    fired_by: ClassVar[str] = (
        "Browsers that open the file itself. Silent: the same drawing inside a page's <img>, and converters that load "
        "nothing (ImageMagick). No script is in it."
    )
    plant_hint: ClassVar[str] = "Among network plans, logos and diagrams on a share or in a repository."
    try_hint: ClassVar[str] = "curl -i '{url}'"
    takes_source: ClassVar[bool] = True

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site, paper = order.stream, order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/{file_name(stream, 'picture')}.png"
        text = (
            _instrumented(order.source, url)
            if order.source
            else render("kinds/svg.svg", paper=paper, url=url)
        )
        file = BaitFile(f"{paper.file}.svg", text.encode(), 0o644)
        return Bait(site.tokens, text, files=(file,), row={"url": url, "host": site.host}, stem="report")


def _instrumented(source: bytes, url: str) -> str:
    """The operator's own drawing with the picture in it. Raises MintError where it is none."""
    text = source.decode("utf-8", "replace")
    place = text.rfind("</svg>")
    if place < 0:
        raise MintError("the file is not an SVG drawing", hint="give an .svg file that ends in </svg>")
    picture = f'<image href="{url}" width="1" height="1"/>'
    changed = text[:place] + picture + text[place:]
    return changed if changed.endswith("\n") else changed + "\n"
