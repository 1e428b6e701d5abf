"""Tests of `blogcli post edit` with several posts."""

from pathlib import Path

from tests.command_line import Cli, Result
from tests.snapshots import cli_snapshot
from tests.subprocesses import Program


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create three posts by the user Ann."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title in ("One", "Two", "Three"):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", "Old text.\n")


def create_editor(blog: Cli, script: str) -> str:
    path = Path(blog.environ["HOME"]) / "editor"
    path.write_text(f"#!/bin/sh\nset -e\n{script}\n")
    path.chmod(0o755)
    return str(path)


def edit(blog: Cli, script: str, *arguments: str | int, stdin: str = "") -> Result:
    return blog("post", "edit", *arguments, terminal=True, stdin=stdin, EDITOR=create_editor(blog, script))


def contents(blog: Cli) -> list[str]:
    return [blog.json("post", "show", id_)["content"] for id_ in (1, 2, 3)]


def draft_texts(blog: Cli) -> dict[str, str]:
    folder = Path(blog.environ["HOME"]) / ".local/state/blogcli/drafts"
    return {path.stem: path.read_text() for path in folder.glob("*.md")}


def test_edit_saves_several_posts_in_the_given_order(blog: Cli) -> None:
    script = 'basename "$1" >> "$HOME/order"; sed -i s/Old/New/ "$1"'
    result = edit(blog, script, "two", 1, "id:2")
    assert (result.exit_code, result.stderr) == (0, "Updated 2 posts.\n")
    assert (Path(blog.environ["HOME"]) / "order").read_text() == "two.md\none.md\n"
    assert contents(blog) == ["New text.\n", "New text.\n", "Old text.\n"]
    assert draft_texts(blog) == {}
    assert [len(blog.json("post", "history", id_)) for id_ in (1, 2, 3)] == [2, 2, 1]


def test_edit_saves_the_other_posts_if_one_cannot_be_saved(blog: Cli) -> None:
    failing = (
        'case "$1" in */one.md) sed -i "s/^title.*/title: [/" "$1";; '
        '*/two.md) sed -i "s/^author.*/author: x/" "$1";; esac'
    )
    result = edit(blog, f'{failing}; sed -i s/Old/New/ "$1"', 1, 2, 3, stdin="k\nk\n")
    assert result.exit_code == 7
    assert contents(blog) == ["Old text.\n", "Old text.\n", "New text.\n"]
    assert sorted(draft_texts(blog)) == ["one", "two"]
    assert all("New text.\n" in text for text in draft_texts(blog).values())
    assert "Updated post 3 (three)." in result.stderr
    fixing = 'sed -i "s/^title: .$/title: One/; s/^author.*/author: ann@example.org/" "$1"'
    assert edit(blog, fixing, "--recover", "one", "two").exit_code == 0
    assert contents(blog) == ["New text.\n"] * 3


def test_edit_continues_with_the_next_post_if_the_editor_fails(blog: Cli) -> None:
    result = edit(blog, 'sed -i s/Old/New/ "$1"; case "$1" in */one.md) exit 3;; esac', 1, 2)
    assert result.exit_code == 1
    assert "failed with status 3" in result.stderr
    assert contents(blog) == ["Old text.\n", "New text.\n", "Old text.\n"]
    assert draft_texts(blog)["one"].endswith("New text.\n")


def test_edit_does_not_start_the_editor_if_a_reference_is_wrong(blog: Cli) -> None:
    assert edit(blog, 'touch "$HOME/started"', 1, "nowhere").exit_code == 5
    blog.ok("post", "delete", 2, "--yes")
    assert edit(blog, 'touch "$HOME/started"', 1, 2).exit_code == 6
    assert edit(blog, 'touch "$HOME/started"', "--recover", "one", "two").exit_code == 5
    assert not (Path(blog.environ["HOME"]) / "started").exists()


def test_edit_of_several_unchanged_posts_does_nothing(blog: Cli) -> None:
    result = edit(blog, "true", 1, 2)
    assert (result.exit_code, result.stderr) == (0, "Nothing to do: 2 posts unchanged.\n")


def test_edit_reports_the_saved_posts_if_ctrl_c_is_pressed_at_a_question(blog: Cli) -> None:
    script = 'case "$1" in */two.md) sed -i "s/^author.*/author: x/" "$1";; esac; sed -i s/Old/New/ "$1"'
    program = Program(blog.environ | {"EDITOR": create_editor(blog, script)})
    terminal = program.on_terminal("post", "edit", "1", "2", "3")
    terminal.answer("keep it in the file (k)? ", "\x03")
    assert terminal.finish()[0] == 130
    assert "Updated post 1 (one)." in terminal.shown
    assert contents(blog) == ["New text.\n", "Old text.\n", "Old text.\n"]
    assert "New text.\n" in draft_texts(blog)["two"]


def test_edit_prints_the_records_of_several_posts(blog: Cli) -> None:
    result = edit(blog, 'sed -i s/Old/New/ "$1"', 1, 2, "--format", "json")
    assert [post["id"] for post in result.json] == [1, 2]
