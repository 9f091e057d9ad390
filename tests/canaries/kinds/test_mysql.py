"""The option file, as PyMySQL reads it, and the URL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pymysql.optionfile import Parser
from sqlalchemy.engine import make_url

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_option_file_and_the_url_say_the_same(mint: Mint, tmp_path: Path) -> None:
    bait = mint("mysql", {"port": 3307})
    path = tmp_path / "my.cnf"
    path.write_bytes(bait.files[0].content)
    parser = Parser()
    parser.read(path)
    url = make_url(bait.text.strip().removeprefix("DATABASE_URL="))
    client = parser["client"]
    assert (client["user"], client["password"], client["host"]) == (url.username, url.password, url.host)
    assert (int(client["port"]), parser["mysql"]["database"]) == (url.port, url.database)
    assert url.password == bait.tokens[0].value


def test_the_port_is_written_out_only_where_it_is_not_the_usual_one(mint: Mint) -> None:
    assert make_url(mint("mysql").row["url"]).port is None
