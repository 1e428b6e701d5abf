"""Tests of the guards of a profile: the settings `protected` and `read_only`."""

import json
import shlex
from pathlib import Path
from unittest.mock import patch

import pytest

from blogcli.database import SessionFactory, open_database, open_migration_engine
from blogcli.errors import NotPermittedError
from tests.command_line import Cli
from tests.command_tree import COMMANDS
from tests.databases import fetch, settings_for
from tests.snapshots import cli_snapshot

NOT_CONFIRMED, CONFLICT, NOT_PERMITTED, CONFIGURATION = 4, 6, 77, 78
POSTS = 11
READ_ONLY = "Error: Changes are not permitted: read_only is set (profile live)\n"
# A command line for each command that changes the database, without options that make it a trial.
CHANGES = [
    "post create --title New --author ann@example.org", "post update 1 --title New", "post edit 1",
    "post replace words letters 1", "post revert 1 --to -1", "post tag add new 1", "post tag remove new 1",
    "post tag set new 1", "post publish 1", "post unpublish 1", "post schedule 1 --at 2099-01-01",
    "post expire 1 --at 2099-01-01", "post publish-due", "post delete 1 --purge --yes", "post restore 1",
    "user create bob@example.org --no-password", "user update 1 --full-name Ann", "user activate 1",
    "user deactivate 1", "user delete 1 --purge-posts --yes", "user set-password 1 --generate-password",
    "tag create new", "tag rename python Python", "tag merge python sqlite --yes", "tag delete python",
    "tag prune --yes", "apply -", "import auto -", "import jsonl -", "import markdown -", "import wordpress -",
    "import ghost -", "db seed --force", "db restore x --yes",
    "db upgrade", "db downgrade -1 --yes", "db stamp head --yes", "db reindex",
    "db check --repair", "db optimize",
    "log prune --keep 1 --yes", "log forget --post 1 --yes", "undo 1", "redo 1",
]  # fmt: skip
# Command lines that a protected profile refuses without a confirmation.
DESTRUCTIVE = [
    "post delete 1 --purge", "post delete --all", "post tag add new --all", "post update 1 --content ''",
    "post unpublish --all", "user delete 1 --purge-posts", "tag merge python sqlite", "tag delete python", "tag prune",
    "apply -", "import jsonl -", "db seed --force", "db downgrade -1", "db stamp head", "log prune --keep 1",
    "log forget --post 1", "undo 3 15", "undo --back-to 14 --with-later", "undo 15",
]  # fmt: skip


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create eleven published posts with the ids 1 to 11, two tags, and an operation 15 that changes all posts."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("tag", "create", "python")
    cli.ok("tag", "create", "sqlite")
    create = ("post", "create", "--author", "ann@example.org", "--content", "Some words", "--status", "published")
    for number in range(1, POSTS + 1):
        cli.ok(*create, "--title", f"Post {number}")
    cli.ok("post", "tag", "add", "python", "--all")


def configure(cli: Cli, **values: object) -> None:
    """Write a config file in which the profile `live` has the database and the given settings."""
    path = Path(cli.environ["HOME"]) / ".config" / "blogcli" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in {"database_url": cli.url, **values}.items()]
    path.write_text("\n".join(["[profiles.live]", *lines, "[profiles.test]", f"database_url = {json.dumps(cli.url)}"]))
    cli.environ["BLOGCLI_PROFILE"] = "live"


def state(cli: Cli) -> list[object]:
    queries = ("SELECT count(*) FROM journal_operations", "SELECT id, version FROM posts ORDER BY id")
    return [fetch(cli.url, query) for query in (*queries, "SELECT version_num FROM blogcli_version")]


def test_changes_cover_every_changing_command() -> None:
    words = {" ".join(line.split()[:count]) for line in CHANGES for count in (1, 2, 3)}
    changing = {path for path, command in COMMANDS.items() if "dry_run" in {param.name for param in command.params}}
    # The lines of a batch are refused one by one, and the other commands write files or another database.
    assert changing - words == {"batch", "db backup", "db copy", "export markdown"}


