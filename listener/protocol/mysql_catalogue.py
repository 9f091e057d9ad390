"""INFORMATION_SCHEMA of a MySQL 8, as an account sees it that may call procedures and read no table."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from listener.protocol.sql_answers import SqlSession
from listener.protocol.sql_values import SqlValue

_OF = "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME"
_NAMED = "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME"
_LANGUAGE = "CHARACTER_SET_CLIENT COLLATION_CONNECTION DATABASE_COLLATION"
_SIZES = "CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_SCALE DATETIME_PRECISION"
_COLUMNS: Mapping[str, str] = {
    "CHARACTER_SETS": "CHARACTER_SET_NAME DEFAULT_COLLATE_NAME DESCRIPTION MAXLEN",
    "COLLATIONS": "COLLATION_NAME CHARACTER_SET_NAME ID IS_DEFAULT IS_COMPILED SORTLEN PAD_ATTRIBUTE",
    "COLLATION_CHARACTER_SET_APPLICABILITY": "COLLATION_NAME CHARACTER_SET_NAME",
    "COLUMNS": f"{_OF} COLUMN_NAME ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE DATA_TYPE {_SIZES} CHARACTER_SET_NAME"
    " COLLATION_NAME COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT GENERATION_EXPRESSION SRS_ID",
    "COLUMN_PRIVILEGES": f"GRANTEE {_OF} COLUMN_NAME PRIVILEGE_TYPE IS_GRANTABLE",
    "ENGINES": "ENGINE SUPPORT COMMENT TRANSACTIONS XA SAVEPOINTS",
    "EVENTS": "EVENT_CATALOG EVENT_SCHEMA EVENT_NAME DEFINER TIME_ZONE EVENT_BODY EVENT_DEFINITION EVENT_TYPE"
    " EXECUTE_AT INTERVAL_VALUE INTERVAL_FIELD SQL_MODE STARTS ENDS STATUS ON_COMPLETION CREATED LAST_ALTERED"
    f" LAST_EXECUTED EVENT_COMMENT ORIGINATOR {_LANGUAGE}",
    "KEY_COLUMN_USAGE": f"{_NAMED} {_OF} COLUMN_NAME ORDINAL_POSITION POSITION_IN_UNIQUE_CONSTRAINT"
    " REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME",
    "PARAMETERS": "SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ORDINAL_POSITION PARAMETER_MODE PARAMETER_NAME"
    f" DATA_TYPE {_SIZES} CHARACTER_SET_NAME COLLATION_NAME DTD_IDENTIFIER ROUTINE_TYPE",
    "PLUGINS": "PLUGIN_NAME PLUGIN_VERSION PLUGIN_STATUS PLUGIN_TYPE PLUGIN_TYPE_VERSION PLUGIN_LIBRARY"
    " PLUGIN_LIBRARY_VERSION PLUGIN_AUTHOR PLUGIN_DESCRIPTION PLUGIN_LICENSE LOAD_OPTION",
    "PROCESSLIST": "ID USER HOST DB COMMAND TIME STATE INFO",
    "REFERENTIAL_CONSTRAINTS": f"{_NAMED} UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME"
    " MATCH_OPTION UPDATE_RULE DELETE_RULE TABLE_NAME REFERENCED_TABLE_NAME",
    "ROUTINES": f"SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME ROUTINE_TYPE DATA_TYPE {_SIZES}"
    " CHARACTER_SET_NAME COLLATION_NAME DTD_IDENTIFIER ROUTINE_BODY ROUTINE_DEFINITION EXTERNAL_NAME"
    " EXTERNAL_LANGUAGE PARAMETER_STYLE IS_DETERMINISTIC SQL_DATA_ACCESS SQL_PATH SECURITY_TYPE CREATED LAST_ALTERED"
    f" SQL_MODE ROUTINE_COMMENT DEFINER {_LANGUAGE}",
    "SCHEMATA": "CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH"
    " DEFAULT_ENCRYPTION",
    "SCHEMA_PRIVILEGES": "GRANTEE TABLE_CATALOG TABLE_SCHEMA PRIVILEGE_TYPE IS_GRANTABLE",
    "STATISTICS": f"{_OF} NON_UNIQUE INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX COLUMN_NAME COLLATION CARDINALITY SUB_PART"
    " PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT IS_VISIBLE EXPRESSION",
    "TABLES": f"{_OF} TABLE_TYPE ENGINE VERSION ROW_FORMAT TABLE_ROWS AVG_ROW_LENGTH DATA_LENGTH MAX_DATA_LENGTH"
    " INDEX_LENGTH DATA_FREE AUTO_INCREMENT CREATE_TIME UPDATE_TIME CHECK_TIME TABLE_COLLATION CHECKSUM"
    " CREATE_OPTIONS TABLE_COMMENT",
    "TABLE_CONSTRAINTS": f"{_NAMED} TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE ENFORCED",
    "TABLE_PRIVILEGES": f"GRANTEE {_OF} PRIVILEGE_TYPE IS_GRANTABLE",
    "TRIGGERS": "TRIGGER_CATALOG TRIGGER_SCHEMA TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_CATALOG"
    " EVENT_OBJECT_SCHEMA EVENT_OBJECT_TABLE ACTION_ORDER ACTION_CONDITION ACTION_STATEMENT ACTION_ORIENTATION"
    " ACTION_TIMING ACTION_REFERENCE_OLD_TABLE ACTION_REFERENCE_NEW_TABLE ACTION_REFERENCE_OLD_ROW"
    f" ACTION_REFERENCE_NEW_ROW CREATED SQL_MODE DEFINER {_LANGUAGE}",
    "USER_PRIVILEGES": "GRANTEE TABLE_CATALOG PRIVILEGE_TYPE IS_GRANTABLE",
    "VIEWS": f"{_OF} VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE DEFINER SECURITY_TYPE CHARACTER_SET_CLIENT"
    " COLLATION_CONNECTION",
}
OTHERS = frozenset(
    "ADMINISTRABLE_ROLE_AUTHORIZATIONS APPLICABLE_ROLES CHECK_CONSTRAINTS COLUMNS_EXTENSIONS COLUMN_STATISTICS"
    " ENABLED_ROLES FILES INNODB_BUFFER_PAGE INNODB_BUFFER_PAGE_LRU INNODB_BUFFER_POOL_STATS INNODB_CACHED_INDEXES"
    " INNODB_CMP INNODB_CMPMEM INNODB_CMPMEM_RESET INNODB_CMP_PER_INDEX INNODB_CMP_PER_INDEX_RESET INNODB_CMP_RESET"
    " INNODB_COLUMNS INNODB_DATAFILES INNODB_FIELDS INNODB_FOREIGN INNODB_FOREIGN_COLS INNODB_FT_BEING_DELETED"
    " INNODB_FT_CONFIG INNODB_FT_DEFAULT_STOPWORD INNODB_FT_DELETED INNODB_FT_INDEX_CACHE INNODB_FT_INDEX_TABLE"
    " INNODB_INDEXES INNODB_METRICS INNODB_SESSION_TEMP_TABLESPACES INNODB_TABLES INNODB_TABLESPACES"
    " INNODB_TABLESPACES_BRIEF INNODB_TABLESTATS INNODB_TEMP_TABLE_INFO INNODB_TRX INNODB_VIRTUAL KEYWORDS"
    " OPTIMIZER_TRACE PARTITIONS PROFILING RESOURCE_GROUPS ROLE_COLUMN_GRANTS ROLE_ROUTINE_GRANTS ROLE_TABLE_GRANTS"
    " SCHEMATA_EXTENSIONS ST_GEOMETRY_COLUMNS ST_SPATIAL_REFERENCE_SYSTEMS ST_UNITS_OF_MEASURE TABLESPACES"
    " TABLESPACES_EXTENSIONS TABLES_EXTENSIONS TABLE_CONSTRAINTS_EXTENSIONS USER_ATTRIBUTES VIEW_ROUTINE_USAGE"
    " VIEW_TABLE_USAGE".split()
)
"""Tables that there are and that have no rows for it; what is asked of them are their columns."""
OWN = "own database"
"""Among a session's values, by no name that an expression can have."""
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")
"""Databases that every server has."""
_COLLATION = "utf8mb4_0900_ai_ci"
COLLATIONS: Sequence[tuple[SqlValue, ...]] = (
    ("ascii_bin", "ascii", 65, "", "Yes", 1, "PAD SPACE"),
    ("ascii_general_ci", "ascii", 11, "Yes", "Yes", 1, "PAD SPACE"),
    ("binary", "binary", 63, "Yes", "Yes", 1, "NO PAD"),
    ("latin1_bin", "latin1", 47, "", "Yes", 1, "PAD SPACE"),
    ("latin1_swedish_ci", "latin1", 8, "Yes", "Yes", 1, "PAD SPACE"),
    ("utf8mb3_bin", "utf8mb3", 83, "", "Yes", 1, "PAD SPACE"),
    ("utf8mb3_general_ci", "utf8mb3", 33, "Yes", "Yes", 1, "PAD SPACE"),
    ("utf8mb3_unicode_ci", "utf8mb3", 192, "", "Yes", 8, "PAD SPACE"),
    (_COLLATION, "utf8mb4", 255, "Yes", "Yes", 0, "NO PAD"),
    ("utf8mb4_bin", "utf8mb4", 46, "", "Yes", 1, "PAD SPACE"),
    ("utf8mb4_general_ci", "utf8mb4", 45, "", "Yes", 1, "PAD SPACE"),
    ("utf8mb4_unicode_ci", "utf8mb4", 224, "", "Yes", 8, "PAD SPACE"),
)
"""The commonest of a server's 286: name, character set, number, whether it is the default, is there, sorts, pads."""
CHARACTER_SETS: Sequence[tuple[SqlValue, ...]] = (
    ("ascii", "US ASCII", "ascii_general_ci", 1),
    ("binary", "Binary pseudo charset", "binary", 1),
    ("latin1", "cp1252 West European", "latin1_swedish_ci", 1),
    ("utf8mb3", "UTF-8 Unicode", "utf8mb3_general_ci", 3),
    ("utf8mb4", "UTF-8 Unicode", _COLLATION, 4),
)
ENGINES: Sequence[tuple[SqlValue, ...]] = (
    ("ndbcluster", "NO", "Clustered, fault-tolerant tables", None, None, None),
    ("MEMORY", "YES", "Hash based, stored in memory, useful for temporary tables", "NO", "NO", "NO"),
    ("InnoDB", "DEFAULT", "Supports transactions, row-level locking, and foreign keys", "YES", "YES", "YES"),
    ("PERFORMANCE_SCHEMA", "YES", "Performance Schema", "NO", "NO", "NO"),
    ("MyISAM", "YES", "MyISAM storage engine", "NO", "NO", "NO"),
    ("FEDERATED", "NO", "Federated MySQL storage engine", None, None, None),
    ("ndbinfo", "NO", "MySQL Cluster system information storage engine", None, None, None),
    ("MRG_MYISAM", "YES", "Collection of identical MyISAM tables", "NO", "NO", "NO"),
    ("BLACKHOLE", "YES", "/dev/null storage engine (anything you write to it disappears)", "NO", "NO", "NO"),
    ("CSV", "YES", "CSV storage engine", "NO", "NO", "NO"),
    ("ARCHIVE", "YES", "Archive storage engine", "NO", "NO", "NO"),
)


