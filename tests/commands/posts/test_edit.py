"""Tests of `blogcli post update`, `post edit` and `post tag`."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import UNDO_HINT, Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create two posts by the user Ann, both with the tags a and b, and a user Bob without posts."""
    for name in ("ann", "bob"):
        cli.ok("user", "create", f"{name}@example.org", "--no-password")
    for title in ("One", "Two"):
        tags = ("--tag", "a", "--tag", "b")
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", "Old text.\n", *tags)


def draft_paths(cli: Cli) -> list[Path]:
    """Return the paths of the drafts in the state directory."""
    return sorted((Path(cli.environ["HOME"]) / ".local/state/blogcli/drafts").glob("*.md"))


def only_draft(cli: Cli) -> Path:
    """Return the path of the only draft in the state directory."""
    (path,) = draft_paths(cli)
    return path


def show(cli: Cli, reference: str | int = 1) -> Any:
    return cli.json("post", "show", reference)


def create_editor(folder: Path, script: str) -> str:
    """Store a shell script as an executable file in a folder, and return the path of the file."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\nset -e\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (("--title", "New"), "title", "New"),
        (("--slug", "new"), "slug", "new"),
        (("--excerpt", "Short"), "excerpt", "Short"),
        (("--content", "New text.\n"), "content", "New text.\n"),
        (("--author", "BOB@example.org"), "author", "bob@example.org"),
        (("--add-tag", "c", "--remove-tag", "A"), "tags", ["b", "c"]),
        (("--set-tags", "x, y"), "tags", ["x", "y"]),
        (("--set-tags", ""), "tags", []),
    ],
)
def test_update_changes_only_the_given_fields(blog: Cli, options: tuple[str, ...], field: str, value: object) -> None:
    original = show(blog)
    assert blog.ok("post", "update", 1, *options).stdout == "1\n"
    post = show(blog)
    assert post[field] == value
    assert {name for name in original if original[name] != post[name]} <= {field, "words", "version", "updated_at"}
    repeated = blog.ok("post", "update", 1, *options)
    assert repeated.stderr == "Nothing to do: 1 post unchanged.\n"
    assert show(blog) == post


def test_update_with_an_empty_excerpt_removes_it(blog: Cli) -> None:
    blog.ok("post", "update", 1, "--excerpt", "Short")
    blog.ok("post", "update", 1, "--excerpt", "")
    assert show(blog)["excerpt"] is None


def test_update_changes_no_post_if_one_does_not_exist(blog: Cli) -> None:
    assert blog("post", "update", "one", "nowhere", "--title", "Both").exit_code == 5
    assert show(blog)["title"] == "One"
    assert blog.ok("post", "update", "one", "two", "--title", "Both").stderr == "Updated 2 posts.\n"
    assert blog.ok("post", "list", "--field", "title").lines == ["Both", "Both"]


def test_update_with_a_slug_in_use_is_a_conflict(blog: Cli) -> None:
    assert blog("post", "update", "one", "--slug", "two").exit_code == 6
    assert show(blog)["slug"] == "one"


@pytest.mark.parametrize("options", [(), ("--content", "x", "--file", "-"), ("--published-at", "never")])
def test_update_with_invalid_options_is_a_usage_error(blog: Cli, options: tuple[str, ...]) -> None:
    assert blog("post", "update", 1, *options).exit_code == 2


def test_update_dry_run_changes_nothing(blog: Cli) -> None:
    original = show(blog)
    assert blog.ok("post", "update", 1, "--title", "New", "--dry-run").stderr == "Would update post 1 (one).\n"
    assert show(blog) == original


def test_update_from_a_file_applies_its_front_matter(blog: Cli, tmp_path: Path) -> None:
    file = tmp_path / "new.md"
    file.write_text("---\ntitle: From file\nslug: from-file\ntags: [x]\n---\nNew *text*.\n")
    blog.ok("post", "update", "one", "--file", str(file), "--title", "From option")
    post = show(blog)
    assert (post["title"], post["slug"], post["tags"]) == ("From option", "from-file", ["x"])
    assert post["content"] == "New *text*.\n"


def test_update_from_stdin_without_front_matter_changes_only_the_text(blog: Cli) -> None:
    blog.ok("post", "update", "one", "--file", "-", stdin="Piped.\n")
    post = show(blog)
    assert (post["title"], post["tags"], post["content"]) == ("One", ["a", "b"], "Piped.\n")


@pytest.mark.parametrize(
    ("verb", "tags", "expected"),
    [("add", "B, c", ["a", "b", "c"]), ("remove", "a", ["b"]), ("set", "x,y", ["x", "y"]), ("set", "", [])],
)
def test_tag_command_changes_the_tags_of_a_post(blog: Cli, verb: str, tags: str, expected: list[str]) -> None:
    assert blog.ok("post", "tag", verb, tags, "one").stderr == "Updated post 1 (one).\n"
    assert show(blog)["tags"] == expected
    assert show(blog, 2)["tags"] == ["a", "b"]
    assert blog.ok("post", "tag", verb, tags, "one").stderr == "Nothing to do: 1 post unchanged.\n"


def test_tag_add_changes_the_posts_that_match_a_filter(blog: Cli) -> None:
    assert blog.ok("post", "tag", "add", "c", "--tag", "a", "--dry-run").stderr == "Would update 2 posts.\n"
    assert blog("post", "tag", "add", "c", "--all", "--max-affected", 1).exit_code == 6
    assert show(blog)["tags"] == ["a", "b"]
    assert set(blog.ok("post", "tag", "add", "c", "--tag", "a").lines) == {"1", "2"}
    assert show(blog, 2)["tags"] == ["a", "b", "c"]


def test_edit_saves_the_text_from_the_editor(blog: Cli, tmp_path: Path) -> None:
    editor = create_editor(tmp_path, 'sed -i "s/^title: One/title: Uno/; s/Old/New/; s/^- a/- z/" "$1"')
    result = blog("post", "edit", "one", terminal=True, EDITOR=editor, TMPDIR=str(tmp_path))
    assert (result.exit_code, result.stderr) == (0, f"Updated post 1 (one).\n{UNDO_HINT}")
    post = show(blog)
    assert (post["title"], post["slug"], post["content"]) == ("Uno", "one", "New text.\n")
    assert post["tags"] == ["b", "z"]


def test_edit_without_a_change_does_nothing(blog: Cli) -> None:
    original = show(blog)
    result = blog("post", "edit", "one", terminal=True, EDITOR="true")
    assert (result.exit_code, result.stderr) == (0, "Nothing to do: the text was not changed.\n")
    assert show(blog) == original


def test_edit_dry_run_saves_nothing(blog: Cli, tmp_path: Path) -> None:
    original = show(blog)
    editor = create_editor(tmp_path, 'echo more >> "$1"')
    result = blog("post", "edit", "one", "--dry-run", terminal=True, EDITOR=editor)
    path = only_draft(blog)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == "Would update post 1 (one)."
    assert str(path) in result.stderr
    assert path.read_text().endswith("more\n")
    assert show(blog) == original


def test_edit_keeps_the_draft_if_another_command_changed_the_post(blog: Cli, tmp_path: Path) -> None:
    other_command = f"cd {Path(__file__).parents[2]} && {sys.executable} -m blogcli post update one --title Theirs"
    editor = create_editor(tmp_path, f'echo mine >> "$1"\n({other_command}) >/dev/null 2>&1')
    result = blog("post", "edit", "one", terminal=True, EDITOR=editor)
    assert result.exit_code == 6
    path = only_draft(blog)
    assert path.read_text().endswith("Old text.\nmine\n")
    assert f"post update 1 --file {path}`" in result.stderr
    post = show(blog)
    assert (post["title"], post["content"]) == ("Theirs", "Old text.\n")


def test_edit_keeps_the_draft_if_its_front_matter_is_invalid(blog: Cli, tmp_path: Path) -> None:
    editor = create_editor(tmp_path, 'printf -- "---\\ntitle: [\\n---\\n" > "$1"')
    result = blog("post", "edit", "one", terminal=True, EDITOR=editor)
    assert result.exit_code == 7
    assert result.stderr.count(str(only_draft(blog))) == 1
    assert only_draft(blog).read_text() == "---\ntitle: [\n---\n"


def test_edit_keeps_the_draft_if_the_editor_fails(blog: Cli, tmp_path: Path) -> None:
    result = blog("post", "edit", "one", terminal=True, EDITOR=create_editor(tmp_path, 'echo mine >> "$1"\nexit 3'))
    assert result.exit_code == 1
    assert "failed with status 3" in result.stderr
    assert result.stderr.count(str(only_draft(blog))) == 1
    assert only_draft(blog).read_text().endswith("mine\n")
    assert show(blog)["content"] == "Old text.\n"


def test_edit_fails_without_an_editor_or_a_terminal(blog: Cli) -> None:
    missing = blog("post", "edit", "one", terminal=True, EDITOR="/nowhere/editor")
    assert missing.exit_code == 1
    assert "/nowhere/editor" in missing.stderr
    assert not draft_paths(blog)
    assert blog("post", "edit", "one", EDITOR="true").exit_code == 2
