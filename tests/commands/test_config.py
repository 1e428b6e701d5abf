"""Tests of `blogcli config`."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from blogcli.services.config.edit import change_setting
from blogcli.setting_types import NAMES
from tests.command_line import Cli

FAILED, USAGE, NOT_FOUND, CONFIGURATION = 1, 2, 5, 78
LOGIN_URL = "postgresql://ann:s3cret@db.example.org/blog"
FILE = f"""\
# mine
[default]
author = "ann@example.org"

[profiles.live]
database_url = "{LOGIN_URL}"
protected = true
max_affected = 5

[profiles.test]
database_url = "test.db"
read_only = true

[hooks]
after_publish = "curl -u 'x' https://ann:s3cret@example.org"
[check]
tag-on-one-post = "off"
"""
INVALID = """\
profiles = {live = {database_url = "mysql://a:s3cret@b", protected = "yes", busy_timeout = -1}, test = 1}
[default]
colour = "red"
timezone = "Mars"
format = ["s3cret"]
profile = "gone"
[hooks]
before = "x"
[check]
pages = ""
[other]
[hook]
"""


@pytest.fixture
def home_cli(tmp_path: Path) -> Cli:
    """Return the CLI of a user who has no config file and no database."""
    return Cli({"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the config file, whose folder exists."""
    (tmp_path / ".config" / "blogcli").mkdir(parents=True)
    return tmp_path / ".config" / "blogcli" / "config.toml"


def test_show_lists_every_setting_with_its_origin(home_cli: Cli, path: Path, tmp_path: Path) -> None:
    path.write_text(FILE)
    variables = {"BLOGCLI_TIMEZONE": "Asia/Tokyo", "VISUAL": "nano", "BLOGCLI_BUSY_TIMEOUT": "1.5"}
    rows = home_cli.json("--profile", "live", "config", "show", "--origin", **variables)
    shown = {row["setting"]: (row["value"], row["origin"]) for row in rows}
    assert [*shown][: len(NAMES) + 1] == ["profile", *NAMES]
    live, default = f"{path} [profiles.live]", f"{path} [default]"
    assert shown == {
        "profile": ("live", "--profile"),
        "database_url": ("postgresql://ann:***@db.example.org/blog", live),
        "author": ("ann@example.org", default),
        "timezone": ("Asia/Tokyo", "BLOGCLI_TIMEZONE"),
        "format": (None, "default"),
        "pager": ("less", "default"),
        "editor": ("nano", "VISUAL"),
        "busy_timeout": (1.5, "BLOGCLI_BUSY_TIMEOUT"),
        "connect_timeout": (10.0, "default"),
        "statement_timeout": (0.0, "default"),
        "max_affected": (5, live),
        "backup_folder": (None, "default"),
        "protected": (True, live),
        "read_only": (False, "default"),
        "argon2_time_cost": (3, "default"),
        "argon2_memory_cost": (65536, "default"),
        "argon2_parallelism": (4, "default"),
        "hooks.after_publish": ("curl -u 'x' https://ann:***@example.org", f"{path} [hooks]"),
        "check.tag-on-one-post": ("off", f"{path} [check]"),
    }
    url = home_cli.json("config", "show", "database_url", "--database-url", LOGIN_URL, "--origin")
    assert url == [{"setting": "database_url", "value": shown["database_url"][0], "origin": "--database-url"}]


@pytest.mark.parametrize("format_", ["table", "jsonl", "csv", "tsv", "yaml"])
def test_show_masks_password_in_every_format(home_cli: Cli, path: Path, format_: str) -> None:
    path.write_text(FILE)
    result = home_cli.ok("config", "show", "--format", format_, BLOGCLI_PROFILE="live")
    assert ("ann:***@" in result.stdout, "s3cret" in result.stdout) == (True, False)
    assert "BLOGCLI_PROFILE" not in result.stdout
    assert "BLOGCLI_PROFILE" in home_cli.ok("config", "show", "--origin", BLOGCLI_PROFILE="live").stdout


