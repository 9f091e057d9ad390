"""SET of a MySQL 8: variables of the session and of the user, which hold for the connection.

A variable that there is not, one that is only read, and values that none can have are refused as the server does it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping

from listener.protocol import mysql_catalogue, mysql_refusals, sql_answers
from listener.protocol.mysql_arithmetic import unquoted
from listener.protocol.mysql_expressions import evaluated
from listener.protocol.mysql_functions import MysqlCallError
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlSession
from listener.protocol.sql_expressions import SqlUnknownError
from listener.protocol.sql_values import SqlValue

_MOST_KEPT, _LONGEST_KEPT = 256, 4096
_NAMES = re.compile(
    r"(?:names|character\s+set|charset)\s+['\"]?(\w+)['\"]?(?:\s+collate\s+['\"]?\w+['\"]?)?$", re.I
)
_ASSIGNED = re.compile(
    r"(?:(?P<scope>session|local|global|persist|persist_only)\s+|@@(?P<at>session|local|global|persist)\.|@@)?"
    r"(?P<name>[\w.`]+)\s*:?=\s*(?P<value>.+)$",
    re.I | re.S,
)
_VARIABLE = re.compile(r"(@[\w$.`]+)\s*:?=\s*(.+)$", re.S)
_READ_ONLY = frozenset(
    "port version version_comment version_compile_os version_compile_machine hostname datadir basedir tmpdir license"
    " lower_case_table_names performance_schema secure_file_priv log_bin server_uuid socket pid_file"
    " system_time_zone character_set_system".split()
)
_GLOBAL = frozenset(
    "max_connections server_id read_only super_read_only init_connect general_log slow_query_log".split()
)
_SESSION_READ_ONLY = frozenset({"max_allowed_packet", "net_buffer_length"})
_PRIVILEGED = frozenset(
    {"sql_log_bin", "gtid_next", "binlog_format", "pseudo_thread_id", "original_commit_timestamp"}
)
_KNOWN = frozenset(
    "autocommit auto_increment_increment auto_increment_offset big_tables bulk_insert_buffer_size"
    " character_set_client character_set_connection character_set_database character_set_filesystem"
    " character_set_results character_set_server collation_connection collation_database collation_server"
    " completion_type cte_max_recursion_depth default_storage_engine default_tmp_storage_engine"
    " default_week_format div_precision_increment eq_range_index_dive_limit foreign_key_checks"
    " group_concat_max_len identity information_schema_stats_expiry innodb_lock_wait_timeout innodb_strict_mode"
    " insert_id interactive_timeout join_buffer_size last_insert_id lc_messages lc_time_names lock_wait_timeout"
    " long_query_time low_priority_updates max_error_count max_execution_time max_heap_table_size max_join_size"
    " max_length_for_sort_data max_seeks_for_key max_sort_length max_sp_recursion_depth max_user_connections"
    " min_examined_row_limit net_read_timeout net_retry_count net_write_timeout old_alter_table"
    " optimizer_prune_level optimizer_search_depth optimizer_switch optimizer_trace optimizer_trace_features"
    " optimizer_trace_limit optimizer_trace_max_mem_size optimizer_trace_offset preload_buffer_size profiling"
    " profiling_history_size query_alloc_block_size query_prealloc_size rand_seed1 rand_seed2"
    " range_alloc_block_size range_optimizer_max_mem_size read_buffer_size read_rnd_buffer_size"
    " session_track_gtids session_track_schema session_track_state_change session_track_system_variables"
    " session_track_transaction_info show_create_table_verbosity sort_buffer_size sql_auto_is_null sql_big_selects"
    " sql_buffer_result sql_generate_invisible_primary_key sql_log_off sql_mode sql_notes sql_quote_show_create"
    " sql_require_primary_key sql_safe_updates sql_select_limit sql_warnings storage_engine"
    " thread_pool_high_priority_connection time_zone timestamp tmp_table_size transaction_alloc_block_size"
    " transaction_isolation transaction_prealloc_size transaction_read_only unique_checks"
    " updatable_views_with_limit use_secondary_engine wait_timeout windowing_use_high_precision"
    " xa_detach_on_prepare default_collation_for_utf8mb4 print_identified_with_as_hex resultset_metadata"
    " net_buffer_length".split()
)
"""Variables that a session may set."""
_SWITCHES = frozenset(
    "autocommit foreign_key_checks unique_checks sql_safe_updates sql_notes sql_auto_is_null".split()
)
_ON, _OFF = ("1", "on", "true"), ("0", "off", "false")
_MODES = frozenset(
    "ansi traditional allow_invalid_dates ansi_quotes error_for_division_by_zero high_not_precedence ignore_space"
    " no_auto_value_on_zero no_backslash_escapes no_dir_in_create no_engine_substitution no_unsigned_subtraction"
    " no_zero_date no_zero_in_date only_full_group_by pad_char_to_full_length pipes_as_concat real_as_float"
    " strict_all_tables strict_trans_tables time_truncate_fractional".split()
)
_ZONE = re.compile(r"system|[+-]\d{1,2}:\d\d|utc|[a-z]+/[a-z_/]+", re.I)
_NEEDED = "Access denied; you need (at least one of) the {} privilege(s) for this operation"


class _SettingRefusedError(Exception):
    def __init__(self, number: int, state: str, told: str) -> None:
        super().__init__(told)
        self.said = mysql_refusals.error(number, state, told)


def _refused(number: int, state: str, told: str) -> SqlRefused:
    return SqlRefused("", "", said=mysql_refusals.error(number, state, told))


def answer(statement: str, session: SqlSession, kept: MutableMapping[str, SqlValue]) -> SqlAnswer:
    """``kept``: the variables of the connection, by lower-case name with its ``@``; they are changed."""
    words = re.sub(r"^set\s+", "", statement, flags=re.I)
    try:
        if names := _NAMES.match(words):
            _characters(names[1].lower(), kept)
        elif re.match(
            r"(?:session\s+|global\s+|local\s+)?transaction\b|default\s+role\b|resource\s+group\b",
            words,
            re.I,
        ):
            pass
        elif found := re.match(r"role\s+[`']?(\w+)", words, re.I):
            _role(found[1], session)
        elif re.match(r"password\s+for\b", words, re.I):
            return _refused(1227, "42000", _NEEDED.format("CREATE USER"))
        elif not re.match(r"password\b", words, re.I):
            for item in sql_answers.items(words):
                _assign(item, session, kept)
    except _SettingRefusedError as problem:
        return SqlRefused("", "", said=problem.said)
    return SqlDone("SET")


def _characters(name: str, kept: MutableMapping[str, SqlValue]) -> None:
    known = {str(row[0]) for row in mysql_catalogue.CHARACTER_SETS} | {"utf8", "default"}
    known |= set(
        "big5 cp1250 cp1251 cp1252 cp850 cp866 gb18030 gb2312 gbk koi8r latin2 latin5 macroman sjis ujis".split()
    )
    if name not in known:
        raise _SettingRefusedError(1115, "42000", f"Unknown character set: '{name[:64]}'")
    name = {"utf8": "utf8mb3", "default": "utf8mb4"}.get(name, name)
    for setting in ("client", "connection", "results"):
        kept[f"@@character_set_{setting}"] = name


def _role(name: str, session: SqlSession) -> None:
    if name.lower() not in ("none", "default", "all"):
        user, _, _ = str(session.values.get("user()", "")).partition("@")
        raise _SettingRefusedError(3530, "HY000", f"`{name[:32]}`@`%` is not granted to `{user[:32]}`@`%`")


def _assign(item: str, session: SqlSession, kept: MutableMapping[str, SqlValue]) -> None:
    if user := _VARIABLE.match(item) if not item.startswith("@@") else None:
        _keep(kept, user[1].lower().replace("`", ""), _value(user[2], session))
        return
    found = _ASSIGNED.match(item)
    if found is None:
        return
    name, value = found["name"].lower().replace("`", ""), found["value"].strip()
    scope = (found["scope"] or found["at"] or "session").lower()
    _checked(name, scope, value)
    plain = value.lower().strip("'\"")
    if name in _SWITCHES:
        _keep(kept, f"@@{name}", int(plain in _ON or plain == "default"))
    elif plain != "default":
        bare = re.fullmatch(r"[A-Za-z_]\w*", value)
        _keep(kept, f"@@{name}", value if bare else _value(value, session))


def _checked(name: str, scope: str, value: str) -> None:
    """Whether this variable may be set to that. Raises _SettingRefusedError."""
    if name in _READ_ONLY:
        raise _SettingRefusedError(1238, "HY000", f"Variable '{name}' is a read only variable")
    if name not in _KNOWN | _GLOBAL | _SESSION_READ_ONLY | _PRIVILEGED:
        raise _SettingRefusedError(1193, "HY000", f"Unknown system variable '{name[:64]}'")
    if scope in ("global", "persist", "persist_only"):
        raise _SettingRefusedError(1227, "42000", _NEEDED.format("SUPER or SYSTEM_VARIABLES_ADMIN"))
    if name in _GLOBAL:
        raise _SettingRefusedError(
            1229, "HY000", f"Variable '{name}' is a GLOBAL variable and should be set with SET GLOBAL"
        )
    if name in _SESSION_READ_ONLY:
        told = f"SESSION variable '{name}' is read-only. Use SET GLOBAL to assign the value"
        raise _SettingRefusedError(1621, "HY000", told)
    if name in _PRIVILEGED:
        raise _SettingRefusedError(
            1227, "42000", _NEEDED.format("SUPER, SYSTEM_VARIABLES_ADMIN or SESSION_VARIABLES_ADMIN")
        )
    plain, text = value.lower().strip("'\""), value[:1] in "'\""
    wrong = name in _SWITCHES and not value.startswith("@") and plain not in (*_ON, *_OFF, "default")
    if name == "sql_mode" and text:
        wrong = any(mode and mode not in _MODES for mode in plain.replace(" ", "").split(","))
    if wrong:
        raise _SettingRefusedError(
            1231, "42000", f"Variable '{name}' can't be set to the value of '{value.strip(chr(39))[:64]}'"
        )
    if name.endswith("_timeout") and text:
        raise _SettingRefusedError(1232, "42000", f"Incorrect argument type to variable '{name}'")
    if name == "time_zone" and text and not _ZONE.fullmatch(plain):
        raise _SettingRefusedError(1298, "HY000", f"Unknown or incorrect time zone: '{unquoted(value)[:64]}'")


def _value(said: str, session: SqlSession) -> SqlValue:
    try:
        return evaluated(said, session.values)
    except (ValueError, SqlUnknownError, MysqlCallError):
        return None


def _keep(kept: MutableMapping[str, SqlValue], name: str, value: SqlValue) -> None:
    if name in kept or len(kept) < _MOST_KEPT:
        kept[name] = value[:_LONGEST_KEPT] if isinstance(value, str) else value
