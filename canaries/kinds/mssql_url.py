"""A Microsoft SQL Server login: URL and the connection string of a .NET application."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login


class MssqlUrl(Kind):
    name: ClassVar[str] = "mssql-url"
    traps: ClassVar[tuple[str, ...]] = ("mssql",)
    title: ClassVar[str] = "A Microsoft SQL Server URL and connection string"
    fired_by: ClassVar[str] = (
        "python-tds, and by their protocol FreeTDS, ODBC and SqlClient where encryption is off, as in the connection "
        "string: user and password come readable, with the client's host name, where a trap speaks TDS there. A client "
        "that insists on encryption shows no more than its version."
    )
    plant_hint: ClassVar[str] = "As appsettings.Production.json in a deployed folder; the URL in a .env."
    try_hint: ClassVar[str] = (
        "python -c \"import pytds; pytds.connect('{host}', port={port}, user='{user}', password='{password}', "
        "database='{database}').cursor().execute('select 1')\""
    )
    Options: ClassVar[type[Any]] = LoginOptions

    def mint(self, order: Order, options: LoginOptions) -> Bait:
        made = login(order, options, "mssql", 1433)
        url = f"mssql+pytds://{made.authority(1433)}/{made.database}"
        string = (
            f"Server=tcp:{made.hostname},{made.port};Database={made.database};User Id={made.user};"
            f"Password={made.password};Encrypt=False;MultipleActiveResultSets=True;Connection Timeout=30"
        )
        settings = json.dumps({"ConnectionStrings": {"DefaultConnection": string}}, indent=2) + "\n"
        return Bait(
            made.tokens,
            f"DATABASE_URL={url}\n",
            (BaitFile("appsettings.Production.json", settings.encode(), 0o644),),
            {**made.row(url), "port": str(made.port), "host": made.hostname, "connection_string": string},
        )
