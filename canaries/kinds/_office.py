"""What office documents have in common: a package of parts with one linked picture, new or the operator's own."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from canaries.content.documents import DocumentOutline, draft, file_name
from canaries.content.packages import pack, unpack
from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order


class OfficeDocument(Kind):
    """A document that loads a picture at a trap. The sub-class knows its parts and where a picture goes."""

    ending: ClassVar[str]
    """Of the file's name, without the dot."""
    noun: ClassVar[str]
    """For errors: what the operator's own file should have been."""
    stored_first: ClassVar[str] = ""
    """The part that must come first, uncompressed."""
    plant_hint: ClassVar[str] = (
        "On a file share, in a backup or a mailbox, beside documents of the same sort."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"
    takes_source: ClassVar[bool] = True

    @abstractmethod
    def new(self, paper: DocumentOutline, url: str) -> dict[str, bytes]:
        """The parts of a fresh document about ``paper`` that loads ``url``."""

    @abstractmethod
    def instrument(self, parts: dict[str, bytes], url: str) -> None:
        """Put the picture into the operator's own parts. Raises MintError where they are no such document."""

    def mint(self, order: Order, options: Any) -> Bait:
        site, paper = order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/{file_name(order.stream, 'picture')}.png"
        if order.source:
            parts = unpack(order.source, self.noun)
            self.instrument(parts, url)
        else:
            parts = self.new(paper, url)
        content = pack(parts, order.created_at, stored_first=self.stored_first)
        file = BaitFile(f"{paper.file}.{self.ending}", content, 0o644)
        return Bait(
            site.tokens, f"{url}\n", files=(file,), row={"url": url, "host": site.host}, stem="report"
        )
