"""A Sentry DSN that reports to a trap."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import HEX
from canaries.kinds import Kind, NoOptions, Order


class SentryDsn(Kind):
    name: ClassVar[str] = "sentry-dsn"
    title: ClassVar[str] = "A Sentry DSN that reports to a trap"
    fired_by: ClassVar[str] = (
        "Stolen code that runs with this DSN, at its first error: the Sentry library sends the key with file paths "
        "and modules; the one for Node also the machine's name, time zone and kernel. Silent: code that never fails."
    )
    plant_hint: ClassVar[str] = "In the .env or the settings of code that may be taken and run elsewhere."
    try_hint: ClassVar[str] = (
        "curl -X POST '{url}/api/{project}/envelope/?sentry_key={secret}&sentry_version=7' -d '{\"event_id\":\"0\"}'"
    )

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        secret, project = stream.text("key", HEX, 32), str(stream.between("project", 100_000, 9_999_999))
        parts = urlsplit(f"{site.url}/{project}")
        dsn = parts._replace(netloc=f"{secret}@{parts.netloc}").geturl()
        return Bait(
            (Token("secret", secret), *site.tokens),
            f"SENTRY_DSN={dsn}\n",
            row={"secret": secret, "project": project, "dsn": dsn, "url": site.url, "host": site.host},
        )
