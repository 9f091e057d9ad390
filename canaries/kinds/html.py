"""A saved web page that loads a picture and a style sheet at a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.content.documents import draft, file_name
from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile
from canaries.core.render import render
from canaries.kinds import Kind, NoOptions, Order


class Html(Kind):
    name: ClassVar[str] = "html"
    service: ClassVar[str] = "assets"
    title: ClassVar[str] = "A saved web page that loads a picture at a trap"
    fired_by: ClassVar[str] = (
        "Browsers that open the file: they load picture and style sheet and send their name, version and languages. "
        "Silent: lynx, w3m and mail programs that block remote content. No script runs; none is in it."
    )
    plant_hint: ClassVar[str] = "Among saved pages, exports and reports on a share or in a backup."
    try_hint: ClassVar[str] = "curl -i '{url}'"
    takes_source: ClassVar[bool] = True

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site, paper = order.stream, order.site(), draft(order.stream, order.locale)
        name = file_name(stream, "picture")
        url = f"{site.url}/{name}.png"
        if order.source:
            text = _instrumented(order.source, url)
        else:
            style, language = f"{site.url}/{name}.css", order.locale[:2]
            text = render("kinds/html.html", paper=paper, url=url, style=style, language=language)
        file = BaitFile(f"{paper.file}.html", text.encode(), 0o644)
        return Bait(site.tokens, text, files=(file,), row={"url": url, "host": site.host}, stem="report")


def _instrumented(source: bytes, url: str) -> str:
    """The operator's own page with the picture at its end. Raises MintError where it is no page."""
    text = source.decode("utf-8", "surrogateescape")
    place = text.lower().rfind("</body>")
    if place < 0 or (not text.isprintable() and "\0" in text):
        raise MintError("the file is not a web page", hint="give an .html file with a </body>")
    picture = f'<img src="{url}" width="1" height="1" alt="">'
    changed = text[:place] + picture + text[place:]
    return changed if changed.endswith("\n") else changed + "\n"
