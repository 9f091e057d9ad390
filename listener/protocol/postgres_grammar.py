"""How PostgreSQL's statements begin, and what it says where it cannot read one."""

from __future__ import annotations

from listener.protocol import postgres_messages
from listener.protocol.sql_syntax import SqlGrammar, SyntaxFault

_ANY: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GRAMMAR = SqlGrammar(
    dict.fromkeys(
        "abort alter analyse analyze begin call checkpoint close cluster comment commit copy deallocate"
        " declare discard do drop end execute fetch grant import listen load lock merge move notify prepare"
        " reassign refresh reindex release reset revoke"
        " rollback savepoint security select set show start table truncate unlisten update vacuum values with".split(),
        _ANY,
    )
    | {
        "insert": _words("into"),
        "delete": _words("from"),
        "create": _words(
            "access aggregate cast collation constraint conversion database default domain event extension"
            " foreign function global group index language local materialized operator or policy procedural"
            " procedure publication recursive role rule schema sequence server statistics subscription table"
            " tablespace temp temporary text transform trigger trusted type unique unlogged user view"
        ),
        "drop": _words(
            "access aggregate cast collation conversion database domain event extension foreign function group"
            " index language materialized operator owned policy procedural procedure publication role routine"
            " rule schema sequence server statistics subscription table tablespace text transform trigger type"
            " user view"
        ),
        "alter": _words(
            "aggregate collation conversion database default domain event extension foreign function group"
            " index language large materialized operator policy procedural procedure publication role routine"
            " rule schema sequence server statistics subscription system table tablespace text trigger type user"
            " view"
        ),
        "explain": _words(
            "( select insert update delete merge values with table create execute declare refresh"
        ),
    },
    _words("abort analyse analyze begin checkpoint cluster commit end rollback select start vacuum"),
    frozenset("?"),
    {"explain": (_words("analyze analyse"), _words("verbose"))},
)


def syntax(fault: SyntaxFault, text: str) -> bytes:
    """The error of a statement that could not be read."""
    words = {
        "string": "unterminated quoted string",
        "identifier": "unterminated quoted identifier",
        "comment": "unterminated /* comment",
        "dollar": "unterminated dollar-quoted string",
    }.get(fault.sort, "syntax error")
    where = f'at or near "{fault.token}"' if fault.at < len(text) else "at end of input"
    line = "1188" if fault.at < len(text) else "1180"
    return postgres_messages.error(
        "42601", f"{words} {where}", "scan.l", line, "scanner_yyerror", position=fault.at + 1
    )
