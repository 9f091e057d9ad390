"""Mails to abuse desks as feedback reports (RFC 5965): one a source address, in an mbox file (RFC 4155), none sent."""

from __future__ import annotations

import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime

from canaries.core.clock import parse_rfc3339
from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._abuse import Complaint, complaints, xarf
from listener.dossier.exports._event import encoded

_POLICY = email.policy.SMTP.clone(cte_type="7bit", max_line_length=78)


class Arf(Exchange):
    """The recipient is the contact that the registry gave (`trapline dossier contacts`), else the sender's to find."""

    name = "arf"
    suffix = ".arf.mbox"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        for complaint in complaints(case):
            mail = _mail(complaint).as_bytes(policy=_POLICY).replace(b"\r\n", b"\n")
            quoted = b"".join(
                b">" + line if line.startswith(b"From ") else line for line in mail.splitlines(True)
            )
            yield b"From trapline Thu Jan  1 00:00:00 1970\n" + quoted + b"\n"


def _mail(complaint: Complaint) -> EmailMessage:
    report, mark = xarf(complaint), complaint.id.replace("-", "")
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = report["reporter"]["contact"]
    if desk := complaint.desk:
        mail["To"] = ", ".join(desk)
    mail["Subject"] = f"Abuse report: use of decoy material from {complaint.ip}"
    mail["Date"] = format_datetime(parse_rfc3339(complaint.case.at))
    mail["Message-ID"] = f"<{mark}@{report['reporter']['domain']}>"
    mail["MIME-Version"] = "1.0"
    mail.add_header("Content-Type", "multipart/report", report_type="feedback-report", boundary=f"=_{mark}")
    text = EmailMessage(policy=_POLICY)
    text.set_content(complaint.text)
    mail.attach(text)
    mail.attach(_part("message/feedback-report", _feedback(complaint).encode()))
    mail.attach(_part("application/json", encoded(report)))
    return mail


def _feedback(complaint: Complaint) -> str:
    """RFC 5965, 3.1 and 3.2. ``abuse`` is the nearest of the registered types."""
    first = complaint.events[0]
    when = format_datetime(parse_rfc3339(first.at))
    fields = {
        "Feedback-Type": "abuse",
        "User-Agent": "Trapline",
        "Version": "1",
        "Arrival-Date": when,
        "Source-IP": complaint.ip,
        "Incidents": str(len(complaint.events)),
    }
    fields |= {"Source-Port": str(first.port)} if first.port else {}
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _part(kind: str, content: bytes) -> EmailMessage:
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = "7bit"
    part.set_payload(content.decode("ascii"))
    return part
