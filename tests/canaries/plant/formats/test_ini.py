"""INI: a section like one that is there; the special sections stay alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats import readers
from tests.canaries.plant.formats.forms import bait, text_after


def test_a_section_like_its_neighbour_without_the_neighbours_secrets() -> None:
    old = "[database]\nhost = db\nuser = app\npassword = 'real'\ncharset = utf8\napi_key = real2\n\n[mail]\nhost = m\n"
    after = text_after("app.ini", old, "mysql")
    added = after.partition("[database_")[2].partition("[mail]")[0]
    assert "charset = utf8" in added
    assert "password = '" in added
    assert "real" not in added


def test_the_baits_own_section_is_never_a_default_one() -> None:
    after = text_after(".s3cfg", "[default]\naccess_key = a\nsecret_key = b\n", "s3cmd")
    assert after.count("[default]") == 1
    assert "\nhost_base = " in after


def test_a_section_that_runs_something_is_no_donor() -> None:
    old = "[program:x]\ncommand = /bin/x\nuser = app\npassword = real\nhost = h\n"
    assert "command" not in text_after("supervisord.conf", old, "mysql").partition("real\n")[2].replace(
        old, ""
    )


def test_a_file_is_ini_where_it_begins_so_and_takes_an_entry_only_where_an_application_owns_it() -> None:
    assert "[stripe_" in text_after("tool-settings.conf", "# x\n[main]\na = 1\n", "stripe-key")
    assert "\n# STRIPE_" in text_after("tool.conf", "# x\n[main]\na = 1\n", "stripe-key")
    with pytest.raises(PlantError, match="not known"):
        text_after("tool.conf", "a 1;\n", "stripe-key")


@pytest.mark.parametrize("name", ["Servername", "HostName", "Server", "server_name"])
def test_no_neighbour_s_server_stands_beside_the_bait_s_password(name: str) -> None:
    old = f"[reports]\nDriver = PostgreSQL\n{name} = db.acme.org\nUsername = app\nPassword = real\n"
    after = text_after("odbc.ini", old, "postgres-url")
    assert after.count("Driver = PostgreSQL") == 2
    assert after.count("db.acme.org") == 1


@pytest.mark.parametrize("name", [".pypirc", ".s3cfg"])
def test_a_file_of_logins_takes_nothing_else(name: str) -> None:
    old = "[internal]\nrepository = https://a.example\nusername = u\npassword = x\n"
    for kind in ("stripe-key", "url"):
        with pytest.raises(PlantError, match="no place"):
            text_after(name, old, kind)


def test_a_programs_old_setting_stands_in_its_section() -> None:
    old = "[core]\na = b\n\n[database]\nsql_alchemy_conn = mysql+pymysql://a:b@c/d\n\n[smtp]\nx = y\n"
    after = text_after("airflow.cfg", old, "mysql")
    assert "c/d\n# sql_alchemy_conn = mysql+pymysql://" in after
    assert "# [" not in after


def test_a_file_server_is_a_remote_of_its_own_sort_and_its_password_is_as_rclone_writes_it(
    tmp_path: Path,
) -> None:
    text = "[nas]\ntype = sftp\nhost = a\nuser = b\npass = c\n\n[drive]\ntype = drive\ntoken = {}\n"
    after = text_after("rclone.conf", text, "ftp-credentials")
    path = tmp_path / "rclone.conf"
    path.write_text(after)
    remotes = json.loads(readers.run("rclone", "config", "dump", "--config", str(path)))
    (made,) = (one for one in remotes.values() if one["type"] == "ftp")
    password = next(one.value for one in bait("ftp-credentials").tokens if one.facet == "password")
    assert readers.run("rclone", "reveal", made["pass"]).strip() == password
    assert remotes["nas"] == {"type": "sftp", "host": "a", "user": "b", "pass": "c"}
    assert password not in after
