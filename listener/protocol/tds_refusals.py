"""What SQL Server says to a statement that it does not run: number, severity and words of sys.messages."""

from __future__ import annotations

from listener.protocol.sql_answers import SqlRefused

ANYTHING = SqlRefused("", "SELECT")
"""Something that names nothing."""
_LONGEST = 128
_NO_PLAN = (
    "The query processor ran out of internal resources and could not produce a query plan. This is a rare event and"
    " only expected for extremely complex queries or queries that reference a very large number of tables or"
    " partitions. Please simplify the query. If you believe you have received this message in error, contact Customer"
    " Support Services for more information."
)


def refusal(refused: SqlRefused, user: str, database: str) -> tuple[int, int, str]:
    """By what it names: errors 207, 137, 195, 229; where it names nothing, 916."""
    user, database = user[:_LONGEST], database[:_LONGEST]
    name = refused.table.rpartition(".")[2][:_LONGEST]
    if refused.sort == "division":
        return 8134, 16, "Divide by zero error encountered."
    if refused.sort == "effort":
        return 8623, 16, _NO_PLAN
    if refused.sort == "column":
        return 207, 16, f"Invalid column name '{name}'."
    if refused.sort == "variable":
        return 137, 15, f'Must declare the scalar variable "{name}".'
    if refused.sort == "function":
        return 195, 15, f"'{name}' is not a recognized built-in function name."
    if name:
        verb = "EXECUTE" if refused.verb == "EXEC" else refused.verb
        place = ("mssqlsystemresource", "sys") if name.lower().startswith("xp_") else (database, "dbo")
        text = f"The {verb} permission was denied on the object '{name}', database '{place[0]}', schema '{place[1]}'."
        return 229, 14, text
    text = f'The server principal "{user}" is not able to access the database "{database}"'
    text += " under the current security context."
    return 916, 14, text


def no_handle(handle: int) -> tuple[int, int, str]:
    """A prepared statement that there is not."""
    return 8179, 16, f"Could not find prepared statement with handle {handle}."
