"""Tests of `blogcli tag`."""

from typing import Any

import pytest

from tests.command_line import UNDO_HINT, Cli, Result
from tests.snapshots import cli_snapshot


@cli_snapshot
def tagged(cli: Cli) -> None:
    """Create the tags Py (id 1, two posts), db (2, a post and a trashed post), web (3, a trashed post) and idle (4)."""
    for name in ("Py", "db", "web", "idle"):
        cli.ok("tag", "create", name)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title, tags in (("One", ["py", "DB"]), ("Two", ["PY"]), ("Three", ["db"]), ("Four", ["web"])):
        options = [word for tag in tags for word in ("--tag", tag)]
        cli.ok("post", "create", "--title", title, "--author", "1", *options)
    cli.ok("post", "delete", "three", "four", "--yes")


def counts(cli: Cli, *arguments: str) -> list[tuple[str, int]]:
    return [(tag["name"], tag["posts"]) for tag in cli.json("tag", "list", *arguments)]


def tags_of(cli: Cli, post: str) -> Any:
    return cli.json("post", "show", post)["tags"]


def test_create_prints_ids_unless_on_terminal(cli: Cli) -> None:
    created = cli.ok("tag", "create", "python", "C++", "写真")
    assert (sorted(created.lines), created.stderr) == (["1", "2", "3"], "Created 3 tags.\n")
    shown = cli("tag", "create", "web", terminal=True)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", f"Created tag 4 (web).\n{UNDO_HINT}")
    assert cli.ok("--quiet", "tag", "create", "db") == Result(0, "5\n", "")


def test_create_names_that_differ_only_in_case_or_width_creates_one_tag(cli: Cli) -> None:
    (created,) = cli.json("tag", "create", "Py", "pY", "ＰＹ")
    assert created == {"id": 1, "name": "Py", "posts": 0}


@pytest.mark.parametrize("name", ["Py", "PY", "ｐｙ", "  py "])
def test_reference_ignores_case_and_width(cli: Cli, name: str) -> None:
    cli.ok("tag", "create", "Py")
    assert cli("tag", "create", "new", name).exit_code == 6
    assert counts(cli) == [("Py", 0)]
    assert cli.json("tag", "show", name)["id"] == 1
    assert cli("tag", "exists", name).exit_code == 0


def test_create_collapses_spaces_of_name(cli: Cli) -> None:
    (created,) = cli.json("tag", "create", "  open   source ")
    assert created["name"] == "open source"


@pytest.mark.parametrize(("name", "code"), [("x" * 50, 0), ("x" * 51, 7), (" ", 2), ("a,b", 7), ("a\tb", 7)])
def test_create_and_rename_invalid_name_is_refused(tagged: Cli, name: str, code: int) -> None:
    assert tagged("tag", "create", name).exit_code == code
    assert tagged("tag", "rename", "idle" if code else name, name).exit_code == code


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), ["db", "idle", "Py", "web"]),
        (("--sort", "-name"), ["web", "Py", "idle", "db"]),
        (("--sort", "id"), ["Py", "db", "web", "idle"]),
        (("--sort", "-posts", "--limit", "2"), ["Py", "db"]),
        (("--offset", "3"), ["web"]),
        (("--limit", "0"), ["db", "idle", "Py", "web"]),
    ],
)
def test_list_with_sort_limit_or_offset(tagged: Cli, options: tuple[str, ...], names: list[str]) -> None:
    assert [name for name, _ in counts(tagged, *options)] == names


def test_list_counts_posts_that_are_not_trashed(tagged: Cli) -> None:
    assert counts(tagged) == [("db", 1), ("idle", 0), ("Py", 2), ("web", 0)]
    assert tagged("tag", "list", "--limit", "1", terminal=True).stderr == "1 of 4; --limit 0 for all\n"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--unused",), ["idle"]),
        (("--unused", "--contains", "i"), ["idle"]),
        (("--unused", "--contains", "w"), []),
        (("--contains", "B"), ["db", "web"]),
        (("--contains", "ｐｙ"), ["Py"]),
        (("--contains", "%"), []),
        (("--contains", "b", "--sort", "-posts", "--limit", "1"), ["db"]),
    ],
)
def test_list_with_filter(tagged: Cli, options: tuple[str, ...], names: list[str]) -> None:
    assert [name for name, _ in counts(tagged, *options)] == names


def test_list_on_terminal_prints_number_of_filtered_tags(tagged: Cli) -> None:
    limited = tagged("tag", "list", "--contains", "b", "--limit", "1", terminal=True)
    assert limited.stderr == "1 of 2; --limit 0 for all\n"
    assert tagged("tag", "list", "--unused", terminal=True).stderr == "1 tag\n"


