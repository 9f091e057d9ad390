"""The SQL Server URL and the .NET connection string."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy.engine import make_url

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_url_and_connection_string_say_the_same(mint: Mint) -> None:
    bait = mint("mssql-url", {"port": 14330})
    settings = json.loads(bait.files[0].content)
    string = settings["ConnectionStrings"]["DefaultConnection"]
    values = dict(part.split("=", 1) for part in string.split(";"))
    url = make_url(bait.text.strip().removeprefix("DATABASE_URL="))
    assert values["Server"] == f"tcp:{url.host},{url.port}"
    assert (values["User Id"], values["Password"], values["Database"]) == (
        url.username,
        url.password,
        url.database,
    )
    assert values["Encrypt"] == "False", "a client that insists on encryption shows nothing"
    assert url.password == bait.tokens[0].value