def test_read_only_profile_refuses_every_change(blog: Cli) -> None:
    configure(blog, read_only=True)
    before = state(blog)
    for line in CHANGES:
        result = blog(*shlex.split(line), terminal=True)
        assert (result.exit_code, result.stdout) == (NOT_PERMITTED, ""), line
        assert result.stderr.startswith(READ_ONLY), line
    assert state(blog) == before
    assert blog("tag", "create", "x", "--format", "json").error["code"] == "not_permitted"


def test_read_only_profile_allows_reads_dry_runs_and_exports(blog: Cli, tmp_path: Path) -> None:
    configure(blog, read_only=True)
    before = state(blog)
    assert blog.ok("post", "list", "--format", "count").stdout == f"{POSTS}\n"
    assert "Would create" in blog.ok("tag", "create", "new", "--dry-run").stderr
    assert "Would delete" in blog.ok("tag", "delete", "python", "--dry-run").stderr
    assert "Would have downgraded" in blog.ok("db", "downgrade", "-1", "--dry-run").stderr
    assert "CREATE TABLE" in blog.ok("db", "upgrade", "--sql").stdout
    assert blog.ok("post", "delete", "1", "--plan", "-").lines[1:]
    assert "nothing was changed" in blog.ok("batch", "-", "--dry-run", stdin="tag create new\npost list\n").stderr
    blog.ok("export", "markdown", str(tmp_path / "site"))
    blog.ok("db", "check")
    assert state(blog) == before
    assert blog.ok("--profile", "test", "tag", "create", "new").exit_code == 0


def test_read_only_profile_is_source_of_backup_and_copy_but_no_target(blog: Cli, tmp_path: Path) -> None:
    configure(blog, read_only=True)
    backup = str(tmp_path / "blog.blogcli")
    blog.ok("db", "backup", backup)
    blog.ok("db", "copy", "--to", str(tmp_path / "copy.db"))
    result = blog("--profile", "test", "db", "copy", "--to-profile", "live")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (NOT_PERMITTED, READ_ONLY.strip())
    blog.ok("db", "restore", backup, "--dry-run")


def test_protected_profile_confirms_restore(blog: Cli, tmp_path: Path) -> None:
    configure(blog, protected=True)
    backup = str(tmp_path / "blog.blogcli")
    blog.ok("db", "backup", backup)
    assert blog("db", "restore", backup, "--yes").exit_code == NOT_CONFIRMED
    blog.ok("db", "restore", backup, "--confirm", "live", "--no-backup")


def test_batch_in_read_only_profile_refuses_lines_that_write(blog: Cli) -> None:
    configure(blog, read_only=True)
    result = blog("batch", "-", stdin="post exists 1\ntag create new\n")
    assert (result.exit_code, "line 2: Changes are not permitted" in result.stderr) == (NOT_PERMITTED, True)
    assert blog("batch", "-", "--atomic", stdin="tag create new\n").exit_code == NOT_PERMITTED


@pytest.mark.parametrize("value", ["1", "true", "Yes"])
def test_variable_makes_database_read_only(blog: Cli, value: str) -> None:
    configure(blog, read_only=False)
    result = blog("--profile", "live", "tag", "create", "new", BLOGCLI_READ_ONLY=value)
    assert (result.exit_code, "read_only is set (BLOGCLI_READ_ONLY)" in result.stderr) == (NOT_PERMITTED, True)


def test_variable_cannot_turn_guard_off(blog: Cli) -> None:
    configure(blog, read_only=True)
    for value, message in (("0", "can turn the setting read_only on, but not off"), ("x", "must be true or false")):
        result = blog("post", "list", BLOGCLI_READ_ONLY=value)
        assert (result.exit_code, message in result.stderr) == (CONFIGURATION, True)


async def test_read_only_database_opens_no_writing_transaction(database_url: str) -> None:
    settings = settings_for(database_url, BLOGCLI_READ_ONLY="1")
    async with open_database(settings) as sessions:
        assert isinstance(sessions, SessionFactory)
        with pytest.raises(NotPermittedError):
            async with sessions.begin():
                pass
        async with sessions.begin(dry_run=True):
            pass
    with pytest.raises(NotPermittedError):
        async with open_migration_engine(settings):
            pass


