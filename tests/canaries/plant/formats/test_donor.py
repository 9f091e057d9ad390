"""An entry like its neighbour: the bait's values, the neighbour's form, nobody's secrets."""

from __future__ import annotations

import re

import pytest

from canaries.plant.formats._donor import fitted, link_like, quote_of
from canaries.plant.formats._values import role_of, values_of
from tests.canaries.plant.formats.forms import bait

MYSQL = values_of("mysql", bait("mysql"))
STRIPE = values_of("stripe-key", bait("stripe-key"))


def test_values_are_replaced_forms_are_copied_secrets_are_left_out() -> None:
    pairs = [
        ("adapter", "mysql2"),
        ("host", "db"),
        ("username", "u"),
        ("password", "real"),
        ("sslkey", "/etc/real.pem"),
        ("session_token", "real"),
        ("pool", "5"),
    ]
    made = fitted(pairs, MYSQL)
    assert made is not None
    assert [one.key for one in made] == ["adapter", "host", "username", "password", "pool"]
    assert "real" not in " ".join(one.text for one in made)
    assert (made[0].text, made[-1].text) == ("mysql2", "5")


@pytest.mark.parametrize(
    "pairs",
    [
        [("command", "x"), ("host", "a"), ("user", "b"), ("password", "c")],
        [("host", "a"), ("color", "b")],
        [("color", "red")],
        [],
    ],
)
def test_what_is_no_login_or_runs_something_is_no_donor(pairs: list[tuple[str, str]]) -> None:
    assert fitted(pairs, MYSQL) is None


def test_a_value_that_looks_random_is_not_copied_whatever_its_name() -> None:
    pairs = [("host", "a"), ("user", "b"), ("password", "c"), ("flavour", "a8Fk29dkQp01mmZz77xx")]
    made = fitted(pairs, MYSQL)
    assert made is not None
    assert "flavour" not in [one.key for one in made]


def test_key_beside_secret_is_the_public_half() -> None:
    made = fitted([("key", "pk"), ("secret", "sk")], STRIPE)
    assert made is not None
    assert made[0].text.startswith("pk_live_")
    assert made[1].text.startswith("sk_live_")
    assert made[2].key == "api_base"


def test_addresses_keep_their_form() -> None:
    assert str(link_like("url", "jdbc:mysql://a/b", MYSQL)).startswith("jdbc:mysql://")
    assert link_like("url", "https://a", MYSQL) is None
    assert link_like("url", "postgresql://a", MYSQL) is None
    connection = link_like("connection", "Server=a;Database=b;Uid=c;Pwd=real;SslMode=x", MYSQL)
    assert str(connection).endswith(";SslMode=x")
    assert "real" not in str(connection)


def test_quotes() -> None:
    assert [quote_of(raw) for raw in ("'a'", '"a"', "a", "'a\"", "")] == ["'", '"', "", "", ""]


def test_half_of_a_pair_is_no_token() -> None:
    pairs = [("user", "jo"), ("oauth_token", "placeholder")]
    assert fitted(pairs, values_of("aws-key", bait("aws-key"))) is None
    assert fitted(pairs, values_of("github-token", bait("github-token")))


@pytest.mark.parametrize(
    "pairs",
    [
        [("type", "s3"), ("access_key_id", "x"), ("secret_access_key", "y")],
        [("token", "x")],
        [("admin_user_name_hint", "x"), ("admin_password", "y")],
        [("repository", "https://a.example/"), ("username", "a"), ("password", "b")],
    ],
)
def test_an_entry_of_another_service_is_no_donor(pairs: list[tuple[str, str]]) -> None:
    assert fitted(pairs, values_of("postgres-url", bait("postgres-url"))) is None


def test_a_login_of_its_sort_is() -> None:
    pairs = [("uri", "postgres://a:b@db/app"), ("pool", "5")]
    assert fitted(pairs, values_of("postgres-url", bait("postgres-url")))


def test_settings_named_after_another_service_are_no_donor() -> None:
    boto = [("aws_access_key_id", "x"), ("aws_secret_access_key", "y")]
    assert fitted(boto, STRIPE) is None
    assert fitted(boto, values_of("aws-key", bait("aws-key")))
    parameters = [("database_host", "db"), ("secret", "x")]
    assert fitted(parameters, STRIPE) is None


def test_what_signs_or_encrypts_is_no_key_of_a_service() -> None:
    made = fitted([("apiKey", "x"), ("webhookSecret", "real"), ("fernet_key", "real")], STRIPE)
    assert made is not None
    assert [one.key for one in made if one.text.startswith("sk_live_")] == ["apiKey"]
    assert not any(one.text == "real" for one in made)


def test_a_login_without_an_address_gets_the_host_and_not_the_login_twice() -> None:
    made = fitted([("user", "u"), ("password", "real")], MYSQL)
    assert made is not None
    assert [one.key for one in made] == ["user", "password", "host"]
    assert made[2].text == MYSQL.roles["host"]


