"""Tests of the origin of a change, which the journal records."""

import os
import pwd

import pytest

from blogcli import __version__
from blogcli.origins import Origin
from blogcli.settings import Overrides, load_settings


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["post", "publish", "hello-world"], "post publish hello-world"),
        (["tag", "create", "open source", "it's"], "tag create 'open source' 'it'\"'\"'s'"),
        (["tag", "create", "a\nb\x1b[31m\u202e"], "tag create 'a\\nb\\x1b[31m\\u202e'"),
        (["tag", "create", "写真", "\U0001f600"], "tag create '写真' '\U0001f600'"),
        (["post", "update", "5", "--title", ""], "post update 5 --title ''"),
        (["post", "create", "x" * 201], f"post create {'x' * 197}..."),
        (["post", "create", "x" * 200], f"post create {'x' * 200}"),
        ([], ""),
    ],
)
def test_command_line_is_one_printable_line(arguments: list[str], line: str) -> None:
    assert Origin("post publish", arguments).command_line == line


@pytest.mark.parametrize(
    "arguments",
    [
        ["--database-url", "postgresql://ann:s3cret@localhost/blog", "post", "publish", "1"],
        ["--database-url=postgresql://ann:s3cret@localhost/blog", "post", "publish", "1"],
        ["--database-url", "postgresql://localhost/blog?password=s3cret", "post", "publish", "1"],
        ["--database-url", f"postgresql://ann:{'A' * 300}s3cret@localhost/blog", "post", "publish", "1"],
        ["--database-url", f"postgresql://ann:s3cret{'A' * 300}@localhost/blog", "post", "publish", "1"],
        ["--database-url", "postgresql://localhost/blog?pass%77ord=a s3cret", "post", "publish", "1"],
    ],
)
def test_command_line_contains_no_passwords(arguments: list[str]) -> None:
    line = Origin("post publish", arguments).command_line
    assert "s3cret" not in line
    assert "***" in line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--profile", "live", "-q", "post", "publish", "1"], "post publish 1 --profile live -q"),
        (["--profile", "post", "post", "publish", "1"], "post publish 1 --profile post"),
        (["-q", "post", "publish", "--", "-1"], "-q post publish -- -1"),
        (["-q", "posts", "publish", "1"], "-q posts publish 1"),
    ],
)
def test_options_before_the_command_follow_at_the_end(arguments: list[str], line: str) -> None:
    assert Origin("post publish", arguments).command_line == line


def test_long_command_line_is_truncated() -> None:
    line = Origin("post publish", [str(number) for number in range(10_000)]).command_line
    assert len(line) == 4_000
    assert line.startswith("0 1 2 3 ")
    assert line.endswith("...")


def test_record_names_user_host_and_program() -> None:
    assert Origin("post publish", ["post", "publish", "1"], "live").to_record() == {
        "verb": "post publish",
        "command": "post publish 1",
        "actor": pwd.getpwuid(os.getuid()).pw_name,
        "host": os.uname().nodename,
        "profile": "live",
        "program": f"blogcli {__version__}",
    }


def test_user_without_name_is_recorded_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    assert Origin().to_record()["actor"] == str(2**31 - 7)


def test_settings_contain_command_and_profile() -> None:
    overrides = Overrides(verb="tag create", arguments=["tag", "create", "x"])
    settings = load_settings(overrides, {"XDG_CONFIG_HOME": "/nonexistent"})
    assert settings.command == Origin("tag create", ["tag", "create", "x"], None)
