# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of PostgreSQL as RDS lists them, a realistic part of some four hundred."""

ON_OFF = "0,1"
# Name: (data type, whether it needs a restart, allowed values, default, who sets it)
PARAMETERS = {
    "application_name": ("string", False, "", None, "engine-default"),
    "autovacuum": ("boolean", False, ON_OFF, "1", "system"),
    "autovacuum_analyze_scale_factor": ("float", False, "0-100", "0.05", "system"),
    "autovacuum_max_workers": (
        "integer", True, "1-262143", "GREATEST({DBInstanceClassMemory/64371566592},3)", "system",
    ),
    "autovacuum_naptime": ("integer", False, "1-2147483", "15", "system"),
    "autovacuum_vacuum_cost_limit": (
        "integer", False, "-1-10000", "GREATEST({log(DBInstanceClassMemory/21474836480)*600},200)", "system",
    ),
    "autovacuum_vacuum_scale_factor": ("float", False, "0-100", "0.1", "system"),
    "checkpoint_completion_target": ("float", False, "0-1", "0.9", "engine-default"),
    "checkpoint_timeout": ("integer", False, "30-3600", None, "engine-default"),
    "client_encoding": ("string", False, "", None, "engine-default"),
    "client_min_messages": (
        "string", False, "debug5,debug4,debug3,debug2,debug1,log,notice,warning,error", None, "engine-default",
    ),
    "cron.database_name": ("string", True, "", None, "engine-default"),
    "deadlock_timeout": ("integer", False, "1-2147483647", None, "engine-default"),
    "default_statistics_target": ("integer", False, "1-10000", None, "engine-default"),
    "effective_cache_size": ("integer", False, "1-2147483647", "{DBInstanceClassMemory/16384}", "system"),
    "effective_io_concurrency": ("integer", False, "0-1000", None, "engine-default"),
    "hot_standby_feedback": ("boolean", False, ON_OFF, None, "engine-default"),
    "idle_in_transaction_session_timeout": ("integer", False, "0-2147483647", "86400000", "system"),
    "lock_timeout": ("integer", False, "0-2147483647", None, "engine-default"),
    "log_autovacuum_min_duration": ("integer", False, "-1-2147483647", "10000", "system"),
    "log_checkpoints": ("boolean", False, ON_OFF, "1", "system"),
    "log_connections": ("boolean", False, ON_OFF, None, "engine-default"),
    "log_disconnections": ("boolean", False, ON_OFF, None, "engine-default"),
    "log_duration": ("boolean", False, ON_OFF, None, "engine-default"),
    "log_error_verbosity": ("string", False, "terse,default,verbose", None, "engine-default"),
    "log_lock_waits": ("boolean", False, ON_OFF, None, "engine-default"),
    "log_min_duration_statement": ("integer", False, "-1-2147483647", None, "engine-default"),
    "log_min_error_statement": (
        "string", False, "debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic", None,
        "engine-default",
    ),
    "log_rotation_age": ("integer", False, "1-1440", "60", "system"),
    "log_statement": ("string", False, "none,ddl,mod,all", None, "engine-default"),
    "log_temp_files": ("integer", False, "-1-2147483647", None, "engine-default"),
    "maintenance_work_mem": (
        "integer", False, "1024-2147483647", "GREATEST({DBInstanceClassMemory*1024/63963136},65536)", "system",
    ),
    "max_connections": ("integer", True, "6-262143", "LEAST({DBInstanceClassMemory/9531392},5000)", "system"),
    "max_locks_per_transaction": ("integer", True, "10-2147483647", "64", "engine-default"),
    "max_parallel_workers": ("integer", False, "0-1024", "GREATEST(${DBInstanceVCPU/2},8)", "system"),
    "max_replication_slots": ("integer", True, "0-8388607", "20", "system"),
    "max_wal_senders": ("integer", True, "0-8388607", "35", "system"),
    "max_wal_size": ("integer", False, "128-201326592", "2048", "system"),
    "max_worker_processes": ("integer", True, "0-262143", "GREATEST(${DBInstanceVCPU*2},8)", "system"),
    "password_encryption": ("string", False, "md5,scram-sha-256", None, "engine-default"),
    "pg_stat_statements.max": ("integer", True, "100-2147483647", None, "engine-default"),
    "pg_stat_statements.track": ("string", False, "none,top,all", None, "engine-default"),
    "pgaudit.log": (
        "list", False, "none,all,ddl,function,misc,read,role,write,-ddl,-function,-misc,-read,-role,-write", None,
        "engine-default",
    ),
    "pgaudit.role": ("string", False, "rds_pgaudit", None, "engine-default"),
    "random_page_cost": ("float", False, "0-1.79769e+308", None, "engine-default"),
    "rds.force_admin_logging_level": (
        "string", False, "disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic",
        None, "system",
    ),
    "rds.force_autovacuum_logging_level": (
        "string", False, "disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic",
        "warning", "system",
    ),
    "rds.force_ssl": ("boolean", False, ON_OFF, "0", "system"),
    "rds.log_retention_period": ("integer", False, "1440-10080", "4320", "system"),
    "rds.logical_replication": ("boolean", True, ON_OFF, "0", "system"),
    "rds.restrict_password_commands": ("boolean", True, ON_OFF, None, "system"),
    "search_path": ("string", False, "", None, "engine-default"),
    "shared_buffers": ("integer", True, "16-1073741823", "{DBInstanceClassMemory/32768}", "system"),
    "shared_preload_libraries": (
        "list", True,
        "auto_explain,orafce,pgaudit,pglogical,pg_bigm,pg_cron,pg_hint_plan,pg_prewarm,pg_similarity,"
        "pg_stat_statements,pg_tle,pg_transport,plprofiler,plrust",
        "pg_stat_statements", "system",
    ),
    "ssl_max_protocol_version": ("string", False, "TLSv1.2,TLSv1.3", None, "engine-default"),
    "ssl_min_protocol_version": ("string", False, "TLSv1.2,TLSv1.3", "TLSv1.2", "engine-default"),
    "statement_timeout": ("integer", False, "0-2147483647", None, "engine-default"),
    "synchronous_commit": ("string", False, "local,remote_write,on,off,remote_apply", "on", "engine-default"),
    "temp_buffers": ("integer", False, "100-1073741823", None, "engine-default"),
    "timezone": ("string", False, "Africa/Cairo,America/New_York,Asia/Tokyo,Europe/Berlin,GMT,UTC", "UTC", "system"),
    "track_activity_query_size": ("integer", True, "100-1048576", "4096", "system"),
    "track_functions": ("string", False, "none,pl,all", None, "engine-default"),
    "track_io_timing": ("boolean", False, ON_OFF, "1", "system"),
    "wal_buffers": ("integer", True, "-1-262143", None, "engine-default"),
    "work_mem": ("integer", False, "64-2147483647", None, "engine-default"),
}  # fmt: skip
FIXED = {
    "archive_command": ("string", False, "", "/etc/rds/dbbin/pgscripts/rds_wal_archive %p", "system"),
    "archive_timeout": ("integer", False, "", "300", "system"),
    "fsync": ("boolean", False, ON_OFF, "1", "system"),
    "listen_addresses": ("string", True, "", "*", "system"),
    "log_directory": ("string", False, "", "/rdsdbdata/log/error", "system"),
    "log_line_prefix": ("string", False, "", "%t:%r:%u@%d:[%p]:", "system"),
    "port": ("integer", True, "1150-65535", "{EndPointPort}", "system"),
    "rds.extensions": ("string", True, "", "pgcrypto, pg_stat_statements, uuid-ossp", "system"),
    "ssl": ("boolean", False, ON_OFF, "1", "system"),
}
SSL_SINCE = 15  # from this major version on, connections without TLS are refused


def defaults(major):
    """{name: description} of the parameters of a major version, as DescribeDBParameters shows them."""
    found = {name: _view(name, row, True) for name, row in PARAMETERS.items()}
    found |= {name: _view(name, row, False) for name, row in FIXED.items()}
    found["rds.force_ssl"]["ParameterValue"] = "1" if major >= SSL_SINCE else "0"
    return dict(sorted(found.items()))


def _view(name, row, modifiable):
    kind, static, allowed, value, source = row
    view = {
        "ParameterName": name,
        "Description": f"Sets {name}.",
        "Source": source,
        "ApplyType": "static" if static else "dynamic",
        "DataType": kind,
        "IsModifiable": modifiable,
        "ApplyMethod": "pending-reboot",
    }
    return view | ({"AllowedValues": allowed} if allowed else {}) | ({} if value is None else {"ParameterValue": value})
