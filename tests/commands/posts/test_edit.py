"""`blogcli post update`, `edit` and `tag`."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Two posts by Ann, tagged a and b; Bob has none."""
    for name in ("ann", "bob"):
        cli.ok("user", "create", f"{name}@example.org", "--no-password")
    for title in ("One", "Two"):
        tags = ("--tag", "a", "--tag", "b")
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", "Old text.\n", *tags)


def drafts(cli: Cli) -> list[Path]:
    """The texts that lie in the state directory."""
    return sorted((Path(cli.environ["HOME"]) / ".local/state/blogcli/drafts").glob("*.md"))


def left(cli: Cli) -> Path:
    """The only text that lies there."""
    (path,) = drafts(cli)
    return path


def _post(cli: Cli, reference: str | int = 1) -> Any:
    return cli.json("post", "show", reference)


def _editor(folder: Path, script: str) -> str:
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
def test_update_changes_what_is_given(blog: Cli, options: tuple[str, ...], field: str, value: object) -> None:
    before = _post(blog)
    assert blog.ok("post", "update", 1, *options).stdout == "1\n"
    after = _post(blog)
    assert after[field] == value
    assert {name for name in before if before[name] != after[name]} <= {field, "words", "version", "updated_at"}
    again = blog.ok("post", "update", 1, *options)
    assert again.stderr == "Nothing to do: 1 post unchanged.\n"
    assert _post(blog) == after


def test_update_removes_an_excerpt(blog: Cli) -> None:
    blog.ok("post", "update", 1, "--excerpt", "Short")
    blog.ok("post", "update", 1, "--excerpt", "")
    assert _post(blog)["excerpt"] is None


def test_update_changes_several_posts_or_none(blog: Cli) -> None:
    assert blog("post", "update", "one", "nowhere", "--title", "Both").exit_code == 5
    assert _post(blog)["title"] == "One"
    assert blog.ok("post", "update", "one", "two", "--title", "Both").stderr == "Updated 2 posts.\n"
    assert blog.ok("post", "list", "--field", "title").lines == ["Both", "Both"]


def test_update_refuses_a_slug_that_is_taken(blog: Cli) -> None:
    assert blog("post", "update", "one", "--slug", "two").exit_code == 6
    assert _post(blog)["slug"] == "one"


@pytest.mark.parametrize("options", [(), ("--content", "x", "--file", "-"), ("--published-at", "never")])
def test_update_refuses_bad_options(blog: Cli, options: tuple[str, ...]) -> None:
    assert blog("post", "update", 1, *options).exit_code == 2


def test_update_dry_run_changes_nothing(blog: Cli) -> None:
    before = _post(blog)
    assert blog.ok("post", "update", 1, "--title", "New", "--dry-run").stderr == "Would update post 1 (one).\n"
    assert _post(blog) == before


def test_update_from_a_file_with_front_matter(blog: Cli, tmp_path: Path) -> None:
    file = tmp_path / "new.md"
    file.write_text("---\ntitle: From file\nslug: from-file\ntags: [x]\n---\nNew *text*.\n")
    blog.ok("post", "update", "one", "--file", str(file), "--title", "From option")
    post = _post(blog)
    assert (post["title"], post["slug"], post["tags"]) == ("From option", "from-file", ["x"])
    assert post["content"] == "New *text*.\n"


def test_update_from_stdin_without_front_matter_changes_the_text_alone(blog: Cli) -> None:
    blog.ok("post", "update", "one", "--file", "-", stdin="Piped.\n")
    post = _post(blog)
    assert (post["title"], post["tags"], post["content"]) == ("One", ["a", "b"], "Piped.\n")


@pytest.mark.parametrize(
    ("verb", "tags", "after"),
    [("add", "B, c", ["a", "b", "c"]), ("remove", "a", ["b"]), ("set", "x,y", ["x", "y"]), ("set", "", [])],
)
def test_tags_are_changed(blog: Cli, verb: str, tags: str, after: list[str]) -> None:
    assert blog.ok("post", "tag", verb, tags, "one").stderr == "Updated post 1 (one).\n"
    assert _post(blog)["tags"] == after
    assert _post(blog, 2)["tags"] == ["a", "b"]
    assert blog.ok("post", "tag", verb, tags, "one").stderr == "Nothing to do: 1 post unchanged.\n"


