"""Parse paths of SQLite files, and database URLs in the formats of SQLAlchemy, libpq and hosting providers."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from itertools import product
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, unquote, unquote_to_bytes, urlencode

from . import url_parameters
from .errors import ConfigurationError, mask_url

_EXAMPLES = "Use for example sqlite:///blog.db or postgresql://user@host/blog."
_ENCODE = "Write special characters inside a part as %XX: @ is %40, : is %3A, / is %2F, ? is %3F, & is %26."
_LOST_AT_EXIT = "A database in memory is lost when the command ends"
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_PARTS = re.compile(r"(?P<authority>[^/?]*)(?:/(?P<path>[^?]*))?(?:\?(?P<query>.*))?", re.DOTALL)
# Matches the start of a text that is certainly a path and not a URL.
_EXPLICIT_PATH = re.compile(r"\.{1,2}/|/(?!/|[^/]*:[^/]*@)|~[^/:@]*(?:/|$)")
# Matches the start of a mistyped URL or of a libpq connection string, neither of which must be used as a file name.
_NOT_A_PATH = re.compile(
    r"(?:sqlite|postgres|file)[\w+]*:|(?:host|hostaddr|port|dbname|user|service|ssl\w+|options)\s*=|.*passw(?:or)?d\s*=|.*://",
    re.IGNORECASE | re.DOTALL,
)
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_SECONDS = re.compile(r"-?[0-9]{1,8}(?:\.[0-9]*)?")

_SQLITE_SCHEMES = {"sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"}
_POSTGRES_SCHEMES = {"postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg", "postgresql+psycopg2"}


@dataclass(frozen=True, slots=True)
class SqliteUrl:
    """A parsed SQLite URL or path, which contains the absolute path of the database file."""

    path: Path

    @property
    def masked(self) -> str:
        """The path, which represents the database in messages."""
        return str(self.path)

    def __str__(self) -> str:
        return self.masked


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """The parameters with which asyncpg connects to a PostgreSQL database."""

    # The text that represents the database in messages: the typed URL, with *** instead of each password.
    masked: str
    # One libpq URI for each host, in the order in which the hosts are tried. asyncpg applies its timeout to all hosts
    # of a URI together, so a host that does not answer would leave no time for the next host in the same URI. asyncpg
    # itself reads PGHOST, PGPASSWORD, .pgpass and the service file.
    dsns: tuple[str, ...] = field(repr=False)
    server_settings: dict[str, str] = field(repr=False, hash=False)
    # The maximum time in seconds for connecting to each host, or None for no limit.
    connect_timeout: float | None
    # The URIs of the hosts for a transaction that writes. If the URL contains several hosts and does not request other
    # attributes, only a host that accepts writes is used.
    write_dsns: tuple[str, ...] = field(repr=False)
    # Whether the URL contains sslrootcert=system, which selects the certificates of the operating system. asyncpg does
    # not accept `system` as a value of sslrootcert, but has another parameter for the same purpose.
    system_certificates: bool = False

    def __str__(self) -> str:
        return self.masked

    def sets(self, setting: str) -> bool:
        """Return whether the URL sets a setting of the server, such as `lock_timeout`."""
        return setting in self.server_settings or setting in self.server_settings.get("options", "")


DatabaseUrl: TypeAlias = SqliteUrl | PostgresUrl


def parse_database_url(text: str, *, connect_timeout: float = 10) -> DatabaseUrl:
    """Parse a database URL or the path of a SQLite file.

    `connect_timeout` is the number of seconds that is used if the URL contains no timeout, and 0 means no limit.
    Raises ConfigurationError for any other text. The message of the error contains no part of a password.
    """
    try:
        return _parse(text, connect_timeout)
    except UnicodeEncodeError:
        raise ConfigurationError("The database URL is not valid UTF-8", hint=_EXAMPLES) from None


def _parse(text: str, connect_timeout: float) -> DatabaseUrl:
    if not text.strip():
        raise ConfigurationError("The database URL is empty", hint=_EXAMPLES)
    url = _URL.fullmatch(text.strip())
    if "\0" in text or (url and "%00" in url["rest"]):
        raise ConfigurationError("The database URL contains a null character", hint=_EXAMPLES)
    if url is None:
        return _bare_path(text)
    scheme = url["scheme"].lower()
    if scheme in _SQLITE_SCHEMES:
        return _sqlite(url["rest"])
    if scheme in _POSTGRES_SCHEMES:
        return _postgres(scheme, url["rest"], connect_timeout)
    raise ConfigurationError(f"Unsupported database: {scheme}", hint=_EXAMPLES)


def _bare_path(text: str) -> SqliteUrl:
    if text.strip() == ":memory:":
        raise ConfigurationError(_LOST_AT_EXIT, hint=_EXAMPLES)
    login, at, _ = text.rpartition("@")
    if not _EXPLICIT_PATH.match(text.strip()) and (_NOT_A_PATH.match(text.strip()) or (at and ":" in login)):
        hint = f"{_EXAMPLES} Write ./ before the name of a file."
        raise ConfigurationError("The database URL has an unknown format", hint=hint)
    return _file(text)


def _sqlite(rest: str) -> SqliteUrl:
    location, question_mark, _ = rest.partition("?")
    if location in {"", "/", "/:memory:"}:
        raise ConfigurationError(_LOST_AT_EXIT, hint=_EXAMPLES)
    if not location.startswith("/"):
        raise ConfigurationError("A SQLite URL must have three slashes before the path", hint=_EXAMPLES)
    if question_mark:
        hint = "Remove the ? and the text after it, or write %3F if it is part of the name."
        raise ConfigurationError("Options in a SQLite URL are not supported", hint=hint)
    return _file(os.fsdecode(unquote_to_bytes(os.fsencode(location[1:]))))


def _file(name: str) -> SqliteUrl:
    os.fsencode(name)
    try:
        return SqliteUrl(Path(name).expanduser().absolute())
    except (RuntimeError, OSError):
        # The user whose name follows ~ does not exist, or the working directory was removed.
        raise ConfigurationError(f"Cannot resolve the path {mask_url(name)}", hint="Use an absolute path.") from None


def _postgres(scheme: str, rest: str, connect_timeout: float) -> PostgresUrl:
    authority, path, query = _split(rest)
    login, _, netloc = authority.rpartition("@")
    user, _, password = login.partition(":")
    items = [("user", unquote(user)), ("password", unquote(password)), ("dbname", unquote(path)), *_items(query)]
    given = {name: value for name, value in items if value}
    hosts = [host for name, value in items if name == "host" and value for host in value.split(",")]
    names = hosts or [unquote(host) for host in netloc.split(",")]
    addresses = list(_addresses(names, given.get("port", "").split(",")))
    settings = sorted(given.keys() - url_parameters.NO_SERVER_SETTINGS)
    return PostgresUrl(
        masked=f"{scheme}://{_masked(rest, authority)}",
        dsns=tuple(_dsns(addresses, given)),
        server_settings={"application_name": "blogcli"} | {name: given[name] for name in settings},
        connect_timeout=_timeout(given["connect_timeout"]) if "connect_timeout" in given else connect_timeout or None,
        write_dsns=tuple(_dsns(addresses, given | _select_writable(addresses, given))),
        system_certificates=given.get("sslrootcert") == "system",
    )


def _split(rest: str) -> tuple[str, str, str]:
    authority, path, query = _PARTS.fullmatch(rest).groups("")  # type: ignore[union-attr]  # the pattern matches every text
    if ":" in authority and "@" in path + query:
        # If a password contains an unescaped / or ?, the rest of the password would be parsed as the path or query, and
        # messages would show the rest. So such a URL is refused.
        raise ConfigurationError("The database URL has an @ after its host", hint=_ENCODE)
    return authority, path, query


def _items(query: str) -> Iterator[tuple[str, str]]:
    for item in filter(None, query.split("&")):
        # `parse_qsl` is not used, because it decodes + as a space. libpq does not decode +.
        name, equals, value = map(unquote, item.partition("="))
        if not name or not equals:
            raise ConfigurationError(
                "A parameter of the database URL does not have the format name=value", hint=_ENCODE
            )
        if name == "ssl":
            value = url_parameters.JDBC_SSL_MODES.get(value, value)
        name = url_parameters.PARAMETER_ALIASES.get(name, name)
        if name in url_parameters.CHOICES and value not in ("", *url_parameters.CHOICES[name]):
            raise ConfigurationError(
                f"Unknown {name} in the database URL", hint=f"Use {', '.join(url_parameters.CHOICES[name])}."
            )
        yield name, value


def _masked(rest: str, authority: str) -> str:
    login, at, netloc = authority.rpartition("@")
    user, colon, _ = login.partition(":")
    path, question_mark, query = rest.removeprefix(authority).partition("?")
    items = (item.partition("=") for item in query.split("&"))
    shown = (name + equals + ("***" if "passw" in unquote(name).lower() else value) for name, equals, value in items)
    return f"{user}{colon and ':***'}{at}{netloc}{path}{question_mark}{'&'.join(shown)}"


def _timeout(text: str) -> float | None:
    if not _SECONDS.fullmatch(text):
        raise ConfigurationError("connect_timeout in the database URL is not a number of seconds")
    # As in libpq, the timeout is unlimited if its value is zero or negative.
    return float(text) if float(text) > 0 else None


def _addresses(hosts: Sequence[str], ports: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(ports) not in {1, len(hosts)}:
        raise ConfigurationError(f"The database URL has {len(ports)} ports for {len(hosts)} hosts", hint=_EXAMPLES)
    for text, shared in zip(hosts, [*ports] * len(hosts), strict=False):
        host, own = _host_and_port(text)
        port = own or shared
        if len(hosts) > 1 and not host:
            raise ConfigurationError("A host in the database URL is empty", hint=_ENCODE)
        if port and not (_PORT.fullmatch(port) and int(port) < 65536):
            raise ConfigurationError("A port in the database URL is not a number from 1 to 65535", hint=_ENCODE)
        yield host, port


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("/") or text.count(":") < 2:
        host, colon, port = text.rpartition(":")
        return (host, port) if colon else (text, "")
    host, _, port = text.removeprefix("[").partition("]")
    try:
        return str(IPv6Address(host)), port.removeprefix(":")
    except ValueError:
        raise ConfigurationError("A host in the database URL has too many colons", hint=_ENCODE) from None


def _select_writable(addresses: Sequence[object], given: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that select the host that accepts writes, if there are several hosts to choose from."""
    has_choice = given.get("target_session_attrs", "any") in {"any", "prefer-standby"}
    return {"target_session_attrs": "read-write"} if len(addresses) > 1 and has_choice else {}


def _dsns(addresses: Iterable[tuple[str, str]], given: Mapping[str, str]) -> Iterator[str]:
    parameters = {name: given[name] for name in sorted(given.keys() & url_parameters.ASYNCPG_PARAMETERS)}
    if given.get("sslrootcert") == "system":
        del parameters["sslrootcert"]
    if service := os.environ.get("PGSERVICE"):
        # asyncpg 0.32 reads the variable PGSERVICE too late, so the service is passed as a parameter.
        parameters.setdefault("service", service)
    wanted = given.get("target_session_attrs")
    # Each host has a separate URI, so asyncpg cannot prefer a standby among all hosts. Therefore the hosts are tried
    # twice: first only standbys are accepted, and then any server.
    rounds = ("standby", "any") if wanted == "prefer-standby" else (wanted,)
    for attributes, (host, port) in product(rounds, addresses):
        name = f"[{quote(host, safe=':')}]" if ":" in host else quote(host, safe="")
        rest = {"target_session_attrs": attributes, "port": "" if host else port}
        query = urlencode(parameters | {key: value for key, value in rest.items() if value}, quote_via=quote)
        yield f"postgresql://{name}{f':{port}' if host and port else ''}?{query}"
