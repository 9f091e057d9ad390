"""``trapline sensors propose|install|check|uninstall``, as somebody types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, PlantError
from listener.cli import trapline
from listener.readers import ReaderError
from tests.postgres_cluster import PostgresCluster
from tests.subscribers import subscribers


def test_from_proposal_to_the_end(cluster: PostgresCluster, tmp_path: Path) -> None:
    with subscribers(cluster, tmp_path, people=2) as shop:

        def run(*words: str) -> Result:
            return CliRunner().invoke(trapline, ["--home", str(shop.home.path), "sensors", *words])

        shown = run("propose", shop.url)
        assert shown.exit_code == 0, shown.output
        assert "CREATE POLICY" in shown.output
        assert re.search(r"-- costs .* times as much.*: the whole table \(", shown.output)
        assert "-- --accept dumps: pg_dump by analyst, owner will fail" in shown.output
        refused = run("install", shop.url)
        assert isinstance(refused.exception, ReaderError)
        installed = run("install", shop.url, "--accept", "dumps", "--json")
        assert installed.exit_code == 0, installed.output
        said = json.loads(installed.stdout)
        assert (said["sensor"], said["rows"], said["log"]) == ("row-policy", 2, "postgresql")
        checked = run("check")
        assert (checked.exit_code, "as installed" in checked.output) == (0, True)
        shop.say("ALTER TABLE subscribers DISABLE ROW LEVEL SECURITY", "owner")
        gone = run("check", shop.url, "--json")
        assert json.loads(gone.stdout)["problems"] == ["row-level security on the table is gone"]
        assert run("uninstall", shop.url).exit_code == 0
        assert "no sensor is installed" in run("check").output
        assert isinstance(run("uninstall", shop.url).exception, NotFoundError)
        assert isinstance(run("propose", "nonsense").exception, PlantError)