def test_show_selects_settings(home_cli: Cli) -> None:
    assert home_cli.ok("config", "show", "timezone", "protected", "--field", "value").lines == ["UTC", "false"]
    assert home_cli("config", "show", "hooks.after_change").exit_code == NOT_FOUND
    assert "Did you mean timezone?" in home_cli("config", "show", "timezon").stderr


def test_path_is_printed_whether_or_not_file_exists(home_cli: Cli, path: Path, tmp_path: Path) -> None:
    assert home_cli.ok("config", "path").stdout == f"{path}\n"
    assert "`blogcli config set` creates it" in home_cli("config", "path", terminal=True).stderr
    path.write_text("no TOML")
    assert home_cli("config", "path", terminal=True).stderr == ""
    other = str(tmp_path / "other.toml")
    assert home_cli.ok("config", "path", "--config", other).stdout == f"{other}\n"
    assert home_cli.ok("config", "path", BLOGCLI_CONFIG=other).stdout == f"{other}\n"


def test_profiles_lists_databases_and_guards(home_cli: Cli, path: Path) -> None:
    assert home_cli.ok("config", "profiles").stderr == f"There are no profiles in {path}.\n"
    path.write_text(FILE)
    rows = home_cli.json("config", "profiles", BLOGCLI_PROFILE="test")
    live = {"profile": "live", "is_active": False, "database": "postgresql://ann:***@db.example.org/blog"}
    test = {"profile": "test", "is_active": True, "database": "test.db"}
    assert rows == [
        live | {"protected": True, "read_only": False, "max_affected": 5},
        test | {"protected": False, "read_only": True, "max_affected": None},
    ]


def test_check_lists_every_mistake(home_cli: Cli, path: Path) -> None:
    path.write_text(INVALID)
    path.chmod(0o600)
    result = home_cli("config", "check", "--format", "json")
    assert (result.exit_code, "s3cret" in result.stdout) == (CONFIGURATION, False)
    assert [problem["location"] for problem in result.json] == [
        *("profiles.live.database_url", "profiles.live.protected", "profiles.live.busy_timeout", "profiles.test"),
        *("default.colour", "default.timezone", "default.format", "hooks.before", "check.pages", "other", "hook"),
        "default.profile",
    ]
    assert {problem["level"] for problem in result.json} == {"error"}
    assert len(home_cli("config", "check").lines) == len(result.json)


def test_check_of_valid_file_finds_nothing(home_cli: Cli, path: Path) -> None:
    assert home_cli.ok("config", "check").stderr == "No problems found.\n"
    path.write_text(FILE)
    path.chmod(0o600)
    assert home_cli.ok("config", "check").stderr == "No problems found.\n"


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"BLOGCLI_TIMEZONE": "Mars"}, "Unknown time zone: 'Mars'"),
        ({"BLOGCLI_PROFILE": "gone"}, "No profile 'gone'"),
        ({"BLOGCLI_DATABASE_URL": "mysql://a:s3cret@b/c"}, "Unsupported database: mysql"),
    ],
)
def test_check_finds_mistake_in_environment(home_cli: Cli, path: Path, variables: dict[str, str], problem: str) -> None:
    path.write_text(FILE)
    path.chmod(0o600)
    home_cli.environ.update(variables)
    result = home_cli("config", "check", "--format", "json")
    assert result.exit_code == CONFIGURATION
    assert [row["location"] for row in result.json] == ["environment"]
    assert result.json[0]["problem"].startswith(problem)


def test_check_warns_of_exposed_password(home_cli: Cli, path: Path) -> None:
    path.write_text(f"{FILE}[profiles.empty]\n")
    path.chmod(0o644)
    result = home_cli("config", "check", "--format", "json")
    assert result.exit_code == FAILED
    assert [(row["location"], row["level"]) for row in result.json] == [("profiles.live.database_url", "warning")]
    assert result.json[0]["repair"] == f"Run `chmod 600 {path}`."


