"""The real client connects, and is refused its first query."""

from __future__ import annotations

import base64
from urllib.parse import quote

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

SHAPES = {
    "query": [
        ("GET", "/?query=SELECT+1", {"x_clickhouse_user": d, "x_clickhouse_key": d * 20}) for d in "ab"
    ],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

BASIC = "Basic " + base64.b64encode(b"grafana:hunter2").decode()


def test_the_client_connects_and_is_refused_its_first_query(stand_in: str) -> None:
    url = stand_in.replace("://", "://grafana:hunter2@") + "/crm"
    with clickhouse_connect.get_client(dsn=url, interface="http") as client:
        assert str(client.server_version).startswith("2")
        with pytest.raises(DatabaseError, match=r"grafana: Not enough privileges.*the grant SELECT ON"):
            client.query("SELECT * FROM members")


@pytest.mark.parametrize("prefix", ["", "/q7f3k29xk2m5v8w1z4y6c"])
def test_version_and_zone_are_told_as_asked(ask, prefix: str) -> None:  # type: ignore[no-untyped-def]
    both = ask("GET", f"{prefix}/?query={quote('SELECT version(), timezone()')}", authorization=BASIC)
    one = ask("POST", f"{prefix}/", b"select version()", x_clickhouse_user="grafana")
    assert both[0] == one[0] == "clickhouse"
    assert both[1].body.split(b"\t")[0] == one[1].body.strip()


def test_a_refusal_is_the_servers(ask) -> None:  # type: ignore[no-untyped-def]
    _, answer = ask("POST", "/", b"insert into t values (1)", x_clickhouse_user="grafana")
    assert (answer.status, dict(answer.headers)["X-ClickHouse-Exception-Code"]) == (500, "497")
    assert answer.body.startswith(b"Code: 497. DB::Exception: grafana: Not enough privileges.")


def test_a_ping_is_answered(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/ping", user_agent="clickhouse-connect/1")[1].body == b"Ok.\n"


def test_another_query_parameter_is_not_ours(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/find?query=selection")[0] != "clickhouse"
