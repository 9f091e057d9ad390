"""A path that only robots.txt and a sitemap name: whoever asks for it has read what they were told to leave alone."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.crypto.seeded_random import BASE36
from canaries.kinds import Kind, NoOptions, Order

_WORDS = ("backup", "admin", "export", "staging", "internal", "old", "private", "dump")


class Robots(Kind):
    name: ClassVar[str] = "robots"
    service: ClassVar[str] = "private"
    title: ClassVar[str] = "A decoy path for your robots.txt and sitemap"
    fired_by: ClassVar[str] = (
        "Crawlers that ignore robots.txt and people who read it for ideas, when your web server redirects that path to "
        "the URL (a line for nginx is in the text). Without the redirect nothing arrives here."
    )
    plant_hint: ClassVar[str] = (
        "Append the text to your own site's robots.txt, and add the redirect to its server."
    )
    try_hint: ClassVar[str] = "curl -iL '{url}'"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        path = f"/{stream.pick('word', _WORDS)}-{stream.text('path', BASE36, 10)}/"
        url = f"{site.url}{path}"
        text = f"User-agent: *\nDisallow: {path}\n# nginx: location {path} {{ return 302 {url}; }}\n"
        sitemap = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"  <url><loc>{url}</loc></url>\n</urlset>\n"
        )
        files = (
            BaitFile("robots.txt", text.encode(), 0o644),
            BaitFile("sitemap.xml", sitemap.encode(), 0o644),
        )
        return Bait(
            site.tokens, text, files=files, row={"url": url, "path": path, "host": site.host}, stem="site"
        )
