"""Messages of PostgreSQL's backend, and its refusals with the lines of its source, as release 15.20 has them.

"Message Formats" and "Error and Notice Message Fields" in its documentation. What is refused before a login was
recorded from a server of that release (`tests/beside`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from canaries.core.text import decoded

_NOTED = frozenset((b"Q", b"P", b"B", b"p"))
"""Messages whose text a session notes."""


def message(kind: bytes, body: bytes) -> bytes:
    """One message."""
    return kind + struct.pack(">I", 4 + len(body)) + body


def texts(*values: str) -> bytes:
    """Strings, each with its end; none has a NUL within."""
    return b"".join(value.encode().replace(b"\0", b"") + b"\0" for value in values)


def _error(severity: str, code: str, text: str, **where: str) -> bytes:
    """ErrorResponse; ``where``: file, line and routine."""
    fields = {"S": severity, "V": severity, "C": code, "M": text, **where}
    return message(b"E", b"".join(texts(name + value) for name, value in fields.items()) + b"\0")


def error(
    code: str,
    text: str,
    file: str,
    line: str,
    routine: str,
    *,
    hint: str = "",
    detail: str = "",
    position: int = 0,
) -> bytes:
    """An error of a statement; ``position``: of the character at which it was found, from 1."""
    more = {"D": detail, "H": hint, "P": str(position) if position else ""}
    return _error(
        "ERROR",
        code,
        text,
        **{name: value for name, value in more.items() if value},
        F=file,
        L=line,
        R=routine,
    )


def warning(code: str, text: str, file: str, line: str, routine: str) -> bytes:
    """A warning, behind which the statement is done."""
    return b"N" + _error("WARNING", code, text, F=file, L=line, R=routine)[1:]


def notice(code: str, text: str, file: str, line: str, routine: str) -> bytes:
    """A notice, behind which the statement is done."""
    return b"N" + _error("NOTICE", code, text, F=file, L=line, R=routine)[1:]


def out_of_place(called: str, *, inside: bool) -> bytes:
    """A statement that is for transaction blocks only, or may not be ``inside`` one."""
    if inside:
        return error(
            "25001",
            f"{called} cannot run inside a transaction block",
            "xact.c",
            "3489",
            "PreventInTransactionBlock",
        )
    return error(
        "25P01", f"{called} can only be used in transaction blocks", "xact.c", "3590", "CheckTransactionBlock"
    )


def no_parameter(number: int, position: int) -> bytes:
    """A parameter in a simple query."""
    return error(
        "42P02",
        f"there is no parameter ${number}",
        "parse_expr.c",
        "838",
        "transformParamRef",
        position=position,
    )


def _fatal(code: str, text: str, file: str, line: str, routine: str) -> bytes:
    return _error("FATAL", code, text, F=file, L=line, R=routine)


NO_USER = _fatal(
    "28000",
    "no PostgreSQL user name specified in startup packet",
    "postmaster.c",
    "2349",
    "ProcessStartupPacket",
)
NO_PASSWORD = _fatal("28P01", "empty password returned by client", "auth.c", "757", "recv_password_packet")

BAD_LAYOUT = _fatal(
    "08P01",
    "invalid startup packet layout: expected terminator as last byte",
    "postmaster.c",
    "2332",
    "ProcessStartupPacket",
)
BAD_SIZE = _fatal("08P01", "invalid password packet size", "auth.c", "739", "recv_password_packet")
EARLY = _error(
    "FATAL",
    "08P01",
    "received unencrypted data after SSL request",
    D="This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.",
    F="postmaster.c",
    L="2134",
    R="ProcessStartupPacket",
)
NO_END = _error("ERROR", "08P01", "invalid string in message", F="pqformat.c", L="595", R="pq_getmsgstring")
BAD_FORM = _error("ERROR", "08P01", "invalid message format", F="pqformat.c", L="640", R="pq_getmsgend")
ABORTED = _error(
    "ERROR",
    "25P02",
    "current transaction is aborted, commands ignored until end of transaction block",
    F="postgres.c",
    L="1081",
    R="exec_simple_query",
)
_TRANSACTIONS = {
    b"BEGIN": ("25001", "already a", "3792", "BeginTransactionBlock"),
    b"COMMIT": ("25P01", "no", "3990", "EndTransactionBlock"),
    b"ROLLBACK": ("25P01", "no", "4113", "UserAbortTransactionBlock"),
}


def bad_replication(value: str) -> bytes:
    """A start that asks for no kind of replication."""
    return _error(
        "FATAL",
        "22023",
        f'invalid value for parameter "replication": "{value}"',
        H='Valid values are: "false", 0, "true", 1, "database".',
        F="postmaster.c",
        L="2284",
        R="ProcessStartupPacket",
    )


def no_message(kind: bytes) -> bytes:
    """A message of a type that there is not."""
    return _fatal("08P01", f"invalid frontend message type {kind[0]}", "postgres.c", "446", "SocketBackend")


def no_statement(name: bytes, *, described: bool = False) -> bytes:
    """A prepared statement that there is not, where it was to be bound or described."""
    if not name:
        text = "unnamed prepared statement does not exist"
        line, routine = (
            ("2586", "exec_describe_statement_message") if described else ("1616", "exec_bind_message")
        )
        return _error("ERROR", "26000", text, F="postgres.c", L=line, R=routine)
    text = f'prepared statement "{decoded(name)}" does not exist'
    return _error("ERROR", "26000", text, F="prepare.c", L="451", R="FetchPreparedStatement")


def no_portal(name: bytes, *, described: bool = False) -> bytes:
    """A portal that there is not, where it was to be run or described."""
    line, routine = (
        ("2669", "exec_describe_portal_message") if described else ("2071", "exec_execute_message")
    )
    text = f'portal "{decoded(name)}" does not exist'
    return _error("ERROR", "34000", text, F="postgres.c", L=line, R=routine)


def no_subtype(what: str, kind: bytes) -> bytes:
    """A Describe or a Close of neither a statement nor a portal."""
    line = "4837" if what == "DESCRIBE" else "4802"
    number = kind[0] if kind else 0
    text = f"invalid {what} message subtype {number}"
    return _error("ERROR", "08P01", text, F="postgres.c", L=line, R="PostgresMain")


def no_function(number: int) -> bytes:
    """A call of a function that there is not."""
    text = f"function with OID {number} does not exist"
    return _error("ERROR", "42883", text, F="fastpath.c", L="139", R="fetch_fp_info")


def transaction_warning(tag: bytes) -> bytes:
    """The notice where a transaction is begun within one, or ended without one."""
    code, which, line, routine = _TRANSACTIONS[tag]
    text = f"there is {which} transaction in progress"
    return b"N" + _error("WARNING", code, text, F="xact.c", L=line, R=routine)[1:]


def unsupported(major: int, minor: int) -> bytes:
    """The answer to a protocol of other days."""
    text = f"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.0"
    if major in (1, 2):  # in the form of those days: send_message_to_frontend in elog.c
        return b"EFATAL:  %s\n\0" % text.encode()
    return _fatal("0A000", text, "postmaster.c", "2220", "ProcessStartupPacket")


def not_a_password(kind: bytes) -> bytes:
    """The answer to another message than the password; ``kind``: its first byte."""
    text = f"expected password response, got message type {kind[0]}"
    return _fatal("08P01", text, "auth.c", "718", "recv_password_packet")


def wrong_password(user: str) -> bytes:
    """A login that failed."""
    text = f'password authentication failed for user "{user[:63]}"'
    return _fatal("28P01", text, "auth.c", "334", "auth_failed")


def denied(what: str) -> bytes:
    """A statement on ``what`` that this user may not run."""
    return _error(
        "ERROR", "42501", f"permission denied for {what}", F="aclchk.c", L="3655", R="aclcheck_error"
    )


def refusal(name: str, sort: str, verb: str = "") -> bytes:
    """A statement that is not run because of a name in it: a table or a function that this user may not use, a column
    that there is not."""
    if sort == "division":
        line, routine = ("1165", "int4mod") if name == "%" else ("869", "int4div")
        return _error("ERROR", "22012", "division by zero", F="int.c", L=line, R=routine)
    if sort == "effort":
        text = "canceling statement due to statement timeout"
        return _error("ERROR", "57014", text, F="postgres.c", L="3427", R="ProcessInterrupts")
    if sort == "column":
        text = f'column "{name[:127]}" does not exist'
        return _error("ERROR", "42703", text, F="parse_relation.c", L="3665", R="errorMissingColumn")
    name = name.rpartition(".")[2][:63]
    if verb in ("DROP", "ALTER") and name:
        text = f"must be owner of table {name}"
        return _error("ERROR", "42501", text, F="aclchk.c", L="3793", R="aclcheck_error")
    if sort == "function":
        return denied(f"function {name}")
    return denied(f"table {name}" if name else "schema public")


def apart(data: bytes) -> list[bytes]:
    """What stands beside the protocol's own letters and lengths in the messages that a client sent: names of statements
    and portals, arguments of functions, rows to be copied, those of CopyData messages that follow each other put
    together, and whatever no session notes. Never raises."""
    found: list[bytes] = []
    rows: list[bytes] = []
    at = 0
    while at + 5 <= len(data):
        kind, size = data[at : at + 1], int.from_bytes(data[at + 1 : at + 5], "big")
        body = data[at + 5 : at + 1 + size]
        if kind == b"d":
            rows.append(body)
        else:
            found += [b"".join(rows)] if rows else []
            rows = []
            if kind in (b"D", b"C"):
                found.append(body[1:])
            elif kind == b"F":
                found += _arguments(body)
            elif kind.isalpha() and kind not in _NOTED and body:
                found.append(body)
        at += 1 + max(4, size)
    return found + ([b"".join(rows)] if rows else [])


def _arguments(call: bytes) -> Iterator[bytes]:
    """Those of a FunctionCall: each behind its length."""
    at = 6 + 2 * int.from_bytes(call[4:6], "big") + 2
    while at + 4 < len(call):
        size = int.from_bytes(call[at : at + 4], "big")
        yield call[at + 4 : at + 4 + size]
        at += 4 + size