def test_check_of_file_that_is_missing_or_no_toml(home_cli: Cli, path: Path) -> None:
    path.write_text("[default")
    for arguments in ([], ["--config", "/nonexistent/config.toml"]):
        result = home_cli(*arguments, "config", "check")
        assert (result.exit_code, len(result.lines)) == (CONFIGURATION, 1)


def test_set_creates_private_file(home_cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / ".config" / "blogcli" / "config.toml"
    result = home_cli.ok("config", "set", "timezone", "Europe/Berlin")
    assert result.stderr == f"Set timezone in [default] of {path}.\n"
    home_cli.ok("config", "set", "--profile", "live", "protected", "yes")
    home_cli.ok("config", "set", "max_affected", "20", "--profile", "live")
    home_cli.ok("config", "set", "hooks.after_change", "make")
    home_cli.ok("config", "set", "profile", "live")
    assert path.read_text() == (
        '[default]\ntimezone = "Europe/Berlin"\nprofile = "live"\n\n'
        '[profiles.live]\nprotected = true\nmax_affected = 20\n\n[hooks]\nafter_change = "make"\n'
    )
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_set_reads_value_from_stdin_and_keeps_comments(home_cli: Cli, path: Path) -> None:
    path.write_text(FILE)
    result = home_cli.ok("config", "set", "database_url", "-", "--profile", "test", stdin=f"{LOGIN_URL}\n")
    assert "s3cret" not in result.stderr
    assert path.read_text() == FILE.replace('"test.db"', f'"{LOGIN_URL}"')
    assert home_cli("config", "set", "author", "-", stdin=b"\xff").exit_code == 7
    assert home_cli("config", "set", "author", "-", terminal=True).exit_code == USAGE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("colour", "red"), "Unknown setting: colour"),
        (("default.author", "x"), "Unknown setting: default.author"),
        ((".author", "x"), "Unknown setting: .author"),
        (("hooks.before", "x"), "Unknown setting: hooks.before"),
        (("timezone", "Mars"), "Unknown time zone: 'Mars'"),
        (("format", "xml"), "Unknown output format: 'xml'"),
        (("busy_timeout", "soon"), "busy_timeout must be a number of seconds"),
        (("busy_timeout", "nan"), "busy_timeout must be a number of seconds"),
        (("max_affected", "1.5"), "max_affected must be an integer"),
        (("protected", "perhaps"), "protected in [default] must be true or false"),
        (("database_url", "mysql://ann:s3cret@b/c"), "Unsupported database: mysql"),
        (("profile", "gone"), "No profile 'gone'"),
        (("profile", "test", "--profile", "live"), "profile cannot be set in a profile"),
        (("hooks.after_change", "x", "--profile", "live"), "hooks.after_change cannot be set in a profile"),
        (("check.tag-on-one-post", "fatal"), "unknown level 'fatal'"),
    ],
)
def test_set_refuses_invalid_value(home_cli: Cli, path: Path, arguments: tuple[str, ...], message: str) -> None:
    path.write_text(FILE)
    result = home_cli("config", "set", *arguments)
    assert (result.exit_code, message in result.stderr) == (USAGE, True), result.stderr
    assert "s3cret" not in result.stderr
    assert path.read_text() == FILE


def test_set_refuses_text_that_is_not_unicode(home_cli: Cli, path: Path) -> None:
    for arguments in (["author", "\udcff"], ["author", "x", "--profile", "\udcff"]):
        result = home_cli("config", "set", *arguments)
        assert (result.exit_code, "not valid Unicode" in result.stderr) == (7, True)
    assert not path.exists()


def test_config_file_without_end_is_refused(home_cli: Cli) -> None:
    result = home_cli("--config", "/dev/zero", "config", "show")
    assert (result.exit_code, "larger than 1,000,000 bytes" in result.stderr) == (CONFIGURATION, True)


def test_set_corrects_invalid_file_step_by_step(home_cli: Cli, path: Path) -> None:
    path.write_text('[default]\ntimezone = "Mars"\nformat = "xml"\n')
    home_cli.ok("config", "set", "timezone", "UTC")
    home_cli.ok("config", "unset", "format")
    assert home_cli.ok("config", "check").stdout == ""
    path.write_text("[default")
    assert home_cli("config", "set", "timezone", "UTC").exit_code == CONFIGURATION