def test_show_on_terminal_lists_newest_posts(tagged: Cli) -> None:
    shown = tagged("tag", "show", "py", terminal=True, NO_COLOR="1")
    assert [line.split()[:2] for line in shown.stdout.splitlines()[-2:]] == [["2", "Two"], ["1", "One"]]
    assert shown.stderr == ""
    for number in range(10):
        tagged.ok("post", "create", "--title", f"More {number}", "--author", "1", "--tag", "py", "--tag", "it's")
    shown = tagged("tag", "show", "it's", terminal=True)
    assert "More 0" in shown.stdout
    shown = tagged("tag", "show", "py", terminal=True, NO_COLOR="1")
    assert ("More 0" in shown.stdout, "Two" in shown.stdout) == (True, False)
    assert shown.stderr == "The newest 10 of 12 posts; `blogcli post list --tag Py` lists them.\n"
    for options in (("py", "db"), ("idle",), ("web",), ("py", "--fields", "id"), ("py", "--format", "json")):
        assert "One" not in tagged("tag", "show", *options, terminal=True).stdout
    assert "One" not in tagged.ok("tag", "show", "py").stdout


def test_missing_tag_hints_at_similar_name(tagged: Cli) -> None:
    tagged.ok("tag", "create", "python")
    refused = tagged("tag", "show", "phyton", "no", "id:99")
    assert refused.exit_code == 5
    assert "Hint: Did you mean 'python'? Run `blogcli tag list` to list all tags." in refused.stderr
    assert "Hint: Run `blogcli tag list` to list all tags." in tagged("tag", "rename", "java", "x").stderr
    for command in (("post", "list", "--tag", "phyton"), ("post", "tag", "remove", "phyton", "--all")):
        assert "Did you mean 'python'?" in tagged(*command).stderr


def test_show_json_of_one_and_of_several_tags(tagged: Cli) -> None:
    assert tagged.json("tag", "show", "py") == {"id": 1, "name": "Py", "posts": 2}
    assert [tag["id"] for tag in tagged.json("tag", "show", "web", "id:1")] == [3, 1]
    missing = tagged("tag", "show", "py", "no", "id:99")
    assert (missing.exit_code, missing.stdout) == (5, "")
    assert "No such tags: no, id:99" in missing.stderr


def test_reference_number_is_name_unless_prefixed_with_id(tagged: Cli) -> None:
    assert tagged("tag", "exists", "4").exit_code == 5
    tagged.ok("tag", "create", "4")
    assert tagged.json("tag", "show", "4") == {"id": 5, "name": "4", "posts": 0}
    assert tagged.json("tag", "show", "id:4")["name"] == "idle"
    tagged.ok("tag", "delete", "4", "--yes")
    assert tagged("tag", "exists", "idle").exit_code == 0


def test_rename_changes_tag_of_posts(tagged: Cli) -> None:
    renamed = tagged.ok("tag", "rename", "PY", "Python")
    assert (renamed.stdout, renamed.stderr) == ("1\n", "Renamed tag 1 (Python).\n")
    assert tags_of(tagged, "two") == ["Python"]
    assert tagged("tag", "exists", "py").exit_code == 5


def test_rename_to_other_case_keeps_tag(tagged: Cli) -> None:
    assert tagged.json("tag", "rename", "py", "PY") == {"id": 1, "name": "PY", "posts": 2}
    assert tagged.ok("tag", "rename", "py", "PY").stderr == "Nothing to do: 1 tag unchanged.\n"


def test_rename_to_existing_name_or_of_unknown_tag_is_refused(tagged: Cli) -> None:
    refused = tagged("tag", "rename", "py", "DB")
    assert refused.exit_code == 6
    assert "blogcli tag merge py DB" in refused.stderr
    assert tagged("tag", "rename", "no", "new").exit_code == 5


def test_rename_hint_is_quoted_for_shell(tagged: Cli) -> None:
    tagged.ok("tag", "create", "it's $HOME")
    assert """blogcli tag merge py 'it'"'"'s $HOME'`""" in tagged("tag", "rename", "py", "it's $HOME").stderr


def test_merge_moves_posts_to_last_tag(tagged: Cli) -> None:
    merged = tagged.ok("tag", "merge", "PY", "web", "db", "--yes")
    assert (merged.stdout, merged.stderr) == ("2\n", "Merged into tag 2 (db).\n")
    assert counts(tagged) == [("db", 2), ("idle", 0)]
    assert tags_of(tagged, "one") == ["db"]
    tagged.ok("post", "restore", "four")
    assert tags_of(tagged, "four") == ["db"]


@pytest.mark.parametrize(
    ("names", "code"),
    [(("py", "PY"), 2), (("db", "ｐｙ", "id:1"), 2), (("py",), 2), (("no", "py"), 5), (("py", "no"), 5)],
)
def test_merge_same_single_or_unknown_tags_is_refused(tagged: Cli, names: tuple[str, ...], code: int) -> None:
    assert tagged("tag", "merge", *names, "--yes").exit_code == code
    assert counts(tagged) == [("db", 1), ("idle", 0), ("Py", 2), ("web", 0)]


def test_delete_keeps_posts(tagged: Cli) -> None:
    deleted = tagged.ok("tag", "delete", "PY", "idle", "--yes")
    assert (deleted.stdout, deleted.stderr) == ("1\n4\n", "Deleted 2 tags.\n")
    assert tags_of(tagged, "one") == ["db"]
    assert tags_of(tagged, "two") == []


