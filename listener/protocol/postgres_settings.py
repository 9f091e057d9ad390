"""The settings of PostgreSQL 15: who may change them and when, and what SHOW says of those that nobody has changed.

Taken from pg_settings of release 15.20.
"""

from __future__ import annotations

import re

_ANYBODY = """
application_name array_nulls backend_flush_after backslash_quote bytea_output check_function_bodies
client_connection_check_interval client_encoding client_min_messages commit_siblings constraint_exclusion
cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost cursor_tuple_fraction datestyle debug_pretty_print
debug_print_parse debug_print_plan debug_print_rewritten default_statistics_target default_table_access_method
default_tablespace default_text_search_config default_toast_compression default_transaction_deferrable
default_transaction_isolation default_transaction_read_only effective_cache_size effective_io_concurrency
enable_async_append enable_bitmapscan enable_gathermerge enable_hashagg enable_hashjoin enable_incremental_sort
enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin enable_nestloop
enable_parallel_append enable_parallel_hash enable_partition_pruning enable_partitionwise_aggregate
enable_partitionwise_join enable_seqscan enable_sort enable_tidscan escape_string_warning exit_on_error
extra_float_digits force_parallel_mode from_collapse_limit geqo geqo_effort geqo_generations geqo_pool_size
geqo_seed geqo_selection_bias geqo_threshold gin_fuzzy_search_limit gin_pending_list_limit hash_mem_multiplier
idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit jit_above_cost jit_expressions
jit_inline_above_cost jit_optimize_above_cost jit_tuple_deforming join_collapse_limit lc_monetary lc_numeric lc_time
local_preload_libraries lock_timeout log_parameter_max_length_on_error logical_decoding_work_mem
maintenance_io_concurrency maintenance_work_mem max_parallel_maintenance_workers max_parallel_workers
max_parallel_workers_per_gather min_parallel_index_scan_size min_parallel_table_scan_size
parallel_leader_participation parallel_setup_cost parallel_tuple_cost password_encryption plan_cache_mode
quote_all_identifiers random_page_cost recursive_worktable_factor restrict_nonsystem_relation_kind row_security
search_path seq_page_cost standard_conforming_strings statement_timeout stats_fetch_consistency synchronize_seqscans
synchronous_commit tcp_keepalives_count tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout temp_buffers
temp_tablespaces timezone timezone_abbreviations trace_notify trace_sort transaction_deferrable
transaction_isolation transaction_read_only transform_null_equals vacuum_cost_delay vacuum_cost_limit
vacuum_cost_page_dirty vacuum_cost_page_hit vacuum_cost_page_miss vacuum_failsafe_age vacuum_freeze_min_age
vacuum_freeze_table_age vacuum_multixact_failsafe_age vacuum_multixact_freeze_min_age
vacuum_multixact_freeze_table_age wal_sender_timeout wal_skip_threshold work_mem xmlbinary xmloption
"""
_SUPERUSERS = """
allow_in_place_tablespaces allow_system_table_mods backtrace_functions commit_delay composite_type_mismatch
compute_query_id deadlock_timeout debug_discard_caches dynamic_library_path extension_destdir
ignore_checksum_failure jit_dump_bitcode lc_messages lo_compat_privileges log_duration log_error_verbosity
log_executor_stats log_lock_waits log_min_duration_sample log_min_duration_statement log_min_error_statement
log_min_messages log_parameter_max_length log_parser_stats log_planner_stats log_replication_commands log_statement
log_statement_sample_rate log_statement_stats log_temp_files log_transaction_sample_rate max_stack_depth
output_plugin_libraries session_preload_libraries session_replication_role temp_file_limit track_activities
track_counts track_functions track_io_timing track_wal_io_timing update_process_title wal_compression
wal_consistency_checking wal_init_zero wal_recycle zero_damaged_pages
"""
_AT_THE_START = """
ignore_system_indexes post_auth_delay
"""
_SUPERUSERS_AT_THE_START = """
jit_debugging_support jit_profiling_support log_connections log_disconnections
"""
_BY_RELOADING = """
archive_cleanup_command archive_command archive_library archive_timeout authentication_timeout autovacuum
autovacuum_analyze_scale_factor autovacuum_analyze_threshold autovacuum_naptime autovacuum_vacuum_cost_delay
autovacuum_vacuum_cost_limit autovacuum_vacuum_insert_scale_factor autovacuum_vacuum_insert_threshold
autovacuum_vacuum_scale_factor autovacuum_vacuum_threshold autovacuum_work_mem bgwriter_delay bgwriter_flush_after
bgwriter_lru_maxpages bgwriter_lru_multiplier checkpoint_completion_target checkpoint_flush_after checkpoint_timeout
checkpoint_warning db_user_namespace fsync full_page_writes hot_standby_feedback krb_caseins_users
krb_server_keyfile log_autovacuum_min_duration log_checkpoints log_destination log_directory log_file_mode
log_filename log_hostname log_line_prefix log_recovery_conflict_waits log_rotation_age log_rotation_size
log_startup_progress_interval log_timezone log_truncate_on_rotation max_pred_locks_per_page
max_pred_locks_per_relation max_slot_wal_keep_size max_standby_archive_delay max_standby_streaming_delay
max_sync_workers_per_subscription max_wal_size min_wal_size pre_auth_delay primary_conninfo primary_slot_name
promote_trigger_file recovery_end_command recovery_init_sync_method recovery_min_apply_delay recovery_prefetch
remove_temp_files_after_crash restart_after_crash restore_command ssl ssl_ca_file ssl_cert_file ssl_ciphers
ssl_crl_dir ssl_crl_file ssl_dh_params_file ssl_ecdh_curve ssl_key_file ssl_max_protocol_version
ssl_min_protocol_version ssl_passphrase_command ssl_passphrase_command_supports_reload ssl_prefer_server_ciphers
synchronous_standby_names syslog_facility syslog_ident syslog_sequence_numbers syslog_split_messages
trace_recovery_messages vacuum_defer_cleanup_age wal_keep_size wal_receiver_create_temp_slot
wal_receiver_status_interval wal_receiver_timeout wal_retrieve_retry_interval wal_sync_method wal_writer_delay
wal_writer_flush_after
"""
_BY_RESTARTING = """
archive_mode autovacuum_freeze_max_age autovacuum_max_workers autovacuum_multixact_freeze_max_age bonjour
bonjour_name cluster_name config_file data_directory data_sync_retry dynamic_shared_memory_type event_source
external_pid_file hba_file hot_standby huge_page_size huge_pages ident_file ignore_invalid_pages jit_provider
listen_addresses logging_collector max_connections max_files_per_process max_locks_per_transaction
max_logical_replication_workers max_pred_locks_per_transaction max_prepared_transactions max_replication_slots
max_wal_senders max_worker_processes min_dynamic_shared_memory old_snapshot_threshold port recovery_target
recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name recovery_target_time
recovery_target_timeline recovery_target_xid shared_buffers shared_memory_type shared_preload_libraries
superuser_reserved_connections track_activity_query_size track_commit_timestamp unix_socket_directories
unix_socket_group unix_socket_permissions wal_buffers wal_decode_buffer_size wal_level wal_log_hints
"""
_NEVER = """
block_size data_checksums data_directory_mode debug_assertions in_hot_standby integer_datetimes lc_collate lc_ctype
max_function_args max_identifier_length max_index_keys segment_size server_encoding server_version
server_version_num shared_memory_size shared_memory_size_in_huge_pages ssl_library wal_block_size wal_segment_size
"""
_HIDDEN = """
config_file data_directory dynamic_library_path extension_destdir external_pid_file hba_file ident_file jit_provider
krb_server_keyfile log_directory log_filename output_plugin_libraries primary_conninfo session_preload_libraries
shared_preload_libraries ssl_ciphers ssl_dh_params_file ssl_ecdh_curve ssl_max_protocol_version
ssl_min_protocol_version ssl_passphrase_command unix_socket_directories
"""
"""Those that only superusers and pg_read_all_settings may look at."""
_VALUES = r"""
allow_in_place_tablespaces=off; allow_system_table_mods=off; archive_cleanup_command=; archive_command=(disabled);
archive_library=; archive_mode=off; archive_timeout=0; array_nulls=on; authentication_timeout=1min; autovacuum=on;
autovacuum_analyze_scale_factor=0.1; autovacuum_analyze_threshold=50; autovacuum_freeze_max_age=200000000;
autovacuum_max_workers=3; autovacuum_multixact_freeze_max_age=400000000; autovacuum_naptime=1min;
autovacuum_vacuum_cost_delay=2ms; autovacuum_vacuum_cost_limit=-1; autovacuum_vacuum_insert_scale_factor=0.2;
autovacuum_vacuum_insert_threshold=1000; autovacuum_vacuum_scale_factor=0.2; autovacuum_vacuum_threshold=50;
autovacuum_work_mem=-1; backend_flush_after=0; backslash_quote=safe_encoding; backtrace_functions=;
bgwriter_delay=200ms; bgwriter_flush_after=512kB; bgwriter_lru_maxpages=100; bgwriter_lru_multiplier=2;
block_size=8192; bonjour=off; bonjour_name=; bytea_output=hex; check_function_bodies=on;
checkpoint_completion_target=0.9; checkpoint_flush_after=256kB; checkpoint_timeout=5min; checkpoint_warning=30s;
client_connection_check_interval=0; client_min_messages=notice; commit_delay=0; commit_siblings=5;
composite_type_mismatch=error; compute_query_id=auto; constraint_exclusion=partition; cpu_index_tuple_cost=0.005;
cpu_operator_cost=0.0025; cpu_tuple_cost=0.01; cursor_tuple_fraction=0.1; data_checksums=off;
data_directory_mode=0700; data_sync_retry=off; db_user_namespace=off; deadlock_timeout=1s; debug_assertions=off;
debug_discard_caches=0; debug_pretty_print=on; debug_print_parse=off; debug_print_plan=off;
debug_print_rewritten=off; default_statistics_target=100; default_table_access_method=heap; default_tablespace=;
default_text_search_config=pg_catalog.simple; default_toast_compression=pglz; default_transaction_deferrable=off;
default_transaction_isolation=read committed; default_transaction_read_only=off; dynamic_shared_memory_type=posix;
effective_cache_size=4GB; effective_io_concurrency=1; enable_async_append=on; enable_bitmapscan=on;
enable_gathermerge=on; enable_hashagg=on; enable_hashjoin=on; enable_incremental_sort=on; enable_indexonlyscan=on;
enable_indexscan=on; enable_material=on; enable_memoize=on; enable_mergejoin=on; enable_nestloop=on;
enable_parallel_append=on; enable_parallel_hash=on; enable_partition_pruning=on; enable_partitionwise_aggregate=off;
enable_partitionwise_join=off; enable_seqscan=on; enable_sort=on; enable_tidscan=on; escape_string_warning=on;
event_source=PostgreSQL; exit_on_error=off; extra_float_digits=1; force_parallel_mode=off; from_collapse_limit=8;
fsync=on; full_page_writes=on; geqo=on; geqo_effort=5; geqo_generations=0; geqo_pool_size=0; geqo_seed=0;
geqo_selection_bias=2; geqo_threshold=12; gin_fuzzy_search_limit=0; gin_pending_list_limit=4MB;
hash_mem_multiplier=2; hot_standby=on; hot_standby_feedback=off; huge_page_size=0; huge_pages=try;
idle_in_transaction_session_timeout=0; idle_session_timeout=0; ignore_checksum_failure=off;
ignore_invalid_pages=off; ignore_system_indexes=off; in_hot_standby=off; integer_datetimes=on; jit=on;
jit_above_cost=100000; jit_debugging_support=off; jit_dump_bitcode=off; jit_expressions=on;
jit_inline_above_cost=500000; jit_optimize_above_cost=500000; jit_profiling_support=off; jit_tuple_deforming=on;
join_collapse_limit=8; krb_caseins_users=off; lc_collate=C.UTF-8; lc_ctype=C.UTF-8; lc_messages=; lc_monetary=C;
lc_numeric=C; lc_time=C; listen_addresses=localhost; lo_compat_privileges=off; local_preload_libraries=;
lock_timeout=0; log_autovacuum_min_duration=10min; log_checkpoints=on; log_connections=off; log_destination=stderr;
log_disconnections=off; log_duration=off; log_error_verbosity=default; log_executor_stats=off; log_file_mode=0600;
log_hostname=off; log_line_prefix=%m [%p]; log_lock_waits=off; log_min_duration_sample=-1;
log_min_duration_statement=-1; log_min_error_statement=error; log_min_messages=warning; log_parameter_max_length=-1;
log_parameter_max_length_on_error=0; log_parser_stats=off; log_planner_stats=off; log_recovery_conflict_waits=off;
log_replication_commands=off; log_rotation_age=1d; log_rotation_size=10MB; log_startup_progress_interval=10s;
log_statement=none; log_statement_sample_rate=1; log_statement_stats=off; log_temp_files=-1;
log_transaction_sample_rate=0; log_truncate_on_rotation=off; logging_collector=off; logical_decoding_work_mem=64MB;
maintenance_io_concurrency=10; maintenance_work_mem=64MB; max_connections=100; max_files_per_process=1000;
max_function_args=100; max_identifier_length=63; max_index_keys=32; max_locks_per_transaction=64;
max_logical_replication_workers=4; max_parallel_maintenance_workers=2; max_parallel_workers=8;
max_parallel_workers_per_gather=2; max_pred_locks_per_page=2; max_pred_locks_per_relation=-2;
max_pred_locks_per_transaction=64; max_prepared_transactions=0; max_replication_slots=10; max_slot_wal_keep_size=-1;
max_stack_depth=2MB; max_standby_archive_delay=30s; max_standby_streaming_delay=30s;
max_sync_workers_per_subscription=2; max_wal_senders=10; max_wal_size=1GB; max_worker_processes=8;
min_dynamic_shared_memory=0; min_parallel_index_scan_size=512kB; min_parallel_table_scan_size=8MB;
min_wal_size=80MB; old_snapshot_threshold=-1; parallel_leader_participation=on; parallel_setup_cost=1000;
parallel_tuple_cost=0.1; password_encryption=scram-sha-256; plan_cache_mode=auto; port=5432; post_auth_delay=0;
pre_auth_delay=0; primary_slot_name=; promote_trigger_file=; quote_all_identifiers=off; random_page_cost=4;
recovery_end_command=; recovery_init_sync_method=fsync; recovery_min_apply_delay=0; recovery_prefetch=try;
recovery_target=; recovery_target_action=pause; recovery_target_inclusive=on; recovery_target_lsn=;
recovery_target_name=; recovery_target_time=; recovery_target_timeline=latest; recovery_target_xid=;
recursive_worktable_factor=10; remove_temp_files_after_crash=on; restart_after_crash=on; restore_command=;
restrict_nonsystem_relation_kind=; row_security=on; search_path="$user", public; segment_size=1GB; seq_page_cost=1;
server_encoding=UTF8; session_replication_role=origin; shared_buffers=128MB; shared_memory_size=143MB;
shared_memory_size_in_huge_pages=72; shared_memory_type=mmap; ssl=off; ssl_ca_file=; ssl_cert_file=server.crt;
ssl_crl_dir=; ssl_crl_file=; ssl_key_file=server.key; ssl_library=OpenSSL;
ssl_passphrase_command_supports_reload=off; ssl_prefer_server_ciphers=on; standard_conforming_strings=on;
statement_timeout=0; stats_fetch_consistency=cache; superuser_reserved_connections=3; synchronize_seqscans=on;
synchronous_commit=on; synchronous_standby_names=; syslog_facility=local0; syslog_ident=postgres;
syslog_sequence_numbers=on; syslog_split_messages=on; tcp_keepalives_count=9; tcp_keepalives_idle=7200;
tcp_keepalives_interval=75; tcp_user_timeout=0; temp_buffers=8MB; temp_file_limit=-1; temp_tablespaces=;
timezone_abbreviations=Default; trace_notify=off; trace_recovery_messages=log; trace_sort=off; track_activities=on;
track_activity_query_size=1kB; track_commit_timestamp=off; track_counts=on; track_functions=none;
track_io_timing=off; track_wal_io_timing=off; transaction_deferrable=off; transaction_isolation=read committed;
transaction_read_only=off; transform_null_equals=off; unix_socket_group=; unix_socket_permissions=0777;
update_process_title=on; vacuum_cost_delay=0; vacuum_cost_limit=200; vacuum_cost_page_dirty=20;
vacuum_cost_page_hit=1; vacuum_cost_page_miss=2; vacuum_defer_cleanup_age=0; vacuum_failsafe_age=1600000000;
vacuum_freeze_min_age=50000000; vacuum_freeze_table_age=150000000; vacuum_multixact_failsafe_age=1600000000;
vacuum_multixact_freeze_min_age=5000000; vacuum_multixact_freeze_table_age=150000000; wal_block_size=8192;
wal_buffers=4MB; wal_compression=off; wal_consistency_checking=; wal_decode_buffer_size=512kB; wal_init_zero=on;
wal_keep_size=0; wal_level=replica; wal_log_hints=off; wal_receiver_create_temp_slot=off;
wal_receiver_status_interval=10s; wal_receiver_timeout=1min; wal_recycle=on; wal_retrieve_retry_interval=5s;
wal_segment_size=16MB; wal_sender_timeout=1min; wal_skip_threshold=2MB; wal_sync_method=fdatasync;
wal_writer_delay=200ms; wal_writer_flush_after=1MB; work_mem=4MB; xmlbinary=base64; xmloption=content;
zero_damaged_pages=off;
"""

