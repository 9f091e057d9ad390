"""TOML: a table like another, never one more of a list."""

from __future__ import annotations

import tomllib

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats.toml import TomlFormat
from tests.canaries.plant.formats.forms import text_after


def test_a_table_gets_a_brother_with_its_types() -> None:
    old = '[db]\nhost = "a"\nport = 3306\nuser = "b"\npassword = "real"\n\n[log]\nlevel = 1\n'
    held = tomllib.loads(text_after("a.toml", old, "mysql"))
    (name,) = set(held) - {"db", "log"}
    assert "real" not in str(held[name])
    assert isinstance(held[name].get("port", 0), int)


def test_a_list_of_tables_is_not_lengthened() -> None:
    old = '[[runners]]\nname = "a"\nurl = "https://a.example.org"\ntoken = "x"\n'
    assert len(tomllib.loads(text_after("a.toml", old, "gitlab-token"))["runners"]) == 1


@pytest.mark.parametrize("text", ['a = """\n[b]\npassword = 1\n"""\n', "a = [\n  1,\n]\n[b]\nc = 1\n"])
def test_a_heading_in_a_value_is_none(text: str) -> None:
    assert tomllib.loads(text_after("a.toml", text, "stripe-key")).items() >= tomllib.loads(text).items()


def test_a_project_file_gets_a_tool() -> None:
    held = tomllib.loads(text_after("pyproject.toml", '[project]\nname = "a"\n', "stripe-key"))
    assert set(held) == {"project", "tool"}


def test_an_environment_gets_variables() -> None:
    held = tomllib.loads(text_after("netlify.toml", '[build.environment]\nA_TOKEN = "x"\n', "stripe-key"))
    assert all(isinstance(value, str) for value in held["build"]["environment"].values())


_AGENT = """# Telegraf
[agent]
  interval = "10s"
  urls = [
    "https://a.example.org",
  ]
[[outputs.influxdb]]
  urls = ["http://db.example.org:8086"]
"""


@pytest.mark.parametrize("path", ["telegraf.conf", "telegraf.d/own.conf", "crio.conf", "some-daemon.conf"])
def test_toml_that_is_called_conf_gets_a_commented_old_value(path: str) -> None:
    """A program's own file: what is said stays the same, to the last table."""
    new = text_after(path, _AGENT, "aws-key")
    assert tomllib.loads(new) == tomllib.loads(_AGENT)
    assert "\n# aws_" in new


def test_settings_of_an_application_that_are_toml_called_conf_get_a_table() -> None:
    new = text_after("app-settings.conf", _AGENT + '[db]\nhost = "a"\npassword = "b"\n', "mysql")
    assert set(tomllib.loads(new)) > {"agent", "outputs", "db"}


def test_a_conf_with_such_brackets_that_is_no_toml_is_left_alone() -> None:
    with pytest.raises(PlantError):
        text_after("some-daemon.conf", "[[a]]\nb = c d\n[e]\n", "mysql")


def test_a_list_from_which_one_is_chosen_by_name_gets_one_more_that_is_not() -> None:
    old = 'active_context = "prod"\n\n[[contexts]]\nname = "prod"\ntoken = "real"\n'
    held = tomllib.loads(text_after("cli.toml", old, "digitalocean-token"))
    assert held["active_context"] == held["contexts"][0]["name"] == "prod"
    assert [one["token"] == "real" for one in held["contexts"]] == [True, False]


def test_variables_go_where_the_environment_is_and_no_table_is_invented_beside_it() -> None:
    old = 'name = "a"\n[vars]\nB = "c"\n'
    once = text_after("wrangler.toml", old, "stripe-key")
    assert tomllib.loads(once).keys() == {"name", "vars"}
    assert len(tomllib.loads(text_after("wrangler.toml", once, "github-token"))["vars"]) == 6
    assert tomllib.loads(text_after("wrangler.toml", 'name = "a"\n', "stripe-key")) == {"name": "a"}


def test_a_long_list_ends_where_its_last_bracket_is() -> None:
    old = (
        '[db]\nhost = "a"\nports = [\n  1, # one ]\n  [2], "]",\n]\nnote = """\n[x]\\""" ]\n"""\nuser = "b"\n'
    )
    found = TomlFormat().sections(old)[1]
    assert [one.key for one in found.settings] == ["host", "ports", "note", "user"]
    assert tomllib.loads(f"ports = {found.settings[1].raw}") == {"ports": [1, [2], "]"]}
