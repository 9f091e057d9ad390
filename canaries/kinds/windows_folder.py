"""A Windows folder whose icon is at a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.content.documents import draft, file_name
from canaries.content.packages import pack
from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, NoOptions, Order


class WindowsFolder(Kind):
    name: ClassVar[str] = "windows-folder"
    service: ClassVar[str] = "dav"
    title: ClassVar[str] = "A Windows folder whose icon is at a trap"
    fired_by: ClassVar[str] = (
        "Explorer, where it still follows a folder's remote icon when the folder is shown: the DNS look-up, perhaps "
        "WebDAV. Recent Windows mostly does not (not tried here): plant another bait beside it. Unpacking is silent."
    )
    plant_hint: ClassVar[str] = (
        "Unpack it on a Windows share; the folder must keep its System attribute (attrib +s)."
    )
    try_hint: ClassVar[str] = "curl -X OPTIONS -i {url}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site, paper = order.stream, order.site(), draft(order.stream, order.locale)
        share, _, port = site.host.partition(":")
        server = f"{share}@{port}" if port else share
        path = site.url.partition("://")[2].partition("/")[2].replace("/", "\\")
        icon = file_name(stream, "icon")
        place = "\\".join(part for part in (f"\\\\{server}", path, "icons", f"{icon}.ico") if part)
        text = f"[.ShellClassInfo]\r\nIconResource={place},0\r\n"
        package = pack({f"{paper.file}/desktop.ini": text.encode()}, order.created_at)
        return Bait(
            site.tokens,
            text.replace("\r\n", "\n"),
            files=(
                BaitFile(f"{paper.file}/desktop.ini", text.encode(), 0o644),
                BaitFile(f"{paper.file}.zip", package, 0o644),
            ),
            row={"url": f"{site.url}/", "host": site.host},
            stem="share",
        )