def test_a_schema_beside_a_database_stays_what_it_is() -> None:
    made = fitted(
        [("host", "h"), ("password", "x"), ("user", "u"), ("dbname", "d"), ("schema", "public")], MYSQL
    )
    assert made is not None
    texts = {one.key: one.text for one in made}
    assert texts["schema"] == "public"
    assert texts["dbname"] == MYSQL.roles["database"]


def test_an_address_keeps_its_driver_and_where_its_login_stands() -> None:
    sql = link_like("url", "mysql+pymysql://u:real@h/d", MYSQL)
    assert sql is not None
    assert sql.startswith(f"mysql+pymysql://{MYSQL.roles['user']}:")
    jdbc = link_like("url", "jdbc:mysql://h/d?user=u&password=real", MYSQL)
    assert jdbc is not None
    assert jdbc.endswith(f"?user={MYSQL.roles['user']}&password={MYSQL.roles['password']}")


def test_one_secret_is_not_written_twice() -> None:
    made = fitted(
        [("token", "a"), ("secret", "b"), ("username", "c")],
        values_of("slack-bot-token", bait("slack-bot-token")),
    )
    texts = [one.text for one in made or []]
    assert len(texts) == len(set(texts))


def test_the_donors_host_is_nowhere_in_what_is_copied() -> None:
    pairs = [
        ("access_key", "A"),
        ("secret_key", "b"),
        ("host_base", "s3.example.org"),
        ("host_bucket", "%(b)s.s3.example.org"),
    ]
    made = {one.key: one.text for one in fitted(pairs, values_of("aws-key", bait("aws-key"))) or []}
    assert made["host_bucket"] == f"%(b)s.{made['host_base']}"
    assert "example.org" not in made["host_base"]
    assert len(made) == 4


def test_a_connection_string_is_a_databases() -> None:
    pairs = [("Default", "Server=h;Database=a;User Id=b;Password=c;")]
    assert fitted(pairs, values_of("redis-url", bait("redis-url"))) is None
    assert fitted(pairs, values_of("mssql-url", bait("mssql-url"))) is not None


def test_a_login_that_would_lose_its_password_is_none() -> None:
    assert fitted([("url", "jdbc:postgresql://h/a")], values_of("postgres-url", bait("postgres-url"))) is None


@pytest.mark.parametrize("name", ["Server", "Data Source", "Address", "Addr", "Network Address", "Host"])
def test_a_connection_string_has_the_baits_server_however_it_is_called(name: str) -> None:
    values = values_of("mssql-url", bait("mssql-url"))
    made = link_like("connection", f"{name}=SQL01;Initial Catalog=a;User ID=b;Password=real", values)
    assert made is not None
    assert values.roles["host"] in made
    assert "SQL01" not in made


def test_a_connection_string_that_names_no_server_is_no_donor() -> None:
    values = values_of("mssql-url", bait("mssql-url"))
    assert link_like("connection", "Where=SQL01;Initial Catalog=a;User ID=b;Password=real", values) is None


@pytest.mark.parametrize(
    ("kind", "pairs", "key", "role"),
    [
        ("smtp-credentials", [("smarthost", "a:25"), ("username", "b"), ("password", "c")], "smarthost", ""),
        ("redis-url", [("host", "a"), ("port", "1"), ("password", "c")], "username", "user"),
        (
            "ldap-credentials",
            [("url", "ldap://a"), ("bindDN", "cn=b,dc=c"), ("password", "c")],
            "bindDN",
            "dn",
        ),
        ("ldap-credentials", [("url", "ldap://a"), ("user", "cn=b,dc=c"), ("password", "c")], "user", "dn"),
        (
            "elasticsearch-url",
            [("host", "a"), ("port", "9200"), ("user", "b"), ("password", "c")],
            "port",
            "",
        ),
    ],
)
def test_a_login_is_whole_and_in_the_form_of_its_like(
    kind: str, pairs: list[tuple[str, str]], key: str, role: str
) -> None:
    values = values_of(kind, bait(kind))
    made = fitted(pairs, values)
    assert made is not None
    said = {one.key: one.text for one in made}
    expected = {
        "smarthost": f"{values.roles['host']}:{values.roles.get('port')}",
        "port": "443",
    }.get(key) or values.roles[role]
    assert said[key] == expected
    assert values.roles["password"] in said.values()


@pytest.mark.parametrize(
    ("kind", "old"),
    [
        ("postgres-url", "host=a port=5432 user=b password=real dbname=c sslmode=disable"),
        ("mysql", "b:real@tcp(a:3306)/c?parseTime=true"),
    ],
)
def test_a_database_in_one_text_stays_in_that_form(kind: str, old: str) -> None:
    values = values_of(kind, bait(kind))
    assert role_of("dsn", old) == "connection"
    made = link_like("connection", old, values)
    assert made is not None
    assert "real" not in made
    assert all(values.roles[role] in made for role in ("user", "password", "host", "database"))
    assert re.sub(r"\w[\w.-]*", "x", made) == re.sub(r"\w[\w.-]*", "x", old)