def test_unset_removes_value(home_cli: Cli, path: Path) -> None:
    path.write_text(FILE)
    result = home_cli.ok("config", "unset", "author")
    assert result.stderr == f"Removed author from [default] of {path}.\n"
    assert path.read_text() == FILE.replace('author = "ann@example.org"\n', "")
    assert "author is not set in [default]" in home_cli.ok("config", "unset", "author").stderr
    assert home_cli("config", "unset", "protected", "--profile", "gone").exit_code == CONFIGURATION


def test_set_warns_if_variable_takes_precedence(home_cli: Cli) -> None:
    result = home_cli.ok("config", "set", "author", "ann@example.org", BLOGCLI_AUTHOR="bob@example.org")
    assert "Warning: the variable BLOGCLI_AUTHOR takes precedence over the config file\n" in result.stderr


@pytest.mark.parametrize(
    ("options", "value", "warns"),
    [((), "false", False), ((), "true", True), (("--profile", "live"), "true", True), ((), "perhaps", False)],
)
@pytest.mark.parametrize("guard", ["protected", "read_only"])
def test_set_of_guard_warns_only_if_variable_turns_it_on(
    home_cli: Cli, guard: str, options: tuple[str, ...], value: str, warns: bool
) -> None:
    variable = f"BLOGCLI_{guard.upper()}"
    home_cli.environ[variable] = value
    result = home_cli.ok("config", "set", guard, "true", *options)
    assert (f"the variable {variable} takes precedence over the config file" in result.stderr) == warns


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_set_and_unset_keep_line_ends_and_byte_order_mark(
    home_cli: Cli, path: Path, mark: bytes, line_end: bytes
) -> None:
    def write_lines(*lines: bytes) -> bytes:
        return mark + b"".join(line + line_end for line in lines)

    hooks = (b"", b"# later", b"[hooks]", b'after_change = """', b'make"""')
    path.write_bytes(write_lines(b"# mine", b"[default]", b'author = "ann@example.org"', *hooks))
    home_cli.ok("config", "set", "format", "json")
    home_cli.ok("config", "set", "max_affected", "5", "--profile", "live")
    added = (b'author = "ann@example.org"', b'format = "json"')
    profile = (b"", b"[profiles.live]", b"max_affected = 5")
    assert path.read_bytes() == write_lines(b"# mine", b"[default]", *added, *hooks, *profile)
    home_cli.ok("config", "unset", "author")
    assert path.read_bytes() == write_lines(b"# mine", b"[default]", added[1], *hooks, *profile)
    assert home_cli.ok("config", "set", "format", "json").stderr.startswith("Nothing to do: ")


def test_set_keeps_lines_of_file_with_mixed_line_ends(home_cli: Cli, path: Path) -> None:
    path.write_bytes(b'[default]\r\nauthor = "ann@example.org"\n')
    home_cli.ok("config", "set", "format", "json")
    assert path.read_bytes() == b'[default]\r\nauthor = "ann@example.org"\nformat = "json"\n'


