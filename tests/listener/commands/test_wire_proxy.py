"""``trapline sensors proxy``: a file for real tables, and a process that ends in one sentence where it cannot begin."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from listener.cli import trapline
from tests import proxied
from tests.subscribers import Subscribers


def test_prepared_and_watched_without_a_sensor_in_the_database(shop: Subscribers, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(trapline, ["--home", str(shop.home.path), "sensors", *words])
        assert done.exit_code == 0, done.output
        return done.output

    before, out = shop.cluster.schema(shop.database), tmp_path / "rows.json"
    why = ("--owner", "the officer", "--why", "threats", "--proxied")
    said = run("watch", shop.url, "--key", "7", *why)
    assert "trapline sensors proxy prepare" in said
    said = run("proxy", "prepare", shop.url, "--out", str(out))
    assert "4 planted rows and 1 watched row of 1 table, 0 honey tables" in " ".join(said.split())
    assert out.stat().st_mode & 0o777 == 0o600
    assert json.loads(run("proxy", "prepare", shop.url, "--out", str(out), "--json").splitlines()[0]) == {
        "path": str(out),
        "tables": 1,
        "planted": 4,
        "watched": 1,
        "honey": 0,
    }
    assert shop.cluster.schema(shop.database) == before
    run("unwatch", shop.url, "--key", "7")


def test_settings_that_are_wrong_end_it_with_status_2(tmp_path: Path) -> None:
    path = proxied.settings(tmp_path, protocol="postgresql", server="db.internal:5432")
    done = CliRunner().invoke(trapline, ["sensors", "proxy", "run", str(path)])
    assert "name server_ca" in str(done.exception or done.output)
    assert done.exit_code != 0
