"""An entry of one service is no donor for another's, whatever says which service it is of."""

from __future__ import annotations

import pytest

from canaries.plant.formats._donor import fitted
from canaries.plant.formats._services import concerns, of_another, says_another
from canaries.plant.formats._values import values_of
from tests.canaries.plant.formats.forms import bait
from tests.every import every

LOGINS = {
    "postgres-url": "postgresql",
    "mysql": "mysql",
    "mssql-url": "sqlserver",
    "mongodb-url": "mongodb",
    "redis-url": "redis",
    "amqp-url": "rabbitmq",
    "ldap-credentials": "ldap",
    "ftp-credentials": "ftp",
    "smtp-credentials": "smtp",
    "imap-credentials": "imap",
}
TELLERS = ("type", "dbtype", "driver", "ENGINE", "conn_type", "adapter", "DB_CONNECTION", "Driver")


@every("kind", LOGINS)
@every("sort", LOGINS.values())
@every("teller", TELLERS)
def test_a_login_that_says_its_sort_is_a_donor_for_that_sort_alone(kind: str, sort: str, teller: str) -> None:
    values = values_of(kind, bait(kind))
    pairs = [(teller, f"org.example.{sort}.Driver"), ("host", "a"), ("user", "b"), ("password", "c")]
    assert says_another(*pairs[0], values) == (LOGINS[kind] != sort)
    assert bool(fitted(pairs, values)) == (LOGINS[kind] == sort)


def test_a_word_that_only_looks_like_a_sort_says_nothing() -> None:
    values = values_of("redis-url", bait("redis-url"))
    assert not says_another("description", "mysql", values)
    assert not says_another("type", "cache", values)


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("mongodb-url", "MONGO_URI", True),
        ("postgres-url", "DB_HOST", True),
        ("postgres-url", "PG_HOST", True),
        ("postgres-url", "DATABASES", True),
        ("postgres-url", "REDIS_DB", False),
        ("amqp-url", "RABBITMQ_HOST", True),
        ("aws-key", "S3_KEY", True),
        ("smtp-credentials", "MAIL_HOST", True),
        ("smtp-credentials", "EMAIL_HOST", True),
        ("smtp-credentials", "IMAP_HOST", False),
        ("imap-credentials", "SMTP_HOST", False),
        ("stripe-key", "MAIL_HOST", False),
    ],
)
def test_names_that_concern_a_service(kind: str, name: str, said: bool) -> None:
    values = values_of(kind, bait(kind))
    assert concerns(name, values) == said
    assert not (said and of_another(name, values))
