"""PostgreSQL's service file, for which one unknown option is the end of all services."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats.pg_service import OPTIONS
from tests.canaries.plant.formats.forms import text_after
from tests.canaries.plant.formats.readers import pg_service

OLD = "[prod]\nhost=db.example.org\nuser=app\npassword=placeholder\n"


def test_a_login_is_a_service_more() -> None:
    after = text_after("pg_service.conf", OLD, "postgres-url")
    assert after.startswith(OLD)
    assert after.count("\n[") == 1
    assert "password=" in after.removeprefix(OLD)


@pytest.mark.parametrize("kind", ["aws-key", "stripe-key", "github-token"])
def test_what_is_no_login_is_a_comment(kind: str) -> None:
    added = text_after("pg_service.conf", OLD, kind).removeprefix(OLD)
    assert all(line.startswith("#") or not line for line in added.splitlines())


def test_libpq_knows_the_options_that_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "pg_service.conf"
    path.write_text(OLD)
    known = {one.partition(" ")[2] for one in pg_service(path)} - {"service"}
    assert known <= OPTIONS


def test_a_file_that_libpq_refuses_is_refused() -> None:
    with pytest.raises(PlantError, match="no connection option"):
        text_after("pg_service.conf", OLD + "colour=red\n", "postgres-url")


def test_a_service_gets_its_password_where_the_others_have_theirs_elsewhere() -> None:
    added = text_after(".pg_service.conf", "[a]\nhost=h.example.org\nport=5432\ndbname=a\n", "postgres-url")
    keys = [line.partition("=")[0] for line in added.partition("\n\n")[2].splitlines()]
    assert keys[1:] == ["host", "port", "dbname", "user", "password"]