@pytest.mark.parametrize("terminal", [False, True])
def test_protected_profile_refuses_unconfirmed_change(blog: Cli, terminal: bool) -> None:
    configure(blog, protected=True)
    before = state(blog)
    for line in DESTRUCTIVE:
        words = shlex.split(line)
        yes = [] if words[0] in ("import", "db") and "stamp" not in words and "downgrade" not in words else ["--yes"]
        result = blog(*words, *yes, terminal=terminal, stdin="yes\n" if terminal else "")
        assert result.exit_code == NOT_CONFIRMED, (line, result.stderr)
        expected = "(profile live)? Type live to confirm: " if terminal else "Hint: Add --confirm live.\n"
        assert expected in result.stderr, line
    assert state(blog) == before


def test_protected_profile_accepts_its_name(blog: Cli) -> None:
    configure(blog, protected=True)
    exported = blog.ok("export", "jsonl").stdout
    assert blog("tag", "delete", "sqlite", terminal=True, stdin="live\n").exit_code == 0
    assert len(blog.ok("post", "tag", "remove", "python", "--all", "--confirm", "live").lines) == POSTS
    assert len(blog.ok("post", "delete", "--all", "--purge", "--confirm", "live").lines) == POSTS
    blog.ok("import", "jsonl", "-", "--confirm", "live", stdin=exported)
    blog.ok("db", "stamp", "head", "--confirm", "live")


def test_protected_profile_asks_nothing_about_small_changes_and_dry_runs(blog: Cli) -> None:
    configure(blog, protected=True)
    for line in DESTRUCTIVE:
        if not line.endswith("-"):
            assert blog(*shlex.split(line), "--dry-run").exit_code == 0, line
    assert blog.ok("post", "tag", "add", "new", "1", "2").lines == ["1", "2"]
    assert blog.ok("post", "delete", "--tag", "new").lines == ["2", "1"]
    assert blog("undo", terminal=True).exit_code == 0


@pytest.mark.parametrize("protected", [False, True])
def test_confirmation_of_other_profile_is_refused(blog: Cli, protected: bool) -> None:
    configure(blog, protected=protected)
    result = blog("tag", "delete", "python", "--yes", "--confirm", "test")
    assert result.exit_code == NOT_CONFIRMED
    assert result.stderr.startswith("Error: --confirm names the profile test, but the command would use ")
    assert blog("--profile", "test", "tag", "delete", "python", "--confirm", "test").exit_code == 0


def test_confirmation_without_profile_names_default(blog: Cli) -> None:
    refused = blog("tag", "delete", "python", "--yes", BLOGCLI_PROTECTED="1")
    assert (refused.exit_code, "Add --confirm default." in refused.stderr) == (NOT_CONFIRMED, True)
    blog.ok("tag", "delete", "python", "--confirm", "default", BLOGCLI_PROTECTED="1")


def test_limit_of_profile_is_applied(blog: Cli) -> None:
    configure(blog, max_affected=3)
    assert blog("post", "unpublish", "--all").exit_code == CONFLICT
    assert blog.ok("post", "unpublish", "1", "2", "3").lines == ["1", "2", "3"]
    assert blog("apply", "-", stdin="id,title\n" + "".join(f"{id_},New\n" for id_ in range(1, 5))).exit_code == CONFLICT
    assert len(blog.ok("--profile", "test", "post", "unpublish", "--all").lines) == POSTS - 3


def test_prompt_for_password_names_profile(blog: Cli) -> None:
    configure(blog)
    with patch("getpass.getpass", return_value="correct horse") as ask:
        assert blog("user", "set-password", "1", terminal=True).exit_code == 0
    prompts = [call.args[0] for call in ask.call_args_list]
    assert prompts == ["Profile live: Password (8 to 1,024 characters): ", "Profile live: Repeat the password: "]
