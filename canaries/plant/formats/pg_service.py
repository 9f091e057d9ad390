"""PostgreSQL's service file: libpq refuses the whole file for one option that it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from canaries.plant.formats import Composition, Reading, Wish
from canaries.plant.formats._section_lines import Section
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document

OPTIONS = frozenset(
    """application_name channel_binding client_encoding connect_timeout dbname fallback_application_name gssdelegation
    gssencmode gsslib host hostaddr keepalives keepalives_count keepalives_idle keepalives_interval krbsrvname
    ldap_options load_balance_hosts max_protocol_version min_protocol_version oauth_client_id oauth_client_secret
    oauth_issuer oauth_scope options passfile password port replication require_auth requirepeer requiressl
    scram_client_key scram_server_key servicefile ssl_max_protocol_version ssl_min_protocol_version sslcert
    sslcertmode sslcompression sslcrl sslcrldir sslkey sslkeylogfile sslmode sslnegotiation sslpassword sslrootcert
    sslsni target_session_attrs tcp_user_timeout user""".split()
)
"""PostgreSQL 18, Database Connection Control Functions, Parameter Key Words."""


class PgServiceFormat(SectionFormat):
    name = "pg-service"
    title = "a PostgreSQL service file"
    rank = 40
    folding: ClassVar[bool] = False
    colon: ClassVar[bool] = False
    joins: ClassVar[bool] = False
    invents: ClassVar[bool] = False

    def claims(self, document: Document) -> bool:
        return document.name.lower() in ("pg_service.conf", ".pg_service.conf")

    def read(self, text: str) -> Reading:
        for section in self.sections(text):
            for setting in section.settings:
                if setting.key not in OPTIONS or not section.name:
                    raise ValueError(f"{setting.key} is no connection option of a service")
        return super().read(text)

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        if {"host", "password"} <= wish.values.roles.keys():
            yield from super().candidates(document, wish)
            yield from self._beside(document, wish, [_complete(one) for one in self.sections(document.text)])

    def wanted(self, section: Section) -> bool:
        return bool(section.name) and all(one.key in OPTIONS for one in section.settings)


def _complete(section: Section) -> Section:
    """With a password and a user, where they are somewhere else: then they stand in the service that is new."""
    taken = {one.key for one in section.settings}
    if not section.name or "host" not in taken:
        return section
    last = section.settings[-1]
    more = [replace(last, key=key, raw="placeholder") for key in ("user", "password") if key not in taken]
    return replace(section, settings=[*section.settings, *more])