def test_tags_of_a_selection_are_changed(blog: Cli) -> None:
    assert blog.ok("post", "tag", "add", "c", "--tag", "a", "--dry-run").stderr == "Would update 2 posts.\n"
    assert blog("post", "tag", "add", "c", "--all", "--max-affected", 1).exit_code == 6
    assert _post(blog)["tags"] == ["a", "b"]
    assert set(blog.ok("post", "tag", "add", "c", "--tag", "a").lines) == {"1", "2"}
    assert _post(blog, 2)["tags"] == ["a", "b", "c"]


def test_edit_saves_what_the_editor_wrote(blog: Cli, tmp_path: Path) -> None:
    editor = _editor(tmp_path, 'sed -i "s/^title: One/title: Uno/; s/Old/New/; s/^- a/- z/" "$1"')
    result = blog("post", "edit", "one", terminal=True, EDITOR=editor, TMPDIR=str(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "Updated post 1 (one).\n")
    post = _post(blog)
    assert (post["title"], post["slug"], post["content"]) == ("Uno", "one", "New text.\n")
    assert post["tags"] == ["b", "z"]


def test_edit_without_a_change_does_nothing(blog: Cli) -> None:
    before = _post(blog)
    result = blog("post", "edit", "one", terminal=True, EDITOR="true")
    assert (result.exit_code, result.stderr) == (0, "Nothing to do: the text was not changed.\n")
    assert _post(blog) == before


def test_edit_dry_run_saves_nothing(blog: Cli, tmp_path: Path) -> None:
    before, editor = _post(blog), _editor(tmp_path, 'echo more >> "$1"')
    result = blog("post", "edit", "one", "--dry-run", terminal=True, EDITOR=editor)
    kept = left(blog)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == "Would update post 1 (one)."
    assert str(kept) in result.stderr
    assert kept.read_text().endswith("more\n")
    assert _post(blog) == before


def test_edit_keeps_the_text_when_somebody_else_was_quicker(blog: Cli, tmp_path: Path) -> None:
    other = f"cd {Path(__file__).parents[2]} && {sys.executable} -m blogcli post update one --title Theirs"
    editor = _editor(tmp_path, f'echo mine >> "$1"\n({other}) >/dev/null 2>&1')
    result = blog("post", "edit", "one", terminal=True, EDITOR=editor)
    assert result.exit_code == 6
    kept = left(blog)
    assert kept.read_text().endswith("Old text.\nmine\n")
    assert f"post update 1 --file {kept}`" in result.stderr
    post = _post(blog)
    assert (post["title"], post["content"]) == ("Theirs", "Old text.\n")


def test_edit_keeps_a_text_that_cannot_be_read(blog: Cli, tmp_path: Path) -> None:
    editor = _editor(tmp_path, 'printf -- "---\\ntitle: [\\n---\\n" > "$1"')
    result = blog("post", "edit", "one", terminal=True, EDITOR=editor)
    assert result.exit_code == 7
    assert result.stderr.count(str(left(blog))) == 1
    assert left(blog).read_text() == "---\ntitle: [\n---\n"


def test_edit_keeps_the_text_when_the_editor_fails(blog: Cli, tmp_path: Path) -> None:
    result = blog("post", "edit", "one", terminal=True, EDITOR=_editor(tmp_path, 'echo mine >> "$1"\nexit 3'))
    assert result.exit_code == 1
    assert "failed with status 3" in result.stderr
    assert result.stderr.count(str(left(blog))) == 1
    assert left(blog).read_text().endswith("mine\n")
    assert _post(blog)["content"] == "Old text.\n"


def test_edit_says_when_there_is_no_such_editor_or_terminal(blog: Cli) -> None:
    missing = blog("post", "edit", "one", terminal=True, EDITOR="/nowhere/editor")
    assert missing.exit_code == 1
    assert "/nowhere/editor" in missing.stderr
    assert not drafts(blog)
    assert blog("post", "edit", "one", EDITOR="true").exit_code == 2