def test_delete_from_stdin_with_missing_tags(tagged: Cli) -> None:
    command = ("tag", "delete", "--from", "-", "--yes")
    names = "idle\r\n\nno such\n"
    assert tagged(*command, stdin=names).exit_code == 5
    assert tagged("tag", "exists", "idle").exit_code == 0
    deleted = tagged.ok("--quiet", *command, "--ignore-missing", stdin=names)
    assert deleted == Result(0, "4\n", "Warning: no such tag: no such\n")


def test_prune_keeps_tags_of_trashed_posts(tagged: Cli) -> None:
    pruned = tagged.ok("tag", "prune", "--yes")
    assert (pruned.stdout, pruned.stderr) == ("4\n", "Deleted tag 4 (idle).\n")
    assert tagged.ok("tag", "prune", "--yes") == Result(0, "", "Nothing to do.\n")
    assert counts(tagged) == [("db", 1), ("Py", 2), ("web", 0)]


@pytest.mark.parametrize("arguments", [("merge", "py", "db"), ("delete", "idle"), ("prune",)])
def test_deletion_asks_for_confirmation(tagged: Cli, arguments: tuple[str, ...]) -> None:
    counts_before = counts(tagged)
    assert tagged("tag", *arguments).exit_code == 4
    assert tagged("tag", *arguments, stdin="\n", terminal=True).exit_code == 4
    assert counts(tagged) == counts_before
    assert tagged("tag", *arguments, stdin="y\n", terminal=True).exit_code == 0
    assert len(counts(tagged)) == len(counts_before) - 1


def test_confirmation_names_tags_with_numbers_of_posts(tagged: Cli) -> None:
    questions = {
        ("merge", "PY", "id:4", "db"): "Merge Py (2 posts), idle (0 posts) into db, in ",
        ("delete", "py", "db"): "Delete Py (2 posts), db (1 post), in ",
        ("prune",): "Delete idle (0 posts), in ",
    }
    for arguments, question in questions.items():
        declined = tagged("tag", *arguments, stdin="n\n", terminal=True)
        assert (declined.exit_code, declined.stderr.startswith(question)) == (4, True)
    for arguments, code in ((("merge", "py", "no"), 5), (("merge", "py", "PY"), 2), (("delete", "no"), 5)):
        refused = tagged("tag", *arguments, stdin="y\n", terminal=True)
        assert (refused.exit_code, "[y/N]" in refused.stderr) == (code, False)
    tagged.ok("tag", "create", *(f"t{number}" for number in range(30)))
    declined = tagged("tag", "prune", stdin="n\n", terminal=True)
    assert "t11 (0 posts), and 26 other tags (0 posts), in " in declined.stderr
    tagged.ok("tag", "prune", "--yes")
    assert tagged("tag", "prune", terminal=True).stderr == "Nothing to do.\n"


def test_dry_run_on_terminal_lists_tags_that_would_change(tagged: Cli) -> None:
    planned = {
        ("merge", "PY", "web", "db"): ["Py", "web"],
        ("delete", "py", "idle"): ["Py", "idle"],
        ("prune",): ["idle"],
    }
    for arguments, names in planned.items():
        shown = tagged("tag", *arguments, "--dry-run", terminal=True, NO_COLOR="1")
        assert [line.split()[1] for line in shown.stdout.splitlines()[2:]] == names, shown
        assert shown.stderr.startswith("Would ")
    tagged.ok("tag", "create", *(f"t{number}" for number in range(30)))
    shown = tagged("tag", "prune", "-n", terminal=True)
    assert len(shown.stdout.splitlines()) == 22
    assert shown.stderr == "20 of 31 tags; --format table lists them all.\nWould delete 31 tags.\n"
    assert len(tagged("tag", "prune", "-n", "--format", "table", "--no-pager", terminal=True).stdout.splitlines()) == 33
    assert len(counts(tagged)) == 34


def test_exists_prints_nothing(tagged: Cli) -> None:
    assert tagged("tag", "exists", "PY", "id:2") == Result(0, "", "")
    assert tagged("tag", "exists", "py", "no") == Result(5, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create", "new", "newer"), "Would create 2 tags.\n"),
        (("rename", "py", "Python"), "Would rename tag 1 (Python).\n"),
        (("merge", "py", "db"), "Would merge into tag 2 (db).\n"),
        (("delete", "py"), "Would delete tag 1 (Py).\n"),
        (("prune",), "Would delete tag 4 (idle).\n"),
    ],
)
def test_dry_run_prints_message_and_changes_nothing(tagged: Cli, arguments: tuple[str, ...], message: str) -> None:
    tags_before = tagged.json("tag", "list")
    assert tagged.ok("tag", *arguments, "--dry-run").stderr == message
    assert tagged.ok("--quiet", "tag", *arguments, "--dry-run").stderr == ""
    assert tagged.json("tag", "list") == tags_before
    assert tags_of(tagged, "one") == ["db", "Py"]
