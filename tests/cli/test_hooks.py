"""Tests that a hook runs once after a command has committed, and that the change stays saved if the hook fails."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot
from tests.subprocesses import Program

BLOGCLI = f"{shlex.quote(sys.executable)} -m blogcli"


@cli_snapshot
def two_drafts(cli: Cli) -> None:
    """Create two drafts."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title in ("First", "Second"):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org")


@pytest.fixture
def with_hooks(two_drafts: Cli, tmp_path: Path) -> Cli:
    """Configure hooks that log their variables and their input, and return the command line of `two_drafts`."""
    script = f'{{ echo "$BLOGCLI_HOOK $BLOGCLI_COMMAND $BLOGCLI_VERB $BLOGCLI_NOUN"; cat; }} >> {tmp_path}/log'
    configure(tmp_path, after_change=script, after_publish=script)
    return two_drafts


def configure(home: Path, **hooks: str) -> None:
    folder = home / ".config" / "blogcli"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {json.dumps(command)}" for name, command in hooks.items()]
    (folder / "config.toml").write_text("\n".join(["[hooks]", *lines]))


def log(home: Path) -> list[Any]:
    path = home / "log"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [json.loads(line) if line.startswith("{") else line for line in lines]


def test_commands_in_hook_use_same_profile(two_drafts: Cli, tmp_path: Path) -> None:
    script = f'echo "$BLOGCLI_PROFILE $BLOGCLI_CONFIG $BLOGCLI_DATABASE_URL" > {tmp_path}/log'
    config = tmp_path / "other.toml"
    database = f"database_url = {json.dumps(two_drafts.url)}"
    config.write_text(f"[profiles.live]\n{database}\n[hooks]\nafter_change = {json.dumps(script)}\n")
    two_drafts.ok("--config", str(config), "--profile", "live", "post", "publish", "1")
    assert log(tmp_path) == [f"live {config} {two_drafts.url}"]


def test_hook_receives_ids_and_verb(with_hooks: Cli, tmp_path: Path) -> None:
    with_hooks.ok("post", "publish", "1", "2")
    assert log(tmp_path) == [
        *["after_change post publish publish post", {"id": 1}, {"id": 2}],
        *["after_publish post publish publish post", {"id": 1}, {"id": 2}],
    ]
    with_hooks.ok("post", "tag", "add", "python", "2")
    assert log(tmp_path) == ["after_change post tag add add post", {"id": 2}]
    with_hooks.ok("tag", "rename", "python", "Python")
    assert log(tmp_path) == ["after_change tag rename rename tag", {"id": 1}]
    with_hooks.ok("post", "create", "--title", "New", "--author", "ann@example.org", "--status", "published")
    assert log(tmp_path)[2:] == ["after_publish post create create post", {"id": 3}]


def test_import_runs_hooks_for_changed_and_published_posts(with_hooks: Cli, tmp_path: Path) -> None:
    new = [{"uuid": f"00000000-0000-0000-0000-00000000000{n}", "title": "T", "status": "published"} for n in (1, 2)]
    lines = [{"type": "blogcli", "version": 1}, *({"type": "post"} | post for post in new)]
    imported = "".join(f"{json.dumps(line)}\n" for line in lines)
    with_hooks.ok("import", "jsonl", "-", "--author", "ann@example.org", stdin=imported)
    changed = [{"id": 3}, {"id": 4}]
    assert log(tmp_path) == [
        *["after_change import jsonl jsonl post", *changed],
        *["after_publish import jsonl jsonl post", *changed],
    ]
    with_hooks.ok("import", "jsonl", "-", stdin=imported.replace('"title": "T"', '"title": "U"'))
    assert log(tmp_path) == ["after_change import jsonl jsonl post", *changed]


@pytest.mark.parametrize(
    "arguments",
    [("post", "publish", "1", "--dry-run"), ("post", "unpublish", "1"), ("post", "publish", "99"), ("post", "list")],
)
def test_hooks_do_not_run_without_changes(with_hooks: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with_hooks(*arguments)
    assert log(tmp_path) == []


def test_change_is_committed_before_hook_runs(two_drafts: Cli, tmp_path: Path) -> None:
    configure(tmp_path, after_publish=f"{BLOGCLI} post list --status published --field id > {tmp_path}/log")
    two_drafts.ok("post", "publish", "2")
    assert log(tmp_path) == ["2"]


@pytest.mark.parametrize(("hook", "status"), [("exit 3", 3), ("no-such-program-anywhere", 127), ("kill -9 $$", -9)])
def test_failed_hook_is_reported_and_change_stays_saved(
    two_drafts: Cli, tmp_path: Path, hook: str, status: int
) -> None:
    configure(tmp_path, after_publish=hook)
    result = two_drafts("--quiet", "post", "publish", "1")
    assert (result.exit_code, result.lines) == (0, ["1"])
    assert result.stderr == f"Warning: the hook after_publish failed with status {status}; the change is saved\n"
    assert two_drafts.json("post", "show", "1")["status"] == "published"


def test_hook_need_not_read_its_input(two_drafts: Cli, tmp_path: Path) -> None:
    configure(tmp_path, after_change="true")
    assert two_drafts.ok("post", "publish", "--all").stderr == "Published 2 posts.\n"


def test_changes_by_hook_run_no_hooks(two_drafts: Cli, tmp_path: Path) -> None:
    configure(tmp_path, after_change=f"echo run >> {tmp_path}/log; {BLOGCLI} -q post tag add hooked 1")
    two_drafts.ok("post", "publish", "2")
    assert log(tmp_path) == ["run"]
    assert two_drafts.json("post", "show", "1")["tags"] == ["hooked"]


@pytest.mark.parametrize("arguments", [["tag", "create", "new"], ["batch", "--atomic", "-"]])
def test_signals_after_commit_do_not_end_command(two_drafts: Cli, tmp_path: Path, arguments: list[str]) -> None:
    # The exit code of a signal would say that the change was rolled back. The hook itself can be ended by signals.
    signals = ("TERM", "HUP", "INT")
    defaults = "import signal; assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL"
    kills = "; ".join(f"kill -{name} $PPID" for name in signals)
    configure(tmp_path, after_change=f"{kills}; {shlex.quote(sys.executable)} -c {shlex.quote(defaults)}")
    (tmp_path / "lines").write_text("tag create new\n")
    run = Program(two_drafts.environ).shell(f"blogcli {shlex.join(arguments)} < {shlex.quote(str(tmp_path / 'lines'))}")
    assert (run.returncode, run.stdout) == (0, "1\n"), run.stderr
    assert "failed" not in run.stderr
    two_drafts.ok("tag", "exists", "new")
