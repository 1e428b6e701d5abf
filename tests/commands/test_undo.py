"""Tests of `blogcli undo` and `blogcli redo`: what they select, what prevents them, and what they print."""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from subprocess import DEVNULL, PIPE, Popen

import asyncpg
import pytest

from tests.command_line import Cli, Result
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot
from tests.subprocesses import SCRIPT

CONFLICT = 6
NOT_FOUND = 5
NOT_CONFIRMED = 4
USAGE = 2
IS_SESSION_WAITING = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'
    )
"""


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create two users and two posts with operations 1 to 4."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("user", "create", "bob@example.org", "--no-password")
    for title in ("Hello", "World"):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", "text", "--tag", "x")


def newest_operation(url: str) -> int:
    return int(fetch(url, "SELECT max(id) FROM journal_operations")[0][0])


@pytest.fixture
def newest(blog: Cli) -> Callable[[], int]:
    """Return a function that returns the id of the newest operation."""
    return lambda: newest_operation(blog.url)


def assert_refused(result: Result, *texts: str) -> None:
    assert result.exit_code == CONFLICT, result.stderr
    for text in texts:
        assert text in result.stderr


def test_undo_needs_operation_without_terminal(blog: Cli) -> None:
    result = blog("undo")
    assert (result.exit_code, "must be named" in result.stderr) == (USAGE, True)
    assert blog("redo").exit_code == USAGE


def test_undo_on_terminal_reverts_last_command(blog: Cli) -> None:
    blog.ok("post", "publish", "hello")
    result = blog("undo", terminal=True)
    assert result.exit_code == 0
    assert "(post publish hello): 1 post changed." in result.stderr
    assert blog.ok("post", "show", "hello", "--field", "status").stdout == "draft\n"
    assert blog.ok("post", "show", "hello", "--field", "version").stdout == "1\n"


def test_undo_prints_id_of_new_operation(blog: Cli, newest: Callable[[], int]) -> None:
    result = blog.ok("undo", newest())
    assert result.stdout == f"{newest()}\n"
    record = blog.json("redo", newest(), "--format", "json")[0]
    assert record == {
        "id": newest(),
        "kind": "redo",
        "operations": [4],
        "users": 0,
        "posts": 1,
        "tags": 0,
        "links": 1,
        "commands": record["commands"],
    }


def test_changing_command_tells_how_to_undo_it_on_terminal(blog: Cli) -> None:
    assert "`blogcli undo` reverts this." in blog("post", "publish", "hello", terminal=True).stderr
    assert "undo" not in blog("post", "publish", "hello", terminal=True).stderr
    assert "undo" not in blog("post", "unpublish", "hello", "--dry-run", terminal=True).stderr
    assert "undo" not in blog.ok("post", "unpublish", "hello").stderr


def test_undo_of_unknown_operation_is_not_found(blog: Cli) -> None:
    assert blog("undo", 99).exit_code == NOT_FOUND
    assert blog("redo", 99).exit_code == NOT_FOUND
    assert blog("undo", "--back-to", 99, "--yes").exit_code == NOT_FOUND


def test_operation_is_undone_only_once(blog: Cli, newest: Callable[[], int]) -> None:
    operation = newest()
    blog.ok("undo", operation)
    assert_refused(blog("undo", operation), f"was already undone by operation {newest()}", "blogcli redo 4")
    blog.ok("redo", operation)
    assert_refused(blog("redo", operation), "was not undone")


def test_undo_of_undo_is_redo_and_undo_of_redo_is_undo(blog: Cli, newest: Callable[[], int]) -> None:
    blog.ok("undo", 4)
    blog.ok("undo", newest())
    assert blog("post", "exists", "world").exit_code == 0
    blog.ok("undo", newest())
    assert blog("post", "exists", "world").exit_code == NOT_FOUND
    assert [row[0] for row in kinds(blog)] == ["command"] * 4 + ["undo", "redo", "undo"]


def kinds(blog: Cli) -> list[tuple[str]]:
    return fetch(blog.url, "SELECT kind FROM journal_operations ORDER BY id")


def test_dry_run_changes_nothing(blog: Cli, newest: Callable[[], int]) -> None:
    result = blog.ok("undo", 4, "--dry-run")
    assert result.stderr.startswith("Would undo 4 (post create --title World")
    assert newest() == 4
    assert blog("post", "exists", "world").exit_code == 0


def test_back_to_undoes_all_later_operations(blog: Cli) -> None:
    blog.ok("post", "publish", "--all", "--yes")
    blog.ok("tag", "rename", "x", "y")
    assert blog("undo", "--back-to", 3).exit_code == NOT_CONFIRMED
    blog.ok("undo", "--back-to", 3, "--yes")
    assert blog.ok("post", "list", "--field", "slug").stdout == "hello\n"
    assert blog.ok("tag", "list", "--field", "name").stdout == "x\n"
    blog.ok("redo", 5, "--yes")
    assert blog.ok("post", "list", "--field", "status").stdout == "published\npublished\n"


def test_back_to_is_refused_if_older_operation_was_undone_afterwards(blog: Cli) -> None:
    blog.ok("undo", 4, "--yes")
    blog.ok("tag", "rename", "x", "y")
    refused = blog("undo", "--back-to", 4, "--yes")
    assert refused.exit_code == CONFLICT
    assert "(undo 4 --yes) has undone changes up to operation 4\nHint: Run `blogcli undo 5` first." in refused.stderr
    blog.ok("undo", 5, "--yes")
    blog.ok("undo", "--back-to", 4, "--yes")
    assert blog.ok("post", "list", "--sort", "id", "--field", "slug").stdout == "hello\nworld\n"
    assert blog.ok("tag", "list", "--field", "name").stdout == "x\n"


def test_back_to_is_refused_if_older_operation_was_redone_afterwards(blog: Cli) -> None:
    blog.ok("undo", 4, "--yes")
    blog.ok("redo", 5, "--yes")
    blog.ok("tag", "rename", "x", "y")
    refused = blog("undo", "--back-to", 5, "--yes")
    assert refused.exit_code == CONFLICT
    assert "has redone changes up to operation 5\nHint: Run `blogcli undo 6` first." in refused.stderr
    blog.ok("undo", 6, "--yes")
    blog.ok("undo", "--back-to", 5, "--yes")
    assert blog.ok("post", "list", "--field", "slug").stdout == "hello\n"
    assert blog.ok("tag", "list", "--field", "name").stdout == "x\n"


def test_undo_is_prevented_by_operation_between_targets(blog: Cli, newest: Callable[[], int]) -> None:
    operations = []
    for title in ("One", "Two", "Three"):
        blog.ok("post", "update", "hello", "--title", title)
        operations.append(newest())
    first, second, third = operations
    result = blog("undo", first, third, "--yes")
    assert_refused(result, "post 1 (hello) was changed", f"operation {second} ")
    assert blog.ok("post", "show", "hello", "--field", "title").stdout == "Three\n"
    blog.ok("undo", first, second, third, "--yes")
    assert blog.ok("post", "show", "hello", "--field", "title").stdout == "Hello\n"


def test_row_that_later_operation_has_changed_prevents_undo(blog: Cli) -> None:
    blog.ok("post", "publish", "hello")
    blog.ok("post", "update", "hello", "--title", "Later")
    assert_refused(blog("undo", 5), "post 1 (hello) was changed (operation 6 (post update hello --title Later))")
    blog.ok("undo", 6)
    blog.ok("undo", 5)


def test_row_that_other_program_has_changed_prevents_undo(blog: Cli) -> None:
    blog.ok("post", "publish", "hello")
    execute(blog.url, "UPDATE posts SET title = 'Outside' WHERE id = 1")
    assert_refused(blog("undo", 5), "post 1 (hello) was changed (operation 6 (outside, ")
    blog.ok("undo", 5, "--with-later", "--yes")
    assert blog.ok("post", "show", "hello", "--field", "title").stdout == "Hello\n"


def test_link_that_would_be_deleted_as_well_prevents_undo(blog: Cli) -> None:
    blog.ok("tag", "create", "new")
    blog.ok("post", "tag", "add", "new", "hello")
    assert_refused(blog("undo", 5), "tag 2 (new) of post 1 (hello) would be deleted as well (operation 6 (post tag add")


def test_post_of_user_prevents_undo_of_user(blog: Cli) -> None:
    assert_refused(blog("undo", 1), "post 1 (hello) belongs to a user who would be deleted (operation 3 (post create")
    blog.ok("undo", 1, "--with-later", "--yes")
    assert blog.ok("post", "list", "--format", "count").stdout == "0\n"


@pytest.mark.parametrize(
    ("change", "undone", "later", "text"),
    [
        (["post", "update", "hello", "--slug", "old"], 5, ["post", "update", "world", "--slug", "hello"], "this slug"),
        (["user", "update", "bob@example.org", "--email", "b@example.org"], 5,
         ["user", "create", "bob@example.org", "--no-password"], "this e-mail address"),
        (["tag", "rename", "x", "y"], 5, ["tag", "create", "X"], "this name"),
    ],
)  # fmt: skip
def test_holder_of_unique_value_prevents_undo(
    blog: Cli, change: list[str], undone: int, later: list[str], text: str
) -> None:
    blog.ok(*change)
    blog.ok(*later)
    assert_refused(blog("undo", undone), f"has {text} (operation 6")
    blog.ok("undo", undone, "--with-later", "--yes")


def test_missing_parent_prevents_undo(blog: Cli) -> None:
    blog.ok("post", "delete", "hello", "--purge", "--yes")
    blog.ok("post", "delete", "world", "--purge", "--yes")
    blog.ok("user", "delete", "ann@example.org", "--yes")
    assert_refused(blog("undo", 5), "user 1 does not exist, and a restored post refers to it (operation 7 (user delete")
    blog.ok("tag", "prune", "--yes")
    blog.ok("undo", 7)
    assert_refused(blog("undo", 5), "tag 1 does not exist, and a restored link refers to it", "(tag prune --yes)")
    blog.ok("undo", 5, "--with-later", "--yes")
    assert blog.ok("post", "show", "hello", "--field", "tags").stdout == "x\n"


def test_redo_is_refused_after_undo_of_earlier_operation(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--title", "One")
    blog.ok("post", "update", "hello", "--title", "Two")
    blog.ok("undo", 6)
    blog.ok("undo", 5)
    assert_refused(blog("redo", 6), "post 1 (hello) was changed (operation 8 (undo 5))", "blogcli undo 8")
    blog.ok("redo", 5)
    blog.ok("redo", 6)
    assert blog.ok("post", "show", "hello", "--field", "title").stdout == "Two\n"


def test_undo_of_one_post_leaves_others_changed(blog: Cli, newest: Callable[[], int]) -> None:
    blog.ok("post", "publish", "--all", "--yes")
    blog.ok("undo", 5, "--post", "hello")
    assert blog.ok("post", "list", "--sort", "id", "--field", "status").stdout == "draft\npublished\n"
    blog.ok("undo", newest())
    assert blog.ok("post", "list", "--sort", "id", "--field", "status").stdout == "published\npublished\n"


def test_undo_of_one_purged_post_restores_only_it(blog: Cli) -> None:
    blog.ok("post", "delete", "--all", "--purge", "--yes")
    blog.ok("undo", 5, "--post", "id:2")
    assert blog.ok("post", "list", "--field", "slug").stdout == "world\n"
    assert blog.ok("post", "show", "world", "--field", "tags").stdout == "x\n"
    assert blog.ok("post", "search", "text", "--field", "slug").stdout == "world\n"


def test_records_cannot_be_combined_or_stand_alone(blog: Cli) -> None:
    assert blog("undo", 5, "--post", "hello", "--tag", "x").exit_code == USAGE
    assert blog("undo", "--post", "hello", terminal=True).exit_code == USAGE
    assert blog("undo", 5, "--back-to", 3).exit_code == USAGE
    blog.ok("undo", 4)
    assert blog("undo", 4, 5).exit_code == USAGE


def test_undo_of_former_password_asks(blog: Cli) -> None:
    blog.ok("user", "set-password", "ann@example.org", "--password-stdin", stdin="correct horse\n")
    blog.ok("user", "set-password", "ann@example.org", "--password-stdin", stdin="battery staple\n")
    assert blog("undo", 6).exit_code == NOT_CONFIRMED
    assert "a former password, which becomes valid again" in blog("undo", 6, terminal=True, stdin="n\n").stderr
    blog.ok("undo", 6, "--yes")
    check = ("user", "check-password", "ann@example.org", "--password-stdin")
    assert blog(*check, stdin="correct horse\n").exit_code == 0


def test_undo_of_operation_of_other_user_asks(blog: Cli) -> None:
    execute(blog.url, "UPDATE journal_operations SET actor = 'zoe' WHERE id = 4")
    assert blog("undo", 4).exit_code == NOT_CONFIRMED
    assert "by zoe" in blog("undo", 4, terminal=True, stdin="n\n").stderr
    assert "(post create --title Hello" in blog("undo", "--dry-run", terminal=True).stderr


def test_undo_of_erased_values_is_refused(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--title", "New")
    execute(blog.url, "UPDATE journal_changes SET was = NULL WHERE operation_id = 5")
    assert_refused(blog("undo", 5), "were erased by `blogcli log forget`")


def test_undo_notices_rows_that_do_not_match_journal(blog: Cli) -> None:
    blog.ok("post", "publish", "hello")
    disable = {
        "sqlite": "DROP TRIGGER journal_posts_delete; DELETE FROM posts WHERE id = 1",
        "postgres": "ALTER TABLE posts DISABLE TRIGGER journal_change; DELETE FROM posts WHERE id = 1",
    }
    execute(blog.url, disable["postgres" if blog.url.startswith("postgres") else "sqlite"])
    assert_refused(blog("undo", 5), "The journal does not match posts: 0 of 1 changed rows were found")


def test_message_truncates_long_command(blog: Cli) -> None:
    blog.ok("tag", "create", *(f"tag-{number}" for number in range(50)))
    result = blog.ok("undo", 5)
    assert result.stderr.startswith("Undid 5 (tag create tag-0 tag-1 ")
    assert len(result.stderr.splitlines()[0]) < 180


def test_user_whose_posts_were_changed_is_undone_with_later(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--slug", "other")
    blog.ok("post", "update", "world", "--author", "bob@example.org")
    result = blog("undo", 1)
    assert (result.exit_code, "belongs to a user who would be deleted" in result.stderr) == (CONFLICT, True)
    (undone,) = blog.ok("undo", 1, "--with-later", "--yes", "--format", "json").json
    assert blog.ok("user", "list", "--field", "email").lines == ["bob@example.org"]
    assert blog.ok("post", "list", "--format", "count").stdout == "0\n"
    blog.ok("redo", undone["id"], "--yes")
    assert blog.ok("post", "list", "--sort", "id", "--field", "slug").lines == ["other", "world"]


def test_two_undos_at_once_undo_once(blog: Cli) -> None:
    line = [sys.executable, "-m", "blogcli", "undo", "4"]
    processes = [Popen(line, env=blog.environ, stdout=DEVNULL, stderr=DEVNULL) for _ in range(2)]
    assert sorted(process.wait() for process in processes) == [0, CONFLICT]
    assert fetch(blog.url, "SELECT count(*) FROM journal_operations WHERE kind = 'undo'") == [(1,)]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_change_that_is_committed_while_undo_waits_is_kept(blog: Cli, verb: str) -> None:
    blog.ok("post", "update", "hello", "--title", "First")
    if verb == "redo":
        blog.ok("undo", 5)
    with asyncio.Runner() as runner, ThreadPoolExecutor(1) as pool:
        other = runner.run(asyncpg.connect(blog.url))
        runner.run(other.execute("BEGIN; UPDATE posts SET title = 'Other', excerpt = 'Other' WHERE id = 1"))
        process = Popen([SCRIPT, verb, "5", "--yes"], env=blog.environ, stdout=DEVNULL, stderr=PIPE)
        undo = pool.submit(process.communicate)
        while fetch(blog.url, IS_SESSION_WAITING) == [(False,)]:
            assert not undo.done(), undo.result()
        runner.run(other.execute("COMMIT"))
        runner.run(other.close())
        _, message = undo.result()
    assert b"was changed" in message
    assert fetch(blog.url, "SELECT title, excerpt FROM posts WHERE id = 1") == [("Other", "Other")]


def test_undo_updates_search_index(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--content", "other words")
    blog.ok("undo", 5)
    assert blog.ok("post", "search", "text", "--format", "count").stdout == "2\n"
    assert blog.ok("post", "search", "words", "--format", "count").stdout == "0\n"
    assert blog.json("db", "check") == []


def test_swapped_slugs_are_undone_and_redone(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--slug", "temporary")
    blog.ok("post", "update", "world", "--slug", "hello")
    blog.ok("post", "update", "temporary", "--slug", "world")
    blog.ok("undo", 5, 6, 7, "--yes")
    assert blog.ok("post", "list", "--sort", "id", "--field", "slug").stdout == "hello\nworld\n"
    blog.ok("redo", 5, "--yes")
    assert blog.ok("post", "list", "--sort", "id", "--field", "slug").stdout == "world\nhello\n"


def test_ids_are_not_used_again_after_undo(blog: Cli) -> None:
    blog.ok("undo", 4)
    created = blog.ok("post", "create", "--title", "New", "--author", "ann@example.org", "--content", "x").stdout
    assert created == "3\n"


def test_dry_run_on_terminal_shows_changed_rows(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--title", "\x1b[31mNew", "--add-tag", "y")
    result = blog("undo", "--dry-run", terminal=True, NO_COLOR="1")
    assert result.stdout.splitlines() == [
        "post 1 (hello)  title \\u001b[31mNew -> Hello; tags -y",
        "tag 2 (y)  deleted",
    ]
    assert blog.ok("undo", 5, "--dry-run").stdout.strip().isdecimal()


def test_dry_run_on_terminal_uses_styles(blog: Cli) -> None:
    assert "\x1b[1mpost 2 (world)\x1b[0m" in blog("undo", "--dry-run", terminal=True, TERM="xterm").stdout


def test_undo_counts_each_changed_row_once(blog: Cli) -> None:
    blog.ok("post", "update", "hello", "--title", "One")
    blog.ok("post", "update", "hello", "--title", "Two")
    assert ": 1 post changed." in blog.ok("undo", 5, 6, "--yes").stderr


def test_post_that_would_be_given_back_to_removed_user_prevents_undo(blog: Cli) -> None:
    blog.ok("user", "delete", "ann@example.org", "--purge-posts", "--yes")
    assert_refused(
        blog("undo", 1, 5, "--yes"), "post 1 belongs to a user who would be deleted (operation 3 (post create"
    )
    blog.ok("undo", 1, "--with-later", "--yes")
    assert blog.ok("post", "list", "--format", "count").stdout == "0\n"
