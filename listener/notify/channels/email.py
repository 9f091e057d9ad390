"""E-mail: SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS (RFC 8314), text and HTML.

The message is the same on every attempt (``Message-ID``, ``Date``), so that a mailbox can drop a repetition; who has it
is not sent it again. All messages of one incident refer to one root (RFC 5322, 3.6.4), which mail programs show as a
thread. Headers hold nothing a visitor wrote; `email.message` refuses line breaks in them besides.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from canaries.core.clock import parse_rfc3339
from canaries.core.render import render
from listener.notify.channels import Alert, Attempt, Channel, DeliveryError, Receipt
from listener.notify.channels._text import fit, message, short

_TIMEOUT = 20.0
_SUBJECT_LIMIT = 180
_CONTINUE = 334
"""The server asks for the password (RFC 4954, 4)."""
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[\w.-]+\Z")


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """``[channels.NAME] type = "email"``."""

    host: str
    """The mail server."""
    sender: str
    """``trapline@example.net``."""
    to: tuple[str, ...]
    """Who gets it."""
    port: int = 587
    """587 is for ``starttls``; servers that speak ``tls`` from the first byte use 465."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """``none``: in clear, for a mail server on this machine."""
    user: str = ""
    """Empty: no login."""
    password: str = field(default="", repr=False)
    """Better given as ``TRAPLINE_CHANNELS_NAME_PASSWORD``."""
    verify: bool = True
    """Whether the server's certificate must be valid for ``host``."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        if not self.to:
            raise ValueError("to must name at least one address")
        for address in (self.sender, *self.to):
            if not _ADDRESS.match(address):
                raise ValueError(f"{address!r} is not an e-mail address")
            try:
                _ascii_domain(address)
            except UnicodeError:
                raise ValueError(f"{address!r} is not an e-mail address") from None
        if not 0 < self.port < 65536:
            raise ValueError("port must be between 1 and 65535")
        if self.password and self.security == "none" and self.host not in _LOCAL:
            raise ValueError("security = none would send the password in clear")


class Email(Channel):
    """A mail to the operators."""

    name = "email"
    Settings = EmailSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        to = [address for address in self.settings.to if address not in attempt.done]
        if not to:
            return Receipt(f"250 accepted for {len(self.settings.to)}")
        try:
            return Receipt(self._deliver(letter(alert, self.settings, plain=attempt.plain), to))
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients, to) from None
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(
                f"the mail server answered {error.smtp_code}",
                permanent=_final(error.smtp_code),
                malformed=isinstance(error, smtplib.SMTPDataError) and _final(error.smtp_code),
            ) from None
        except smtplib.SMTPNotSupportedError:
            # perhaps somebody on the way strips STARTTLS: that must not make us give up
            raise DeliveryError(
                "the mail server does not offer what the settings ask for", permanent=False
            ) from None
        except ssl.SSLCertVerificationError as error:
            raise DeliveryError(
                f"its certificate is not valid ({error.verify_message})", permanent=False
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"no connection to the mail server ({type(error).__name__})", permanent=False
            ) from None

    def _deliver(self, mail: EmailMessage, to: list[str]) -> str:
        settings = self.settings
        with ExitStack() as stack:
            smtp = stack.enter_context(self._open())
            if settings.security == "starttls":
                smtp.starttls(context=self._tls())
            if settings.user:
                _login(smtp, settings.user, settings.password)
            refused = smtp.send_message(mail, _ascii_domain(settings.sender), list(map(_ascii_domain, to)))
        if refused:
            raise _refused(refused, to)
        return f"250 accepted for {len(to)}"

    def _open(self) -> smtplib.SMTP:
        settings = self.settings
        greeting = _ascii_domain(settings.sender).rpartition("@")[
            2
        ]  # not this machine's name, and no look-up for it
        if settings.security == "tls":
            return smtplib.SMTP_SSL(
                settings.host, settings.port, local_hostname=greeting, timeout=_TIMEOUT, context=self._tls()
            )
        return smtplib.SMTP(settings.host, settings.port, local_hostname=greeting, timeout=_TIMEOUT)

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.settings.ca_file or None)
        if not self.settings.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def letter(alert: Alert, settings: EmailSettings, *, plain: bool = False) -> EmailMessage:
    """The mail, text and HTML; ``plain``: a few lines of ASCII."""
    words = message(alert)
    mail = EmailMessage(policy=SMTP)
    sender = _ascii_domain(settings.sender)
    domain = sender.rpartition("@")[2]
    again = alert.incident and alert.event != "first"
    mail["From"] = Address("Trapline", addr_spec=sender)
    mail["To"] = ", ".join(map(_ascii_domain, settings.to))
    mail["Subject"] = ("Re: " if again else "") + fit(words.headline, _SUBJECT_LIMIT)
    mail["Date"] = format_datetime(parse_rfc3339(alert.at))
    mail["Message-ID"] = f"<{alert.id}@{domain}>"
    if alert.incident:
        root = f"<incident.{alert.incident}@{domain}>"
        mail["References"] = root
        if again:
            mail["In-Reply-To"] = root
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    if plain:
        mail.set_content(short(words).replace(" | ", "\n") + "\n")
        return mail
    mail.set_content(words.text)
    mail.add_alternative(render("notify/email.html.j2", message=words), subtype="html")
    return mail


def _final(code: int) -> bool:
    """RFC 5321, 4.2.1: 5yz is permanent, 4yz is not."""
    return 500 <= code < 600


def _refused(refused: dict[str, tuple[int, bytes]], asked: list[str]) -> DeliveryError:
    codes = sorted({code for code, _ in refused.values()})
    reason = (
        f"the mail server refused {len(refused)} of {len(asked)} recipients ({', '.join(map(str, codes))})"
    )
    taken = tuple(address for address in asked if _ascii_domain(address) not in refused)
    return DeliveryError(reason, permanent=all(map(_final, codes)), delivered=taken)


def _login(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """AUTH; smtplib takes ASCII only, while names and passwords are UTF-8 (RFC 4616, 2). Raises SMTPException."""
    if (user + password).isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code, answer = smtp.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    elif "LOGIN" in offered:
        code, answer = smtp.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == _CONTINUE:
            code, answer = smtp.docmd(_base64(password))
    else:
        raise smtplib.SMTPNotSupportedError("no AUTH mechanism that takes UTF-8")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, answer)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _ascii_domain(address: str) -> str:
    """``anna@bücher.example`` as the domain name system has it (IDNA)."""
    local, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}@{domain.encode('idna').decode()}"
