"""Tests that invalid settings cause exit code 78 and an error that names the setting."""

from pathlib import Path

import pytest

from tests.command_line import Cli

CONFIGURATION = 78
# Maps a name to the text of the config file (None if there is no file), the options, the environment variables, and a
# text that the error or its hint contains.
INVALID_SETTINGS: dict[str, tuple[str | None, tuple[str, ...], dict[str, str], str]] = {
    "no TOML": ("[default", (), {}, "not valid TOML"),
    "nested lists": (f"[default]\nauthor = {'[' * 5_000}", (), {}, "nested too deeply"),
    "long number": (f"[default]\nauthor = {'1' * 5_000}", (), {}, "not valid TOML"),
    "unknown key": ("[default]\ncolour = 'red'", (), {}, "unknown key colour"),
    "unknown section": ("[other]\n", (), {}, "unknown section other"),
    "unknown profile": ("[profiles.work]\n", ("--profile", "home"), {}, "Use one of the profiles: work."),
    "missing file": (None, ("--config", "/nonexistent/config.toml"), {}, "There is no config file"),
    "bad time zone": (None, (), {"BLOGCLI_TIMEZONE": "Mars/Olympus"}, "Unknown time zone: 'Mars/Olympus'"),
    "bad time zone in the file": ("[default]\ntimezone = '../UTC'", (), {}, "Unknown time zone: '../UTC'"),
    "bad format": (None, (), {"BLOGCLI_FORMAT": "xml"}, "Unknown output format: 'xml'"),
    "bad timeout": (None, (), {"BLOGCLI_BUSY_TIMEOUT": "soon"}, "busy_timeout"),
    "a list as URL": (
        "[default]\ndatabase_url = ['postgresql://ann:s3cret@localhost/blog']",
        (),
        {"BLOGCLI_DATABASE_URL": ""},
        "database_url in [default] must be a string",
    ),
    "a table as URL": (
        "[profiles.work]\ndatabase_url = {password = 's3cret'}",
        ("--profile", "work"),
        {},
        "database_url in [profiles.work] must be a string",
    ),
    "a number as URL": ("[default]\ndatabase_url = 5432", (), {}, "database_url in [default] must be a string"),
    "a flag as author": ("[default]\nauthor = true", (), {}, "author in [default] must be a string"),
    "a login as URL": (None, ("--database-url", "ann:s3cret@localhost:5432/blog"), {}, "unknown format"),
    "bad URL": (None, ("--database-url", "mysql://ann:s3cret@localhost/blog"), {}, "Unsupported database: mysql"),
}


@pytest.mark.parametrize("name", INVALID_SETTINGS)
def test_invalid_setting_is_named_without_password(cli: Cli, tmp_path: Path, name: str) -> None:
    text, options, variables, expected = INVALID_SETTINGS[name]
    if text is not None:
        (tmp_path / ".config" / "blogcli").mkdir(parents=True)
        (tmp_path / ".config" / "blogcli" / "config.toml").write_text(text)
    cli.environ.update(variables)
    result = cli(*options, "post", "list")
    assert (result.exit_code, result.stdout) == (CONFIGURATION, "")
    assert result.stderr.startswith("Error: ")
    assert expected in result.stderr
    assert "s3cret" not in result.stderr
    debugged = cli("--debug", *options, "post", "list")
    assert debugged.exit_code == CONFIGURATION
    assert "Traceback" in debugged.stderr
    assert "s3cret" not in debugged.stderr


@pytest.mark.parametrize("url", ["postgresql://ann:s3cret@127.0.0.1:1/blog", "ann:s3cret@localhost/blog"])
def test_url_in_wrong_place_is_masked(cli: Cli, url: str) -> None:
    for arguments in (["post", "list", url], ["--debug", "post", "exists", f"--database-ulr={url}"], [url, "list"]):
        result = cli(*arguments)
        assert result.exit_code == 2
        assert "s3cret" not in result.stderr
    declined = cli("--database-url", url, "db", "downgrade", "base", terminal=True)
    assert declined.exit_code == 4
    assert "s3cret" not in declined.stdout + declined.stderr
