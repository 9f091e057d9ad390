"""Lines of followed logs that could not be read are counted where people look."""

from __future__ import annotations

from canaries.installation.home import Home
from listener.following.positions import LogPositions
from listener.health.checks.logs import FollowedLogsCheck
from listener.health.state import Level
from tests.listener.health.conftest import Look


def test_malformed_lines_are_counted_and_mostly_malformed_is_said(home: Home, look: Look) -> None:
    assert look(FollowedLogsCheck) == []
    with (home.path / "trapline.toml").open("a") as file:
        file.write('\n[logs.shop]\ntype = "nginx"\npath = "/var/log/nginx/access.log"\n')
    (part,) = look(FollowedLogsCheck)
    assert (part.part, part.level, part.says) == ("log shop", Level.NOTE, "was never read")
    LogPositions(home.store, "shop").looked(1_790_000_000, 10, 1)
    (part,) = look(FollowedLogsCheck)
    assert part.level is Level.WELL
    assert part.says == "10 lines read, the last at 2026-09-21T14:13:20.000000Z; 1 are malformed"
    LogPositions(home.store, "shop").looked(1_790_000_001, 10, 10)
    (part,) = look(FollowedLogsCheck)
    assert part.level is Level.NOTE
    assert "11 are malformed" in part.says
    assert "nginx" in part.hint


def test_bait_that_logs_are_not_searched_for_is_told(home: Home, look: Look) -> None:
    with (home.path / "trapline.toml").open("a") as file:
        file.write('\n[logs.shop]\ntype = "nginx"\npath = "/var/log/nginx/access.log"\n')
    (home.keys.folder / "vault").unlink()
    (part, _) = look(FollowedLogsCheck)
    assert part.level is Level.FAILING
    assert "scan.index is not there" in part.says
