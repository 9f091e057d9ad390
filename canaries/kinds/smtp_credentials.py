"""A login at a mail server: the lines of an .env, and an msmtp configuration."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.core.render import render
from canaries.kinds import Kind, Order
from canaries.kinds._accounts import SecureOptions, account, ca_file

_USERS = (
    "noreply",
    "no-reply",
    "mailer",
    "alerts",
    "notifications",
    "smtp",
    "relay",
    "newsletter",
    "postmaster",
)
_NAMES = (
    ("SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM"),
    ("MAIL_HOST", "MAIL_PORT", "MAIL_USERNAME", "MAIL_PASSWORD", "MAIL_FROM_ADDRESS"),
    ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "DEFAULT_FROM_EMAIL"),
)
"""Plain, as Laravel has them, as Django has them."""


class SmtpCredentials(Kind):
    name: ClassVar[str] = "smtp-credentials"
    traps: ClassVar[tuple[str, ...]] = ("smtp",)
    title: ClassVar[str] = "A login at a mail server, as .env lines and for msmtp"
    fired_by: ClassVar[str] = (
        "swaks, msmtp, smtplib, curl and mail programs, where an SMTP trap listens on that port: user and password "
        "come in clear, then the test message with whoever it was for; it goes nowhere. nodemailer turns away from "
        "an offered STARTTLS whose certificate it does not trust."
    )
    plant_hint: ClassVar[str] = (
        "In the .env of a web shop, a monitoring server's configuration, or ~/.msmtprc."
    )
    try_hint: ClassVar[str] = (
        "swaks --server '{host}:{port}' --auth PLAIN --auth-user '{user}' --auth-password '{password}' "
        "--from '{sender}' --to nobody@localhost"
    )
    Options: ClassVar[type[Any]] = SecureOptions

    def mint(self, order: Order, options: SecureOptions) -> Bait:
        made = account(order, options, "smtp", 587, users=_USERS, mail=True)
        sender = made.user if "@" in made.user else f"{made.user}@localhost"
        values = (made.hostname, str(made.port), made.user, made.password, sender)
        names = order.stream.pick("names", _NAMES)
        text = "".join(f"{name}={value}\n" for name, value in zip(names, values, strict=True))
        ca = ca_file(order, options)
        msmtp = render("kinds/smtp-credentials.msmtprc.j2", account=made, sender=sender, ca=ca)
        files = [BaitFile(".env", text.encode()), BaitFile(".msmtprc", msmtp.encode())]
        if ca:
            files.append(ca)
        return Bait(made.tokens, text, files=tuple(files), row={**made.row(), "sender": sender})
