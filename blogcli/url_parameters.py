"""The parameters that the query of a PostgreSQL URL may contain."""

PARAMETER_ALIASES = {"database": "dbname", "hostaddr": "host", "ssl": "sslmode", "timeout": "connect_timeout"}
JDBC_SSL_MODES = {"true": "require", "false": "disable"}
CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": ("any", "primary", "standby", "prefer-standby", "read-write", "read-only"),
}
_PARSED_PARAMETERS = {"connect_timeout", "host", "port", "target_session_attrs"}
ASYNCPG_PARAMETERS = {
    "dbname", "gsslib", "krbsrvname", "passfile", "password", "service", "ssl_max_protocol_version",
    "ssl_min_protocol_version", "sslcert", "sslcrl", "sslkey", "sslmode", "sslnegotiation", "sslpassword",
    "sslrootcert", "user",
}  # fmt: skip
# Parameters that libpq, connection poolers and other drivers support, but asyncpg does not. They are ignored, because
# they would be sent as settings, and the server would refuse them. The parameters for PgBouncer are not needed, because
# no transaction relies on the server connection of a previous transaction.
_IGNORED_PARAMETERS = {
    "channel_binding", "client_encoding", "connection_limit", "fallback_application_name", "gssdelegation",
    "gssencmode", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts",
    "max_protocol_version", "min_protocol_version", "pgbouncer", "pool_timeout", "prepared_statement_cache_size",
    "replication", "sslcertmode", "sslcompression", "sslsni", "statement_cache_size", "tcp_user_timeout",
}  # fmt: skip
# All other parameters are sent to the server as settings of the session.
NO_SERVER_SETTINGS = _PARSED_PARAMETERS | ASYNCPG_PARAMETERS | _IGNORED_PARAMETERS