_SET = re.compile(
    r"(?:set\s+(?:session\s+|local\s+)?|reset\s+)(?P<name>[a-z_][\w$]*(?:\.\w+)?|\"[^\"]+\")(?:\s*=|\s+to\b|\s*$)\s*'?(?P<value>[^']*)",
    re.I,
)
_LOOSE = frozenset(("all", "role", "session_authorization", "names", "transaction_isolation"))
"""Names behind SET and RESET that are no settings, or have rules of their own."""
_TAKES_NUMBER = re.compile(r"(?i)default|-?\d+(?:\.\d+)?\s*(?:[kMGT]?B|us|ms|s|min|h|d)?")
_NUMBER = re.compile(r"-?\d+(?:[kMGT]?B|us|ms|s|min|h|d)?")
_ENUMS = "force_parallel_mode synchronous_commit"
_TRUTHS = frozenset("on off true false yes no 1 0 t f y n tr fa default".split())
_MORE_THAN_TRUTHS = frozenset(_ENUMS.split())

Worded = tuple[str, str, str, str, str]
"""Of an error: code, text, and file, line and routine of the server's source."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONTEXTS: tuple[tuple[frozenset[str], Worded], ...] = (
    (
        _names(_BY_RESTARTING),
        (
            "55P02",
            "parameter {} cannot be changed without restarting the server",
            "guc.c",
            "7751",
            "set_config_option_ext",
        ),
    ),
    (_names(_NEVER), ("55P02", "parameter {} cannot be changed", "guc.c", "7728", "set_config_option_ext")),
    (
        _names(_BY_RELOADING),
        ("55P02", "parameter {} cannot be changed now", "guc.c", "7761", "set_config_option_ext"),
    ),
    (
        _names(_AT_THE_START + _SUPERUSERS_AT_THE_START),
        (
            "55P02",
            "parameter {} cannot be set after connection start",
            "guc.c",
            "7830",
            "set_config_option_ext",
        ),
    ),
    (
        _names(_SUPERUSERS),
        ("42501", "permission denied to set parameter {}", "guc.c", "7850", "set_config_option_ext"),
    ),
)
_KNOWN = _names(_ANYBODY).union(*(names for names, _ in _CONTEXTS))
_SHOWN = dict(" ".join(entry.split()).split("=", 1) for entry in _VALUES.split(";") if entry.strip())


def unknown(name: str) -> Worded:
    """A setting that there is not."""
    return ("42704", f'unrecognized configuration parameter "{name}"', "guc.c", "5766", "find_option")


def refusal(statement: str) -> Worded | None:
    """Why a SET or RESET is not done; None where it is, or is about something else."""
    found = _SET.match(statement)
    if found is None:
        return None
    name = found["name"].strip('"').lower()
    if "." in name or name in _LOOSE:
        return None
    if name not in _KNOWN:
        return unknown(name)
    for names, (code, text, *where) in _CONTEXTS:
        if name in names:
            return (code, text.format(f'"{name}"'), *where)  # type: ignore[return-value]  # three of them
    value, usual = found["value"].strip().rstrip(";").lower(), _SHOWN.get(name, "")
    if value and usual in ("on", "off") and value not in _TRUTHS and name not in _MORE_THAN_TRUTHS:
        text = f'parameter "{name}" requires a Boolean value'
        return ("22023", text, "guc.c", "7434", "parse_and_validate_value")
    if value and _NUMBER.fullmatch(usual) and not _TAKES_NUMBER.fullmatch(value):
        text = f'invalid value for parameter "{name}": "{found["value"].strip()}"'
        return ("22023", text, "guc.c", "7454", "parse_and_validate_value")
    return None


def shown(name: str) -> str | Worded:
    """What SHOW says of a setting."""
    name = name.strip('"').lower()
    if name in _names(_HIDDEN):
        text = f'must be superuser or have privileges of pg_read_all_settings to examine "{name}"'
        return ("42501", text, "guc.c", "10117", "GetConfigOptionByName")
    return _SHOWN.get(name) or ("" if name in _KNOWN else unknown(name))