def test_set_keeps_linked_file(home_cli: Cli, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text("# shared\n")
    path.symlink_to(target)
    home_cli.ok("config", "set", "author", "ann@example.org")
    assert target.read_text() == '# shared\n\n[default]\nauthor = "ann@example.org"\n'
    assert path.is_symlink()


def test_profile_made_by_set_is_used(cli: Cli, tmp_path: Path) -> None:
    url = cli.environ.pop("BLOGCLI_DATABASE_URL")
    cli.ok("config", "set", "--profile", "mine", "database_url", url)
    cli.ok("config", "set", "--profile", "mine", "read_only", "true")
    assert cli.ok("--profile", "mine", "tag", "list").stdout == ""
    assert cli("--profile", "mine", "tag", "create", "new").exit_code == 77
    cli.ok("config", "unset", "--profile", "mine", "read_only")
    assert cli.ok("--profile", "mine", "tag", "create", "new").lines == ["1"]


def test_config_is_refused_in_batch(cli: Cli) -> None:
    assert "`config` cannot be used in a batch" in cli("batch", "-", stdin="config set author x\n").stderr


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("set", "prot"), ["protected"]),
        (("unset", "hooks."), ["hooks.after_change", "hooks.after_publish"]),
        (("show", "time"), ["timezone"]),
        (("set", "format", "j"), ["json", "jsonl"]),
        (("set", "read_only", ""), ["false", "true"]),
        (("set", "timezone", "Europe/Berl"), ["Europe/Berlin"]),
        (("set", "profile", "l"), ["live"]),
        (("set", "check.tag-on-one-post", "o"), ["off"]),
        (("set", "author", ""), []),
    ],
)
def test_completion_offers_settings_and_values(
    home_cli: Cli, path: Path, words: tuple[str, ...], values: list[str]
) -> None:
    path.write_text(FILE)
    assert home_cli.ok("completion", "candidates", "zsh", "--", "blogcli", "config", *words).lines == values


def test_completion_of_confirmation_offers_profiles(home_cli: Cli, path: Path) -> None:
    path.write_text(FILE)
    words = ("blogcli", "tag", "prune", "--confirm", "")
    assert home_cli.ok("completion", "candidates", "zsh", "--", *words).lines == ["live", "test"]


def test_show_prints_real_types(home_cli: Cli) -> None:
    line = home_cli.ok("config", "show", "read_only", "--format", "jsonl").stdout
    assert json.loads(line) == {"setting": "read_only", "value": False}


def test_change_of_other_command_before_lock_is_kept(
    home_cli: Cli, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text('[default]\nauthor = "ann@example.org"\n')

    def lock(_descriptor: int, _mode: int) -> None:
        path.write_text('[default]\nauthor = "ben@example.org"\nformat = "json"\n')

    monkeypatch.setattr("fcntl.flock", lock)
    home_cli.ok("config", "set", "timezone", "Europe/Berlin")
    monkeypatch.undo()
    assert path.read_text() == '[default]\nauthor = "ben@example.org"\nformat = "json"\ntimezone = "Europe/Berlin"\n'


def test_folder_of_linked_file_is_locked(
    home_cli: Cli, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "dotfiles"
    folder.mkdir()
    (folder / "blogcli.toml").touch()
    path.symlink_to(folder / "blogcli.toml")
    locked = []

    def lock(file: Any, _mode: int) -> None:
        locked.append(os.fstat(file if isinstance(file, int) else file.fileno()))

    monkeypatch.setattr("fcntl.flock", lock)
    home_cli.ok("config", "set", "author", "ann@example.org")
    monkeypatch.undo()
    assert os.path.samestat(locked[0], folder.stat())
    assert "ann@example.org" in (folder / "blogcli.toml").read_text()


def test_change_reads_file_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('[default]\nauthor = "ann@example.org"\n')
    opened = []
    open_path = Path.open

    def record(file: Path, *arguments: Any, **options: Any) -> Any:
        opened.append(file)
        return open_path(file, *arguments, **options)

    monkeypatch.setattr(Path, "open", record)
    change = change_setting(path, "timezone", "UTC", profile=None)
    monkeypatch.undo()
    assert opened == [path]
    assert change.text == '[default]\nauthor = "ann@example.org"\ntimezone = "UTC"\n'


def test_nested_lists_in_config_file_are_refused(home_cli: Cli, path: Path) -> None:
    path.write_text(f"[default]\nx = {'[' * 300}{']' * 300}\n")
    result = home_cli("config", "set", "author", "ann@example.org")
    assert (result.exit_code, result.stderr.startswith("Error: ")) == (CONFIGURATION, True)
    assert "Unexpected" not in result.stderr
    path.write_text(f"[{'.'.join('a' * 20_000)}]\n")
    assert home_cli("config", "check").exit_code == CONFIGURATION
