"""Shortcuts to a page at a trap, for Windows, macOS and Linux."""

from __future__ import annotations

from typing import ClassVar

from canaries.content.documents import draft
from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, NoOptions, Order


class Shortcut(Kind):
    name: ClassVar[str] = "shortcut"
    service: ClassVar[str] = "files"
    title: ClassVar[str] = "Shortcuts to a page at a trap (.url, .webloc, .desktop)"
    fired_by: ClassVar[str] = (
        "Whoever opens one: their browser calls the page. Some file managers fetch the icon of the page by themselves; "
        "do not count on it. The .desktop file opens a link, it starts no program."
    )
    plant_hint: ClassVar[str] = (
        "On a desktop, a shared folder, or beside documents that it seems to belong to."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site, paper = order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/"
        windows = f"[InternetShortcut]\r\nURL={url}\r\n"
        macos = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
            f'<plist version="1.0"><dict><key>URL</key><string>{url}</string></dict></plist>\n'
        )
        linux = f"[Desktop Entry]\nType=Link\nName={paper.title}\nURL={url}\nIcon=text-html\n"
        files = tuple(
            BaitFile(f"{paper.file}.{ending}", content.encode(), 0o644)
            for ending, content in (("url", windows), ("webloc", macos), ("desktop", linux))
        )
        return Bait(site.tokens, f"{url}\n", files=files, row={"url": url, "host": site.host}, stem="docs")
