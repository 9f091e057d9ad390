"""Which service a setting is of, by its name and by what it says: an entry of one service is no donor for another's."""

from __future__ import annotations

import re

from canaries.plant.formats._values import BaitValues, words

BASE = {"postgres": "postgresql", "mysql2": "mysql", "mssql": "sqlserver", "mariadb": "mysql"}
"""Other names of a sort of database, as schemes of addresses have them."""
_SERVICES = frozenset(
    """amqp anthropic artifactory aws azure cloudflare database datadog db digitalocean docker elasticsearch gcp github
    gitlab google heroku ldap mail mailgun mongo mongodb mssql mysql nats nexus npm openai postgres postgresql rabbitmq
    redis s3 sendgrid sentry slack smtp sonar stripe telegram twilio""".split()
)
"""Names of settings that begin so are of this service."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9]*)[A-Za-z0-9+.-]*://")
_SORTS = {
    "postgresql": "postgres postgresql pgsql pg psycopg psycopg2 asyncpg pgx npgsql",
    "mysql": "mysql mysql2 mysqli mariadb pymysql mysql4",
    "sqlserver": "mssql sqlserver sqlsrv tedious",
    "oracle": "oracle oci8 godror",
    "sqlite": "sqlite sqlite3",
    "mongodb": "mongo mongodb mongoose",
    "redis": "redis rediss predis phpredis ioredis lettuce",
    "amqp": "amqp amqps rabbitmq amqplib",
    "clickhouse": "clickhouse clickhousedb",
    "elasticsearch": "elasticsearch opensearch es",
    "ldap": "ldap ldaps",
    "smtp": "smtp smtps",
    "imap": "imap imaps",
    "pop": "pop3 pop3s",
    "ftp": "ftp ftps",
    "sftp": "sftp ssh",
    "webdav": "webdav dav davs",
    "memcached": "memcached memcache",
    "mqtt": "mqtt mqtts",
    "nats": "nats",
}
"""Sorts of servers, and what drivers and types of connections are called."""
_SORT_OF = {name: sort for sort, names in _SORTS.items() for name in names.split()}
_TELLS_ITS_SORT = frozenset(
    "type dbtype driver engine adapter dialect backend client connection protocol proto scheme transport kind".split()
)
"""Last words of settings that say what sort of server an entry is for."""
_ALSO = {
    "postgresql": ("postgres", "pg"),
    "mongodb": ("mongo",),
    "elasticsearch": ("elastic", "es"),
    "amqp": ("rabbitmq", "rabbit"),
    "aws": ("s3", "amazon"),
    "gcp": ("google",),
    "database": ("databases", "db"),
}
"""What settings of a service are called as well."""


def of_another(key: str, values: BaitValues) -> bool:
    """Whether the name of a setting says a service that is not the bait's."""
    named = set(words(key)) & _SERVICES
    return bool(named) and not named & _own(values)


def tells_its_sort(key: str) -> bool:
    """Whether a setting of this name says what sort of server its entry is for."""
    return bool(set(words(key)[-1:]) & _TELLS_ITS_SORT)


def says_another(key: str, text: str, values: BaitValues) -> bool:
    """Whether a setting says that its entry is for a sort of server that the bait is not of: ``type: sftp``."""
    if not tells_its_sort(key):
        return False
    said = {_SORT_OF[word] for word in words(text) if word in _SORT_OF}
    return bool(said) and not said & {_SORT_OF.get(word, word) for word in _own(values)}


def same_sort(old: str, new: str) -> bool:
    """Whether both are addresses of one sort of service, as far as they say so."""
    schemes = [_SCHEME.match(one.removeprefix("jdbc:")) for one in (old, new)]
    sorts = [BASE.get(found[1].lower(), found[1].lower()) for found in schemes if found]
    return len(sorts) < 2 or sorts[0].removesuffix("s") == sorts[1].removesuffix("s")


def names_of(values: BaitValues) -> frozenset[str]:
    """What settings of the bait's service are called by their first words: ``mongo`` as well as ``mongodb``."""
    if not values.service:
        return frozenset()
    base = scheme_of(values)
    names = {values.service, *([base] if base in _SORTS else [])}
    names |= {other for name in names for other in _ALSO.get(name, ())}
    if {"smtp", "mail", "email"} & {values.service, *words(values.kind)}:
        names |= {"smtp", "mail", "email", "mailer"} - ({"smtp"} if "imap" in words(values.kind) else set())
    return frozenset(names)


def concerns(name: str, values: BaitValues) -> bool:
    """Whether a setting of this name is the bait's service's, and not another's: ``REDIS_DB`` is no database's."""
    said = set(words(name))
    return bool(said & names_of(values)) and not (said & _SERVICES) - _own(values)


def scheme_of(values: BaitValues) -> str:
    """What the bait's address says of its sort; empty where it has none."""
    scheme = _SCHEME.match(values.roles.get("url", ""))
    return BASE.get(scheme[1].lower(), scheme[1].lower()) if scheme else ""


def _own(values: BaitValues) -> set[str]:
    base = scheme_of(values)
    own = {*words(values.kind), *names_of(values), base}
    own |= {name for name, other in BASE.items() if other == base}
    if not base.startswith("http") and {"user", "password"} <= values.roles.keys():
        own |= {"database", "db"}
    if own & {"smtp", "imap", "mailgun", "sendgrid"}:
        own.add("mail")
    return own
