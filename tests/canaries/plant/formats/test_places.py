"""Where in a tree of settings the bait goes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def added(old: object, kind: str, name: str = "a.json") -> Any:
    return json.loads(text_after(name, json.dumps(old, indent=2), kind))


def test_an_environment_before_anything_else() -> None:
    held = added({"db": {"host": "a", "user": "b", "password": "c"}, "env": {"A": "b"}}, "mysql")
    assert len(held["env"]) == 2


def test_the_entry_of_the_same_service_before_others() -> None:
    old = {"github": {"token": "x"}, "stripe": {"secret_key": "y"}, "z": {"token": "w"}}
    held = added(old, "stripe-key")
    names = list(held)
    assert names[2].startswith("stripe_")


def test_pairs_are_written_like_the_last_pair_without_its_id() -> None:
    old = [{"id": 7, "key": "A_TOKEN", "value": "x", "masked": True}]
    held = added(old, "gitlab-token")
    assert held[1].keys() == {"key", "value", "masked"}
    assert held[1]["masked"] is True


def test_a_setting_beside_its_like_in_its_spelling() -> None:
    held = added({"appName": "x", "apiKey": "y", "dbUrl": "z"}, "stripe-key")
    assert any(key.endswith("StripeSecretKey") for key in held)


def test_what_a_program_goes_through_gets_no_sister() -> None:
    old = "output:\n  elasticsearch:\n    url: http://a\n    username: b\n    password: c\nname: x\n"
    after = text_after("agent.yml", old, "elasticsearch-url")
    assert after.startswith(old[: old.index("name")])
    assert "  elasticsearch_" not in after


def test_a_setting_deep_inside_gets_none_beside_it() -> None:
    old = {"a": {"b": {"c": {"api_key": "x", "list": [1]}}}, "color": "red"}
    with pytest.raises(PlantError, match="no place"):
        added(old, "stripe-key")


def test_variables_of_an_application_are_not_put_among_those_of_a_database() -> None:
    old = (
        "services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_USER: a\n      POSTGRES_PASSWORD: b\n"
        "  web:\n    image: shop\n    environment:\n      - LOG_LEVEL=info\n"
    )
    after = text_after("compose.yml", old, "stripe-key")
    assert after.index("LOG_LEVEL") < after.index("sk_live_")


def test_what_a_login_has_beside_stands_where_its_secret_does() -> None:
    login = {"username": "a", "password": "b", "database": "c"}
    made = added({"production": {"primary": login, "cache": {"pool": "5"}}}, "postgres-url")
    (new,) = [value for key, value in made.items() if key != "production"]
    assert "host" in new["primary"]
    assert set(new) == {"primary", "cache"}


def test_below_a_frameworks_name_only_the_login_is_made_once_more() -> None:
    login = "  datasource:\n    url: jdbc:postgresql://h/a\n    username: a\n    password: b\n"
    old = f"spring:\n  application:\n    name: a\n{login}"
    after = text_after("application.yml", old, "postgres-url")
    (name,) = re.findall(r"^(\w+):\n  datasource:", after, re.MULTILINE)
    assert not name.startswith("spring")


def test_an_image_is_no_database() -> None:
    old = {"image": {"repository": "registry.example.org/app", "tag": "1"}}
    assert not any(key.startswith("image_") for key in added(old, "postgres-url"))


def test_an_entry_of_a_collection_stands_in_it() -> None:
    old = {"version": "10", "aliases": {"local": {"url": "http://h:1", "accessKey": "a", "secretKey": "b"}}}
    made = added(old, "aws-key")
    assert list(made) == ["version", "aliases"]
    assert len(made["aliases"]) == 2


def test_a_dotted_setting_is_no_host() -> None:
    old = "output.elasticsearch:\n  username: beats\n  password: Winter-2023\n  url: https://es.example.org\n"
    after = text_after("filebeat.yml", old, "elasticsearch-url")
    assert "# output.elasticsearch:" in after


def test_names_in_pascal_case_have_a_sister_in_pascal_case() -> None:
    made = added(
        {"ConnectionStrings": {"Default": "Server=h;Database=a;User Id=a;Password=b;", "Redis": "h:1"}},
        "redis-url",
    )
    assert list(made["ConnectionStrings"])[:2] == ["Default", "Redis"]
    assert list(made["ConnectionStrings"])[2].endswith("RedisUrl")


@pytest.mark.parametrize("teller", ["adapter", "driver", "type", "engine", "client"])
def test_an_entry_gets_no_argument_that_its_driver_does_not_know(teller: str) -> None:
    entry = f"  {teller}: redis\n  url: redis://a\n  prefix: b\n"
    for old in (f"production:\n{entry}", f"cache:\n{entry}color: red\n"):
        after = text_after("cable.yml", old, "redis-url")
        assert after.startswith(old.partition("color")[0])
        assert after.count(f"{teller}: redis") == 2


def test_nor_one_that_has_a_name_of_its_own() -> None:
    old = "production:\n  adapter: redis\n  redis_url: redis://a\n  nodes: [1]\n"
    after = text_after("cable.yml", old, "redis-url").splitlines()
    assert [line for line in after if not line.lstrip().startswith("#")] == old.splitlines()


def test_an_address_stands_with_its_login_or_not_at_all() -> None:
    old = (
        "production:\n  primary:\n    url: <%= ENV['DATABASE_URL'] %>\n"
        "  replica:\n    host: a\n    username: b\n    password: c\n"
    )
    after = text_after("database.yml", old, "postgres-url")
    assert after.startswith(old)
    assert "url:" not in after[len(old) :]
    assert "password:" in after[len(old) :]
