"""Settings side by side: a login whose names begin alike, once more, or the bait's own names."""

from __future__ import annotations

from typing import Any

import yaml

from canaries.plant.formats._flat_settings import alike, renamed
from tests.canaries.plant.formats.forms import bait, text_after


def added(old: str, kind: str, name: str = "settings.yml") -> dict[str, Any]:
    before, after = yaml.safe_load(old), yaml.safe_load(text_after(name, old, kind))
    assert {key: after[key] for key in before} == before
    return {key: value for key, value in after.items() if key not in before}


def test_a_login_is_made_whole() -> None:
    old = "db_host: a\ndb_port: 3306\ndb_user: b\ndb_password: real\ncolour: red\n"
    made = added(old, "mysql")
    assert [key.split("_", 1)[1] for key in made] == ["db_host", "db_port", "db_user", "db_password"]
    assert made.popitem()[1] != "real"
    assert 3306 in made.values()


def test_names_run_together_are_read_too() -> None:
    made = added("dbhost: a\ndbuser: b\ndbpassword: real\n", "mysql")
    assert [key.partition("_")[2] for key in made] == ["dbhost", "dbuser", "dbpassword"]


def test_what_the_login_lacks_gets_its_first_word() -> None:
    assert renamed([("mysql_user", "a")], [("mysql_user", 0), ("url", -1)], "snake") == [
        "mysql_user",
        "mysql_url",
    ]
    assert list(alike(["a_x", "a_y", "b", "a_z"])) == [[0, 1]]


def test_a_key_that_begins_with_http_is_a_name_like_others() -> None:
    assert added("http_proxy_password: x\napi_key: y\n", "github-token")


def test_what_symfony_would_read_as_another_parameter_is_not_put_there() -> None:
    old = "parameters:\n    mongo_url: x\n"
    assert any("%" in value.text for value in bait("mongodb-url").values) or "%" in bait("mongodb-url").text
    assert yaml.safe_load(text_after("parameters.yml", old, "mongodb-url")) == yaml.safe_load(old)


def test_names_of_puppet_stay_in_their_class() -> None:
    old = "profile::db::host: a\nprofile::db::user: b\nprofile::db::password: real\nprofile::app::stripe_key: c\n"
    made = added(old, "mysql", "common.yaml")
    assert {key.rpartition("::")[0] for key in made} == {"profile::db"}
    assert [key.rpartition("_")[2] for key in made] == ["host", "user", "password"]
    assert {key.rpartition("::")[0] for key in added(old, "sendgrid-key", "common.yaml")} == {"profile::app"}