@dataclass(frozen=True, slots=True)
class CatalogueTable:
    """A table with what an account sees in it."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[SqlValue, ...]]


def databases(session: SqlSession) -> list[str]:
    """Those that the account may see, its own among them."""
    own = session.values.get(OWN) or session.values.get("database()")
    return sorted({*SYSTEM, *([str(own)] if own else [])})


def used(name: str, session: SqlSession, kept: MutableMapping[str, SqlValue]) -> bool:
    """Go to a database; whether there is one. The first that is no system's is the account's own: bait may name it
    beside the login, and nobody here knows which."""
    name = name.replace("`", "")[:64]
    if not session.values.get(OWN) and name.lower() not in SYSTEM:
        kept[OWN] = name
    elif name not in databases(session):
        return False
    kept["database()"] = kept["schema()"] = name
    return True


def table(name: str, session: SqlSession, query: str) -> CatalogueTable | None:
    """A table of INFORMATION_SCHEMA by its name in any case; None where there is none. ``query``: that is run."""
    columns = _COLUMNS.get(name.upper())
    if columns is None:
        return None
    return CatalogueTable(tuple(columns.split()), _rows(name.upper(), session, query))


def _rows(name: str, session: SqlSession, query: str) -> Sequence[tuple[SqlValue, ...]]:
    user = str(session.values.get("user()", "")).partition("@")[0]
    if name == "SCHEMATA":
        sets = {SYSTEM[0]: ("utf8mb3", "utf8mb3_general_ci")}
        return [
            ("def", one, *sets.get(one, ("utf8mb4", _COLLATION)), None, "NO") for one in databases(session)
        ]
    if name == "USER_PRIVILEGES":
        return [(f"'{user}'@'%'", "def", "EXECUTE", "NO")]
    if name == "PROCESSLIST":
        return [process(session, query)]
    if name == "CHARACTER_SETS":
        return [(one[0], one[2], one[1], one[3]) for one in CHARACTER_SETS]
    if name == "COLLATIONS":
        return COLLATIONS
    if name == "COLLATION_CHARACTER_SET_APPLICABILITY":
        return [one[:2] for one in COLLATIONS]
    if name == "TABLES":
        return [
            ("def", "information_schema", one, "SYSTEM VIEW", None, 10, *[None] * 15)
            for one in sorted({*_COLUMNS, *OTHERS})
        ]
    return ENGINES if name == "ENGINES" else ()


def process(session: SqlSession, query: str) -> tuple[SqlValue, ...]:
    """The account's own connection, as PROCESSLIST has it."""
    values = session.values
    user, _, host = str(values.get("user()", "")).partition("@")
    own, number = values.get("database()"), values.get("connection_id()")
    return number, user, host, own, "Query", 0, "executing", query
