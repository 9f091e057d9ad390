""".NET's settings, in which a database is a connection string and no URL."""

from __future__ import annotations

from dataclasses import replace

from canaries.core.model import Value
from canaries.plant.formats import Wish
from canaries.plant.formats._services import scheme_of
from canaries.plant.formats._tree import Made, Node, Place
from canaries.plant.formats._values import BaitValues, role_of

_FORMS = {
    "postgresql": "Host={host};Port={port};Database={database};Username={user};Password={password}",
    "mysql": "Server={host};Port={port};Database={database};Uid={user};Pwd={password}",
    "sqlserver": "Server=tcp:{host},{port};Database={database};User Id={user};Password={password};Encrypt=False",
}
"""As Npgsql, MySqlConnector and Microsoft.Data.SqlClient document theirs."""
_PORTS = {"postgresql": "5432", "mysql": "3306", "sqlserver": "1433"}


def connection_string(values: BaitValues) -> str:
    """Of the bait's database; empty where it is none."""
    scheme = scheme_of(values)
    if scheme not in _FORMS or not {"host", "user", "password", "database"} <= values.roles.keys():
        return ""
    return values.roles.get("connection") or _FORMS[scheme].format_map(
        {"port": _PORTS[scheme], **values.roles}
    )


def for_dotnet(wish: Wish) -> Wish:
    """The same with a connection string where the bait says a database's URL."""
    string = connection_string(wish.values)
    if not string:
        return wish
    kept = [value for value in wish.values.values if value.role != "url"]
    own = Value("DATABASE_CONNECTION_STRING", "connection", string)
    return replace(wish, values=replace(wish.values, values=(*kept, own)))


def beside_strings(path: tuple[str, ...], node: Node, wish: Wish) -> Place | None:
    """One more of ``ConnectionStrings``, in which an application looks up those that it names."""
    string = connection_string(wish.values)
    if path[-1:] != ("ConnectionStrings",) or not node.entries or not string:
        return None
    if any(role_of(key, value.text) == "connection" for key, _, value in node.entries):
        return None  # it is made after that one, in its words
    keys = [key for key, _, _ in node.entries]
    name = wish.free(lambda word: f"{word.capitalize()}Database", keys)
    said = f"as {name} in {path[-1]}"
    return Place(node, len(keys) - 1, ((name, Made(string, node.entries[-1][2].quote)),), said=said)
