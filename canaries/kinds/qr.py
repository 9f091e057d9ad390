"""A QR code of a tracking URL."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order


@dataclass(frozen=True, slots=True)
class QrOptions:
    """What ``--set`` may set."""

    form: Literal["svg", "png"] = "svg"
    scale: int = 8
    """Size of a module in pixels."""

    def __post_init__(self) -> None:
        if not 1 <= self.scale <= 64:
            raise ValueError("scale must be between 1 and 64")


class Qr(Kind):
    name: ClassVar[str] = "qr"
    service: ClassVar[str] = "q"
    title: ClassVar[str] = "A QR code of a tracking URL"
    fired_by: ClassVar[str] = (
        "Whoever scans it, with a phone's browser; scanners of mail and chat that read codes in pictures may come "
        "first. Nothing fires by looking at it."
    )
    plant_hint: ClassVar[str] = "On a badge, a door, a rack, a printed form, or in a document."
    try_hint: ClassVar[str] = "curl -i '{url}'"
    Options: ClassVar[type[Any]] = QrOptions

    def mint(self, order: Order, options: QrOptions) -> Bait:
        import segno

        site = order.site()
        url, out = f"{site.url}/", io.BytesIO()
        segno.make(url, error="m").save(out, kind=options.form, scale=options.scale)
        name = order.stream.pick("name", ("code", "scan-me", "qr", "badge", "label"))
        file = BaitFile(f"{name}.{options.form}", out.getvalue(), 0o644)
        return Bait(site.tokens, f"{url}\n", files=(file,), row={"url": url, "host": site.host}, stem="label")
