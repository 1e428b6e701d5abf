"""Tests of the option --plan, and of `blogcli apply` with a plan."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.databases import fetch
from tests.snapshots import cli_snapshot
from tests.stress import IS_FULL
from tests.subprocesses import SCRIPT

# This script runs a command, and prints the maximum size of its process in KiB.
PEAK_MEMORY = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
EMAIL = "ann@example.org"
HOSTILE = "[bold]\x1b[31m\x9b2J\u202e\u2028\x85\ttab 'quote\" \U0001f600 \\N"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Fill the blog with six posts in all states, and two users."""
    for name in ("ann", "bob"):
        cli.ok("user", "create", f"{name}@example.org", "--no-password")
    for title in ("One", "Two", "Three", "Four", "Five", "Six"):
        text = f"Some words of {title}"
        cli.ok("post", "create", "--title", title, "--author", EMAIL, "--content", text, "--tag", "old,kept")
    cli.ok("post", "publish", "2", "3")
    cli.ok("post", "update", "2", "--published-at", "2020-05-01", "--excerpt", "Short")
    cli.ok("post", "schedule", "3", "--at", "2090-01-01")
    cli.ok("post", "schedule", "4", "--at", "2091-01-01")
    cli.ok("post", "expire", "2", "--at", "2092-01-01")
    cli.ok("post", "delete", "5")


def state(cli: Cli, start: datetime | None = None) -> list[dict[str, Any]]:
    """Return all posts with all fields except `updated_at`. Dates since `start` are replaced by "now"."""
    now = datetime.now(UTC)

    def normalize(value: object) -> object:
        if start and isinstance(value, str) and len(value) > 19 and value[:2] == "20" and value.endswith("Z"):
            return "now" if start <= datetime.fromisoformat(value) <= now else value
        return value

    url = cli.url
    first_dates = dict(fetch(url, "SELECT id, first_published_at IS NULL FROM posts"))
    posts = cli.json("post", "show", *first_dates) if len(first_dates) > 1 else [cli.json("post", "show", *first_dates)]
    return [
        {name: normalize(value) for name, value in post.items() if name != "updated_at"}
        | {"has_no_first_date": bool(first_dates[post["id"]])}
        for post in sorted(posts, key=lambda post: int(post["id"]))
    ]


def operation_count(cli: Cli) -> int:
    ((count,),) = fetch(cli.url, "SELECT count(*) FROM journal_operations")
    return int(count)


