"""Tests of parsing database URLs and of masking the passwords in URLs."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from asyncpg import connect_utils
from hypothesis import example, given
from hypothesis import strategies as st

from blogcli.errors import ConfigurationError, ExitCode, mask_secrets, mask_url
from blogcli.urls import PostgresUrl, SqliteUrl, parse_database_url

SECRET = "q7Zt"  # noqa: S105 - a password that no message may contain
NO_ARGUMENTS: dict[str, None] = dict.fromkeys(
    (
        *("host", "port", "user", "password", "passfile", "database", "ssl", "service", "servicefile", "direct_tls"),
        *("server_settings", "target_session_attrs", "krbsrvname", "gsslib"),
    )
)
ANY_TEXT = st.text(st.characters(), max_size=40)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)


def postgres(text: str) -> PostgresUrl:
    url = parse_database_url(text)
    assert isinstance(url, PostgresUrl)
    return url


def sqlite(text: str) -> Path:
    url = parse_database_url(text)
    assert isinstance(url, SqliteUrl)
    return url.path


def error_of(text: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        parse_database_url(text)
    assert caught.value.exit_code is ExitCode.CONFIGURATION
    return caught.value


def parsed_by_asyncpg(dsn: str) -> tuple[list[Any], Any]:
    """Return the addresses and the connection parameters that asyncpg parses from `dsn`."""
    return connect_utils._parse_connect_dsn_and_args(dsn=dsn, **NO_ARGUMENTS)  # type: ignore[no-any-return]  # noqa: SLF001 - the parser of asyncpg


def address_and_parameters(text: str) -> tuple[Any, Any]:
    """Return the address and the connection parameters that asyncpg parses from a database URL with a single host."""
    (dsn,) = postgres(text).dsns
    (address, *_), parameters = parsed_by_asyncpg(dsn)
    assert not parameters.server_settings
    return address, parameters


# Tests of SQLite URLs and paths.


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite:///blog.db", "{cwd}/blog.db"),
        ("sqlite:///data/blog.db", "{cwd}/data/blog.db"),
        ("sqlite:////abs/blog.db", "/abs/blog.db"),
        ("SQLite+aiosqlite:////abs/blog.db", "/abs/blog.db"),
        ("sqlite+pysqlite:////abs/blog.db", "/abs/blog.db"),
        ("  sqlite:////abs/blog.db\n", "/abs/blog.db"),
        ("sqlite:///~/blog.db", "{home}/blog.db"),
        ("sqlite:////abs/my%20blog%3F%23.db", "/abs/my blog?#.db"),
        ("sqlite:////abs/100%.db", "/abs/100%.db"),
        ("sqlite:////abs/bl%C3%B6g.db", "/abs/blög.db"),
        ("sqlite:////abs/bl%F6g.db", "/abs/bl\udcf6g.db"),
        ("sqlite:////abs/a#b.db", "/abs/a#b.db"),
        ("sqlite:///C:/blog.db", "{cwd}/C:/blog.db"),
        ("blog.db", "{cwd}/blog.db"),
        ("./blog.db", "{cwd}/blog.db"),
        ("../blog.db", "{cwd}/../blog.db"),
        ("/abs/blog.db", "/abs/blog.db"),
        ("~/blog.db", "{home}/blog.db"),
        ("my blog.db", "{cwd}/my blog.db"),
        ("a%20b?c#d&e.db", "{cwd}/a%20b?c#d&e.db"),
        ("блог/ブログ.db", "{cwd}/блог/ブログ.db"),
        ("My: notes.db", "{cwd}/My: notes.db"),
        ("bl\udcf6g.db", "{cwd}/bl\udcf6g.db"),
        ("./sqlite:blog.db", "{cwd}/sqlite:blog.db"),
        ("/abs/postgresql://x", "/abs/postgresql:/x"),
        ("postgres.db", "{cwd}/postgres.db"),
        ("service", "{cwd}/service"),
    ],
)
def test_parse_sqlite_urls(text: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    assert str(sqlite(text)) == path.format(cwd=tmp_path, home="/home/ada")


def test_sqlite_url_is_parsed_from_its_text() -> None:
    url = parse_database_url("sqlite:////abs/my%20blog.db")
    assert str(url) == url.masked == "/abs/my blog.db"
    assert parse_database_url(str(url)) == url


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1))
def test_parse_path_literally(name: str) -> None:
    assert sqlite(f"/abs/{name}") == Path("/abs") / name


@pytest.mark.parametrize(
    "text",
    [":memory:", " :memory: ", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///:memory:?cache=shared"],
)
def test_parse_refuses_database_in_memory(text: str) -> None:
    assert "in memory" in error_of(text).message


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_parse_refuses_empty_url(text: str) -> None:
    assert error_of(text).message == "The database URL is empty"


@pytest.mark.parametrize(
    "text",
    [
        "sqlite://blog.db",
        "sqlite://localhost/blog.db",
        "sqlite:////abs/blog.db?mode=ro",
        "sqlite:blog.db",
        "sqlite:/blog.db",
        "sqlite+aiosqlite:blog.db",
        "file:blog.db?mode=ro",
        "postgresql:/user@host/blog",
        "postgres:blog",
        "host=localhost dbname=blog password=q7Zt",
        "  service = blog",
        "/abs/a\0b",
        "sqlite:////abs/a%00b",
        "postgresql://h/blog?application_name=a%00b",
        "~no-such-user-anywhere/blog.db",
        "/abs/\ud800.db",
        "sqlite:////abs/\ud800.db",
        "postgresql://h/\ud800",
    ],
)
def test_parse_refuses_unclear_text(text: str) -> None:
    error = error_of(text)
    assert error.hint
    assert SECRET not in error.message + error.hint


SLIPS = [
    "ada:{}@host:5432/blog",
    "ada:{}@host/blog",
    ":{}@host/blog",
    "ada:{}:more@host",
    "ada:p@ss {} word@host/blog",
    "//ada:{}@host/blog",
    "///ada:{}@host/blog",
    "/ada:{}@host/blog",
    "~ada:{}@host/blog",
    "postgresql//ada:{}@host/blog",
    "postgresql:ada:{}@host/blog",
    "postgresql:/ada:{}@host/blog",
    "postgresql:\n//ada:{}@host/blog",
    "jdbc:postgresql://host/blog?user=ada&password={}",
    "'postgresql://ada:{}@host/blog'",
    "['postgresql://ada:{}@host/blog']",
    "DATABASE_URL=postgresql://ada:{}@host/blog",
    "host=localhost password={}",
    "sslmode=require user=ada password='{} word'",
    'dbname = blog password = "{}"',
    "PGPASSWORD={} psql",
    "connect_timeout=3 passwd={}",
]


@pytest.mark.parametrize("slip", SLIPS)
def test_parse_refuses_mistyped_url(slip: str) -> None:
    text = slip.format(SECRET)
    error = error_of(text)
    assert SECRET not in f"{error.message} {error.hint}"
    assert SECRET not in mask_url(text)
    if "word@" not in text:
        assert SECRET not in mask_secrets(f"before {text} after")


@pytest.mark.parametrize(
    "name", ["./ada:pw@host.db", "../a:b@c", "~/a:b@c", "/srv/ada:pw@host/blog.db", "a@b:c", "10:30.db"]
)
def test_parse_explicit_path_with_any_character(name: str) -> None:
    assert sqlite(name).name == Path(name).name


@pytest.mark.parametrize(
    "scheme", ["mysql", "mysql+asyncmy", "mongodb+srv", "https", "redis", "sqlite3", "postgresql+pg8000"]
)
def test_parse_refuses_unknown_database(scheme: str) -> None:
    error = error_of(f"{scheme}://user:{SECRET}@host/blog")
    assert error.message == f"Unsupported database: {scheme}"
    assert "sqlite:///blog.db" in (error.hint or "")
    assert "postgresql://user@host/blog" in (error.hint or "")


def test_parse_without_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert error_of("blog.db").hint == "Use an absolute path."


# Tests of PostgreSQL URLs: the values that asyncpg parses.


@pytest.mark.parametrize(
    "scheme",
    ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg", "postgresql+psycopg2", "PostgreSQL"],
)
def test_parse_postgresql_schemes(scheme: str) -> None:
    address, parameters = address_and_parameters(f"{scheme}://ada:pw@db.example:5433/blog")
    assert address == ("db.example", 5433)
    assert (parameters.user, parameters.password, parameters.database) == ("ada", "pw", "blog")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("postgresql://h/blog", ("h", 5432)),
        ("postgresql://h:/blog", ("h", 5432)),
        ("postgresql://h?dbname=blog", ("h", 5432)),
        ("postgresql://h/?database=blog", ("h", 5432)),
        ("postgresql:///blog?host=h&port=5433", ("h", 5433)),
        ("postgresql:///blog?host=h:5433", ("h", 5433)),
        ("postgresql:///blog?hostaddr=10.0.0.1", ("10.0.0.1", 5432)),
        ("postgresql://other:1/blog?host=h:5433", ("h", 5433)),
        ("postgresql://[::1]/blog", ("::1", 5432)),
        ("postgresql://u:p@[2001:db8::1]:5433/blog", ("2001:db8::1", 5433)),
        ("postgresql://[fe80::1%25eth0]/blog", ("fe80::1%eth0", 5432)),
        ("postgresql:///blog?host=::1&port=5433", ("::1", 5433)),
        ("postgresql:///blog?host=/var/run/postgresql", "/var/run/postgresql/.s.PGSQL.5432"),
        ("postgresql:///blog?host=/run/my%20db&port=5433", "/run/my db/.s.PGSQL.5433"),
        ("postgresql://%2Fvar%2Frun%2Fpostgresql/blog", "/var/run/postgresql/.s.PGSQL.5432"),
        ("postgresql://u@%2Ftmp:5433/blog", "/tmp/.s.PGSQL.5433"),  # noqa: S108 - PostgreSQL usually has its sockets in this folder
        ("postgresql://b%C3%BCcher.example/blog", ("bücher.example", 5432)),
        ("postgresql://bücher.example/blog", ("bücher.example", 5432)),
    ],
)
def test_parse_hosts_and_ports(text: str, address: Any) -> None:
    parsed_address, parameters = address_and_parameters(text)
    assert parsed_address == address
    assert parameters.database == "blog"


@pytest.mark.parametrize(
    ("text", "user", "password", "database"),
    [
        ("postgresql://a%40b:p%40%3A%2F%3F%23%25w@h/b%20l%2Fog", "a@b", "p@:/?#%w", "b l/og"),
        ("postgresql://ada@azure:p#w@h/blog", "ada@azure", "p#w", "blog"),
        ("postgresql://ada:p@w@h/blog", "ada", "p@w", "blog"),
        ("postgresql://ada:a:b@h/blog", "ada", "a:b", "blog"),
        ("postgresql://ada:100%@h/blog", "ada", "100%", "blog"),
        ("postgresql://ada:a+b@h/blog", "ada", "a+b", "blog"),
        ("postgresql://h/blog?user=ada&password=a+b%26%3D", "ada", "a+b&=", "blog"),
        ("postgresql://ada:пароль@h/блог", "ada", "пароль", "блог"),
        ("postgresql://system:system@h/system", "system", "system", "system"),
        ("postgresql://x:y@h/z?user=ada&password=pw&dbname=blog", "ada", "pw", "blog"),
    ],
)
def test_parse_decodes_names_and_passwords(text: str, user: str, password: str, database: str) -> None:
    _, parameters = address_and_parameters(text)
    assert (parameters.user, parameters.password, parameters.database) == (user, password, database)


@given(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)] * 3)
def test_parse_decodes_any_quoted_name_and_password(user: str, password: str, database: str) -> None:
    quoted = [connect_utils.urllib.parse.quote(text, safe="") for text in (user, password, database)]
    _, parameters = address_and_parameters("postgresql://{}:{}@h/{}".format(*quoted))
    assert (parameters.user, parameters.password, parameters.database) == (user, password, database)


def test_environment_completes_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passfile = tmp_path / "pgpass"
    passfile.write_text("h:5433:blog:ada:from-pgpass\n")
    passfile.chmod(0o600)
    for name, value in {"PGHOST": "h", "PGPORT": "5433", "PGUSER": "ada", "PGDATABASE": "blog"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGPASSFILE", str(passfile))
    address, parameters = address_and_parameters("postgresql://")
    assert address == ("h", 5433)
    assert (parameters.user, parameters.password, parameters.database) == ("ada", "from-pgpass", "blog")
    monkeypatch.setenv("PGPASSWORD", "from-environment")
    assert address_and_parameters("postgresql://")[1].password == "from-environment"  # noqa: S105 - the test does not use a real password
    assert address_and_parameters("postgresql://?port=5434")[0] == ("h", 5434)


@pytest.mark.parametrize("text", ["postgresql://?service=blog", "postgresql://?sslmode=disable"])
def test_service_comes_from_file(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = tmp_path / "services"
    services.write_text("[blog]\nhost=db.example\nport=5433\nuser=ada\ndbname=articles\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGSERVICE", "blog")
    address, parameters = address_and_parameters(text)
    assert address == ("db.example", 5433)
    assert (parameters.user, parameters.database) == ("ada", "articles")


def test_service_of_url_overrides_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSERVICE", "other")
    assert "service=blog" in postgres("postgresql://?service=blog").dsns[0]


@pytest.mark.parametrize(
    ("query", "mode"),
    [
        ("", "prefer"),
        ("?sslmode=disable", "disable"),
        ("?sslmode=require", "require"),
        ("?ssl=require", "require"),
        ("?ssl=true", "require"),
        ("?ssl=false", "disable"),
        ("?sslmode=", "prefer"),
    ],
)
def test_parse_sslmode(query: str, mode: str) -> None:
    assert address_and_parameters(f"postgresql://h/blog{query}")[1].sslmode.name == mode


def test_parse_system_certificates() -> None:
    url = postgres("postgresql://h/blog?sslmode=verify-full&sslrootcert=system")
    assert url.system_certificates
    assert "sslrootcert" not in url.dsns[0]
    assert not postgres("postgresql://h/blog?sslmode=require").system_certificates


# Tests of PostgreSQL URLs with several hosts.


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada@h1:5432,h2:5433/blog",
        "postgresql://ada@h1,h2:5433/blog",
        "postgresql://ada@/blog?host=h1:5432&host=h2:5433",
        "postgresql://ada@/blog?host=h1,h2&port=5432,5433",
        "postgresql://ada@h1,h2/blog?port=5432,5433",
    ],
)
def test_several_hosts_have_separate_dsns(text: str) -> None:
    url = postgres(text)
    assert [parsed_by_asyncpg(dsn)[0] for dsn in url.dsns] == [[("h1", 5432)], [("h2", 5433)]]
    assert {parsed_by_asyncpg(dsn)[1].user for dsn in url.dsns} == {"ada"}


def test_one_port_applies_to_all_hosts() -> None:
    url = postgres("postgresql:///blog?host=h1,/run/pg,[::1]&port=6000")
    assert [parsed_by_asyncpg(dsn)[0][0] for dsn in url.dsns] == [("h1", 6000), "/run/pg/.s.PGSQL.6000", ("::1", 6000)]


@pytest.mark.parametrize("attribute", ["any", "primary", "standby", "read-write", "read-only"])
def test_target_session_attrs_apply_to_each_host(attribute: str) -> None:
    url = postgres(f"postgresql://h1,h2/blog?target_session_attrs={attribute}")
    assert [parsed_by_asyncpg(dsn)[1].target_session_attrs.value for dsn in url.dsns] == [attribute, attribute]


def test_prefer_standby_tries_all_hosts_first() -> None:
    url = postgres("postgresql://h1,h2/blog?target_session_attrs=prefer-standby")
    attempts = [
        (parsed_by_asyncpg(dsn)[0][0][0], parsed_by_asyncpg(dsn)[1].target_session_attrs.value) for dsn in url.dsns
    ]
    assert attempts == [("h1", "standby"), ("h2", "standby"), ("h1", "any"), ("h2", "any")]


def test_target_session_attrs_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGTARGETSESSIONATTRS", "read-write")
    assert address_and_parameters("postgresql://h/blog")[1].target_session_attrs.value == "read-write"


# Tests of invalid URLs, and of URL parameters that blogcli handles itself instead of passing them to asyncpg in a URI.


@pytest.mark.parametrize(
    ("query", "settings"),
    [
        ("", {"application_name": "blogcli"}),
        ("application_name=cron&search_path=blog,public", {"application_name": "cron", "search_path": "blog,public"}),
        ("application_name=", {"application_name": "blogcli"}),
        ("fallback_application_name=psql", {"application_name": "blogcli"}),
        ("options=-c%20lock_timeout%3D5s", {"application_name": "blogcli", "options": "-c lock_timeout=5s"}),
        ("pgbouncer=true&connection_limit=1", {"application_name": "blogcli"}),
        ("prepared_statement_cache_size=0&statement_cache_size=0", {"application_name": "blogcli"}),
        ("channel_binding=require&gssencmode=disable&client_encoding=utf8", {"application_name": "blogcli"}),
        ("keepalives=1&keepalives_idle=30&tcp_user_timeout=1&sslsni=0", {"application_name": "blogcli"}),
    ],
)
def test_server_settings_exclude_other_parameters(query: str, settings: dict[str, str]) -> None:
    url = postgres(f"postgresql://h/blog?{query}")
    assert url.server_settings == settings
    assert address_and_parameters(f"postgresql://h/blog?{query}")[0] == ("h", 5432)


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ("", 10.0),
        ("?connect_timeout=3", 3.0),
        ("?timeout=2.5", 2.5),
        ("?connect_timeout=0", None),
        ("?connect_timeout=-1", None),
    ],
)
def test_parse_connect_timeout(query: str, seconds: float | None) -> None:
    assert postgres(f"postgresql://h/blog{query}").connect_timeout == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("postgresql://h:q7Zt/blog", "A port in the database URL is not a number from 1 to 65535"),
        ("postgresql://h:0/blog", "A port in the database URL is not a number from 1 to 65535"),
        ("postgresql://h:65536/blog", "A port in the database URL is not a number from 1 to 65535"),
        ("postgresql://h/blog?port=q7Zt", "A port in the database URL is not a number from 1 to 65535"),
        ("postgresql://h:٥/blog", "A port in the database URL is not a number from 1 to 65535"),
        ("postgresql://h1,,h2/blog", "A host in the database URL is empty"),
        ("postgresql://h1,:5433/blog", "A host in the database URL is empty"),
        ("postgresql://u:q7Zt:x/blog", "A host in the database URL has too many colons"),
        ("postgresql://[::q7Zt]/blog", "A host in the database URL has too many colons"),
        ("postgresql://h1,h2/blog?port=1,2,3", "The database URL has 3 ports for 2 hosts"),
        ("postgresql://u:x/q7Zt@h/blog", "The database URL has an @ after its host"),
        ("postgresql://u:x?q7Zt@h/blog", "The database URL has an @ after its host"),
        ("postgresql://h/blog?q7Zt", "A parameter of the database URL does not have the format name=value"),
        ("postgresql://h/blog?=q7Zt", "A parameter of the database URL does not have the format name=value"),
        ("postgresql://h/blog?sslmode=q7Zt", "Unknown sslmode in the database URL"),
        ("postgresql://h/blog?ssl=q7Zt", "Unknown sslmode in the database URL"),
        ("postgresql://h/blog?target_session_attrs=q7Zt", "Unknown target_session_attrs in the database URL"),
        ("postgresql://h/blog?connect_timeout=q7Zt", "connect_timeout in the database URL is not a number of seconds"),
    ],
)
def test_parse_errors_do_not_repeat_url(text: str, message: str) -> None:
    error = error_of(text)
    assert error.message == message
    assert SECRET not in (error.hint or "")


# Tests of masked URLs.


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://ada:q7Zt@h1:5432,h2/blog?sslmode=require", "postgres://ada:***@h1:5432,h2/blog?sslmode=require"),
        ("postgresql://ada@h/blog", "postgresql://ada@h/blog"),
        ("postgresql:///blog", "postgresql:///blog"),
        ("postgresql://", "postgresql://"),
        ("postgresql://h?user=ada&password=q7Zt&port=1", "postgresql://h?user=ada&password=***&port=1"),
        ("postgresql://h/b?p%61ssword=q7Zt", "postgresql://h/b?p%61ssword=***"),
        ("postgresql://h/b?sslpassword=q7Zt&PGPASSWORD=q7Zt", "postgresql://h/b?sslpassword=***&PGPASSWORD=***"),
        ("postgresql://ada:a@q7Zt#@h/blog", "postgresql://ada:***@h/blog"),
    ],
)
def test_url_masks_passwords(text: str, shown: str) -> None:
    url = postgres(text)
    assert str(url) == url.masked == shown
    assert SECRET not in repr(url)


@given(ANY_TEXT)
@example("postgresql://\udcff:5432/blog")
@example("sqlite:///~\ud800")
def test_parse_handles_any_text(text: str) -> None:
    for form in (text, f"postgresql://{text}", f"postgresql://h/blog?{text}", f"sqlite:///{text}"):
        with suppress(ConfigurationError):
            url = parse_database_url(form)
            assert str(url) == url.masked


@given(ANY_TEXT, ANY_TEXT)
@example("x/", "")
@example("x?", "=y")
@example("1/", "@y/z")
@example("x@", ":1/y")
@example("[", "]")
def test_errors_never_show_password(before: str, after: str) -> None:
    password = f"{before}{SECRET}{after}"
    query = password.replace("&", "")
    for text in (f"postgresql://ada:{password}@h/blog", f"postgresql://ada@h/blog?password={query}&sslmode=require"):
        try:
            url = parse_database_url(text)
        except ConfigurationError as error:
            shown = error.message + (error.hint or "")
        else:
            shown = str(url) + repr(url) + url.masked
        assert SECRET not in shown
