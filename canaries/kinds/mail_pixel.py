"""A mail with a picture at a trap in it, as a saved message."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from typing import ClassVar

from canaries.content.documents import draft, file_name
from canaries.core.clock import parse_rfc3339
from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, NoOptions, Order


class MailPixel(Kind):
    name: ClassVar[str] = "mail-pixel"
    service: ClassVar[str] = "img"
    title: ClassVar[str] = "A saved mail with a picture at a trap in it"
    fired_by: ClassVar[str] = (
        "Mail programs that show remote pictures: web mail mostly by its own proxy (then the proxy's address is seen), "
        "Thunderbird and Outlook after their reader has allowed it. Mail scanners fetch it within seconds of delivery."
    )
    plant_hint: ClassVar[str] = "In a mailbox or an archive that may be read by strangers."
    try_hint: ClassVar[str] = "curl -i '{url}'"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site, paper = order.stream, order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/{file_name(stream, 'picture')}.gif"
        domain = order.domain or f"{stream.text('domain', 'abcdefghijkmnpqrstuvwxyz', 9)}.invalid"
        message = EmailMessage()
        message["Subject"] = paper.title
        message["From"] = f"{stream.pick('from', ('office', 'finance', 'board', 'hr'))}@{domain}"
        message["To"] = f"{stream.pick('to', ('team', 'staff', 'treasurer', 'all'))}@{domain}"
        message["Date"] = format_datetime(parse_rfc3339(order.created_at))
        message["Message-ID"] = f"<{stream.text('id', '0123456789abcdef', 24)}@{domain}>"
        plain = "\n\n".join(paper.lines)
        html = (
            "".join(f"<p>{line}</p>" for line in paper.lines)
            + f'<img src="{url}" width="1" height="1" alt="">'
        )
        message.set_content(plain + "\n", cte="quoted-printable")
        message.add_alternative(f"<html><body>{html}</body></html>\n", subtype="html", cte="7bit")
        message.set_boundary(stream.text("boundary", "0123456789abcdef", 28))
        text = f'<img src="{url}" width="1" height="1" alt="">\n'
        file = BaitFile(f"{paper.file}.eml", message.as_bytes(), 0o600)
        return Bait(site.tokens, text, files=(file,), row={"url": url, "host": site.host}, stem="report")