COMMANDS = {
    "update fields": (
        *("update", "1", "--title", HOSTILE, "--slug", "new", "--excerpt", HOSTILE, "--content", HOSTILE),
        *("--author", "bob@example.org", "--add-tag", "a,b", "--remove-tag", "old"),
    ),
    "update document": ("update", "1", "2", "--file", "post.md"),
    "update excerpt": ("update", "--all", "--excerpt", ""),
    "update date": ("update", "1", "2", "--published-at", "2093-01-01"),
    "update content": ("update", "--all", "--content", ""),
    "tag add": ("tag", "add", "new,old", "--all"),
    "tag remove": ("tag", "remove", "old", "--all"),
    "tag set": ("tag", "set", "kept", "--all"),
    "tag set to none": ("tag", "set", "", "1", "2"),
    "publish": ("publish", "--all"),
    "unpublish": ("unpublish", "--all"),
    "schedule at": ("schedule", "1", "2", "4", "--at", "2094-01-01"),
    "schedule in slots": ("schedule", "1", "2", "6", "--slots", "MO,WE 09:00"),
    "expire": ("expire", "--all", "--at", "2095-01-01"),
    "expire never": ("expire", "2", "--never"),
    "delete": ("delete", "1", "3"),
    "purge": ("delete", "1", "5", "--purge", "--yes"),
    "restore": ("restore", "--all"),
    "replace": ("replace", "e", HOSTILE, "--all"),
    "nothing": ("restore", "1"),
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_plan_gives_state_that_command_gives(
    blog: Cli, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("post.md").write_text("---\nlayout: wide\ntags: [z]\nmood: [good]\n---\nNew text\n")
    start = datetime.now(UTC)
    before = state(blog)
    operations = operation_count(blog)
    planned = blog.ok("post", *arguments, "--plan", "plan.jsonl")
    assert (state(blog), operation_count(blog)) == (before, operations)
    header, *rows = map(json.loads, Path("plan.jsonl").read_bytes().splitlines())
    assert (header["format"], header["version"]) == ("blogcli plan", 1)
    assert header["command"].startswith(f"post {arguments[0]}")
    assert [str(row["id"]) for row in rows] == planned.lines

    blog.ok("apply", "plan.jsonl", "--dry-run")
    assert (state(blog), operation_count(blog)) == (before, operations)
    assert blog.ok("apply", "plan.jsonl", "--yes").lines == planned.lines
    assert operation_count(blog) == operations + bool(rows)
    assert blog.ok("db", "check").stdout == ""
    applied = state(blog, start)
    if rows:
        blog.ok("undo", fetch_newest(blog), "--yes")
    assert state(blog) == before
    blog.ok("post", *arguments)
    assert applied == state(blog, start)


def fetch_newest(cli: Cli) -> int:
    ((number,),) = fetch(cli.url, "SELECT max(id) FROM journal_operations")
    return int(number)


def test_plan_contains_new_values_and_expected_version(blog: Cli) -> None:
    post = blog.json("post", "show", "2")
    result = blog.ok("post", "tag", "set", "b,a", "2", "--plan", "-")
    header, row = map(json.loads, result.lines)
    assert header["command"] == "post tag set b,a 2 --plan -"
    expected = {name: post[name] for name in ("id", "uuid", "slug", "version", "updated_at")}
    assert row == expected | {"change": {"tags": ["a", "b"]}}
    assert result.stderr == "Would update post 2 (two).\n"
    (_, row) = map(json.loads, blog.ok("post", "update", "2", "--slug", "new", "--plan", "-").lines)
    assert row == expected | {"change": {"slug": "new"}}
    (_, row) = map(json.loads, blog.ok("post", "delete", "2", "--purge", "--plan", "-").lines)
    assert row == expected | {"purge": True}


def test_plan_file_is_private_and_replaced_only_on_success(blog: Cli, tmp_path: Path) -> None:
    file = tmp_path / "plan.jsonl"
    blog.ok("post", "publish", "1", "--plan", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    failed = blog("post", "publish", "--all", "--max-affected", "1", "--plan", str(file))
    assert (failed.exit_code, file.read_text()) == (6, text)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".blogcli-")] == []
    missing = blog("post", "publish", "1", "--plan", str(tmp_path / "none" / "plan"))
    assert (missing.exit_code, missing.stderr.startswith("Error: Cannot write")) == (2, True)
    failed = blog("post", "publish", "1", "6", "--max-affected", "1", "--plan", "-")
    assert (failed.exit_code, failed.stdout) == (6, "")


def test_plan_on_stdout_excludes_output_options(blog: Cli) -> None:
    result = blog("post", "publish", "1", "--plan", "-", "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--plan - and an output option cannot be combined" in result.stderr


def test_plan_can_be_piped_and_is_escaped_on_terminal(blog: Cli) -> None:
    arguments = ("post", "update", "1", "--title", HOSTILE, "--plan", "-")
    shown = blog(*arguments, terminal=True)
    assert not set(shown.stdout) & set("\x1b\x9b\u202e\x85")
    assert json.loads(shown.stdout.splitlines()[1])["change"]["title"] == HOSTILE
    result = blog.ok("apply", stdin=blog.ok(*arguments).stdout)
    assert "Applied the plan to post 1 (one)." in result.stderr
    assert blog.json("post", "show", "1")["title"] == HOSTILE


def test_plan_asks_no_question_on_terminal(blog: Cli, tmp_path: Path) -> None:
    before = state(blog)
    for arguments in (("unpublish", "--all"), ("delete", "--all", "--purge"), ("replace", "e", "", "--all")):
        result = blog("post", *arguments, "--plan", str(tmp_path / "plan"), terminal=True)
        assert result.exit_code == 0
        assert "[y/N]" not in result.stderr
        assert "Wrote the plan to" in result.stderr
    assert state(blog) == before


def test_changed_posts_are_refused(blog: Cli) -> None:
    plan = blog.ok("post", "tag", "add", "new", "--all", "--sort", "id", "--plan", "-").stdout
    blog.ok("post", "update", "2", "--title", "Changed")
    blog.ok("post", "delete", "3", "--purge", "--yes")
    before = state(blog)
    result = blog("apply", stdin=plan)
    assert result.exit_code == 6
    message = "Posts were changed or deleted since the plan was made: two (id 2) (line 3), three (id 3) (line 4)"
    assert f"{message}; nothing was changed" in result.stderr
    assert state(blog) == before


def test_other_version_time_or_uuid_is_refused(blog: Cli) -> None:
    header, row = blog.ok("post", "tag", "add", "new", "1", "--plan", "-").lines
    values: dict[str, Any] = {
        "version": 99,
        "updated_at": "2020-01-01T00:00:00Z",
        "uuid": "11111111-1111-4111-8111-111111111111",
        "id": 2**70,
    }
    for name, value in values.items():
        changed = json.dumps(json.loads(row) | {name: value})
        assert blog("apply", stdin=f"{header}\n{changed}\n").exit_code == 6
    blog.ok("apply", stdin=f"{header}\n{row}\n")
    assert blog("apply", stdin=f"{header}\n{row}\n").exit_code == 6


def test_purge_must_be_confirmed(blog: Cli) -> None:
    plan = blog.ok("post", "delete", "1", "2", "--purge", "--plan", "-").stdout
    before = state(blog)
    result = blog("apply", stdin=plan)
    assert (result.exit_code, state(blog)) == (4, before)
    assert result.stderr == "Error: line 2: post 1 would be deleted permanently\nHint: Add --yes.\n"
    assert blog.ok("apply", "--dry-run", stdin=plan).lines == ["1", "2"]
    assert blog.ok("apply", "--yes", stdin=plan).lines == ["1", "2"]


def test_max_affected_limits_plan(blog: Cli) -> None:
    for arguments in (("tag", "add", "new", "1", "2"), ("delete", "1", "2", "--purge")):
        plan = blog.ok("post", *arguments, "--plan", "-").stdout
        assert blog("apply", "--yes", "--max-affected", "1", stdin=plan).exit_code == 6
    assert blog.ok("apply", "--yes", "--max-affected", "2", stdin=plan).lines == ["1", "2"]


HEADER = "the header of the plan"
ROW = "the row of the plan"
# Maps each damage to the lines of the damaged plan, the exit code and the message. A map in place of the first line
# replaces values of the header, and a map in place of any other line replaces values of the row.
DAMAGES: dict[str, tuple[list[str | dict[str, Any]], int, str]] = {
    "format": ([{"format": "other"}], 7, "line 1: not a plan of blogcli"),
    "version": ([{"version": 2}, ROW], 7, "line 1: the version of the plan must be 1, not 2"),
    "header": (["{", ROW], 7, "line 1: not valid JSON"),
    "json": ([HEADER, ROW, '{"id": 2, "uuid": '], 7, "line 3: not valid JSON"),
    "nesting": ([HEADER, "[" * 100_000], 7, "line 2: not valid JSON"),
    "number": ([HEADER, '{"id": NaN}'], 7, "line 2: not valid JSON"),
    "array": ([HEADER, "[1]"], 7, "line 2: not a JSON object"),
    "empty": ([HEADER, "", ROW], 7, "line 2: not valid JSON"),
    "twice": ([HEADER, ROW, ROW], 2, "line 3: post 1 is named twice"),
    "unknown": ([HEADER, {"cls": 1}], 7, "line 2: unknown field 'cls'"),
    "missing": ([HEADER, '{"id": 1, "change": {}}'], 7, "line 2: Uuid: field required"),
    "no change": ([HEADER, {"change": None}], 7, "line 2: the line must contain either"),
    "both": ([HEADER, {"purge": True}], 7, "line 2: the line must contain either"),
    "field": ([HEADER, {"change": {"words": 1}}], 7, "line 2: Change words: extra inputs"),
    "title": ([HEADER, {"change": {"title": ""}}], 7, "line 2: Change title: must not be empty"),
    "null": ([HEADER, {"change": {"tags": None}}], 7, "line 2: Change tags: must not be null"),
    "nul": ([HEADER, {"change": {"content": "\0"}}], 7, "line 2: Change content: contains a NUL"),
    "status": ([HEADER, {"change": {"status": "trashed"}}], 7, "line 2: Change status: input"),
    "date": ([HEADER, {"change": {"status": "published"}}], 7, "line 2: a published post needs a date"),
    "zone": ([HEADER, {"change": {"expires_at": "2090-01-01T00:00:00"}}], 7, "line 2: Change expires at"),
    "author": ([HEADER, {"change": {"author": "eve@x.org"}}], 5, "line 2: No such user: eve@x.org"),
    "slug": ([HEADER, {"change": {"slug": "two"}}], 6, "line 2: The slug 'two' is taken by post 2"),
}


def damaged(header: str, row: str, lines: list[str | dict[str, Any]]) -> str:
    """Return the text of a plan with these lines."""
    texts: list[str] = []
    for number, line in enumerate(lines):
        base = row if number else header
        if isinstance(line, dict):
            texts.append(json.dumps(json.loads(base) | line))
        else:
            texts.append(base if line in (HEADER, ROW) else line)
    return "".join(f"{text}\n" for text in texts)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_plan_changes_nothing(blog: Cli, damage: str) -> None:
    lines, code, message = DAMAGES[damage]
    header, row = blog.ok("post", "tag", "add", "new", "1", "--plan", "-").lines
    before = state(blog)
    result = blog("apply", stdin=damaged(header, row, lines))
    assert (result.exit_code, state(blog)) == (code, before)
    assert result.stderr.startswith(f"Error: {message}")
    assert len(result.stderr.splitlines()) <= 2


def test_truncated_plan_is_refused(blog: Cli) -> None:
    plan = blog.ok("post", "tag", "add", "new", "1", "2", "--plan", "-").stdout
    result = blog("apply", stdin=plan.rstrip("\n"))
    assert (result.exit_code, result.stderr.splitlines()[0]) == (7, "Error: line 3: the line is incomplete")
    result = blog("apply", stdin=plan.encode()[:-9] + b"\xff\n")
    assert "line 3: byte " in result.stderr
    result = blog("apply", stdin="\n".join(plan.splitlines()[:1]) + "\n")
    assert (result.exit_code, result.stderr) == (0, "Nothing to do.\n")


def test_plan_with_deleted_author_is_refused(blog: Cli) -> None:
    plan = blog.ok("post", "update", "1", "--author", "bob@example.org", "--plan", "-").stdout
    blog.ok("user", "delete", "bob@example.org", "--yes")
    result = blog("apply", stdin=plan)
    assert (result.exit_code, "line 2: No such user: bob@example.org" in result.stderr) == (5, True)


def test_plan_runs_in_batch(blog: Cli, tmp_path: Path) -> None:
    script = tmp_path / "lines"
    plan = tmp_path / "plan.jsonl"
    script.write_text(f"post publish 1 --plan {plan}\napply {plan}\npost tag add new 1 --plan {plan}\n")
    blog.ok("batch", str(script), "--atomic")
    assert (state(blog)[0]["status"], state(blog)[0]["tags"]) == ("published", ["kept", "old"])


def test_all_posts_of_plan_were_deleted(blog: Cli) -> None:
    plan = blog.ok("post", "tag", "add", "new", "1", "--plan", "-").stdout
    blog.ok("post", "delete", "1", "--purge", "--yes")
    assert blog("apply", stdin=plan).exit_code == 6


@pytest.mark.stress
@pytest.mark.untraced
def test_plan_of_many_posts_needs_constant_memory(cli: Cli, tmp_path: Path) -> None:
    # A long word takes less time to index than many short words. In the short form, few posts have long texts.
    few, many, size = (2_000, 10_000, 20_000) if IS_FULL else (100, 200, 100_000)
    cli.ok("db", "seed", "--posts", many, "--users", 3)
    cli.ok("post", "update", "--all", "--content", f"word {'x' * size}")
    target = tmp_path / "plan.jsonl"
    replace = ("post", "replace", "word", "term", "--all", "--plan", str(target))
    plan_peaks: list[int] = []
    apply_peaks: list[int] = []
    for count in (few, many):
        plan_peaks.append(peak_memory(cli, *replace, "--limit", str(count)))
        assert len(target.read_bytes().splitlines()) == count + 1
        apply_peaks.append(peak_memory(cli, "apply", str(target), "--dry-run"))
    additional_kilobytes = (many - few) * size // 1_024
    assert plan_peaks[1] - plan_peaks[0] < additional_kilobytes / 2
    assert apply_peaks[1] - apply_peaks[0] < additional_kilobytes / 2
    cli.ok("apply", str(target))
    assert cli.ok("post", "list", "--contains", "term", "--format", "count").stdout == f"{many}\n"


def peak_memory(cli: Cli, *arguments: str) -> int:
    """Run a command line that must succeed in a process, and return the maximum size of the process in KiB."""
    command = [sys.executable, "-c", PEAK_MEMORY, str(SCRIPT), *arguments]
    return int(subprocess.run(command, env=cli.environ, capture_output=True, check=True).stdout)
