"""Tests of drafts. A draft stores a text from the editor until the text is saved. --recover opens the draft again."""

import json
import tempfile
from pathlib import Path

import pytest

from tests.command_line import UNDO_HINT, Cli, Result
from tests.snapshots import cli_snapshot

TEXT = "an hour of work\n"
# Texts that cannot be saved as a new post. Each key describes a text. The value consists of the front matter of the
# text, the options of the command, and the expected exit code.
INVALID_TEXTS = {
    "unknown author": ("title: T\nauthor: nobody", (), 5),
    "no title": ("title:", (), 2),
    "broken front matter": ("title: T\ntags: [a,", (), 7),
    "slug in use": ("title: T\nslug: one", (), 6),
    "slug in use, as an option": ("title: T", ("--slug", "one"), 6),
    "invalid slug": ("title: T\nslug: A/B", (), 7),
    "tag too long": (f"title: T\ntags: [{'x' * 60}]", (), 7),
    "title too long": (f"title: {'x' * 600}", (), 7),
    "unknown status": ("title: T\nstatus: pubished", (), 7),
    "scheduled without a date": ("title: T\nstatus: scheduled", (), 7),
    "date does not exist": ("title: T\ndate: 2021-02-29", (), 7),
}


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create two users, and a post by the first user."""
    for name, full_name in (("ann", "Ann Lee"), ("bob", "Bob")):
        cli.ok("user", "create", f"{name}@example.org", "--full-name", full_name, "--no-password")
    cli.ok("post", "create", "--title", "One", "--author", "ann@example.org", "--content", "Old text.\n")


def drafts_folder(cli: Cli) -> Path:
    return Path(cli.environ["HOME"]) / ".local/state/blogcli/drafts"


def draft_paths(cli: Cli) -> list[Path]:
    """Return the paths of the drafts, oldest first."""
    return sorted(drafts_folder(cli).glob("*.md"), key=lambda path: path.stat().st_mtime)


def run_with_editor(
    cli: Cli, *arguments: str | int, script: str, stdin: str = "", author: str = "ann@example.org"
) -> Result:
    """Run a command on a terminal, with a shell script as the editor."""
    editor = Path(cli.environ["HOME"]) / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    return cli(*arguments, terminal=True, stdin=stdin, EDITOR=str(editor), BLOGCLI_AUTHOR=author)


def writing_script(cli: Cli, front_matter: str, text: str = TEXT) -> str:
    """Return the shell script of an editor that writes a document with the given front matter and text."""
    document = Path(cli.environ["HOME"]) / "document"
    document.write_text(f"---\n{front_matter}\n---\n{text}")
    return f'cat {document} > "$1"'


def test_create_names_the_draft_if_the_text_is_invalid(blog: Cli) -> None:
    for reason, (front_matter, options, code) in INVALID_TEXTS.items():
        result = run_with_editor(blog, "post", "create", "--edit", *options, script=writing_script(blog, front_matter))
        (path,) = draft_paths(blog)
        assert result.exit_code == code, (reason, result.stderr)
        assert path.read_text().endswith(TEXT), reason
        assert result.stderr.count(str(path)) == 1, (reason, result.stderr)
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        path.unlink()
    assert blog.ok("post", "list", "--format", "count").stdout == "1\n"


def test_edit_names_the_draft_if_the_text_is_invalid(blog: Cli) -> None:
    blog.ok("post", "create", "--title", "Two", "--author", "1")
    base = {"title": "One", "slug": "one", "status": "draft", "author": "ann@example.org"}
    invalid_changes: list[tuple[dict[str, str], int]] = [
        ({"title": "''"}, 7),
        ({"slug": "two"}, 6),
        ({"author": "nobody"}, 5),
        ({"status": "trashed"}, 7),
        ({"status": "scheduled"}, 7),
        ({"tags": "{a: b}"}, 7),
    ]
    for change, code in invalid_changes:
        front_matter = "\n".join(f"{name}: {value}" for name, value in (base | change).items())
        result = run_with_editor(blog, "post", "edit", "one", script=writing_script(blog, front_matter))
        (path,) = draft_paths(blog)
        assert (result.exit_code, result.stderr.count(str(path))) == (code, 1), (change, result.stderr)
        assert path.read_text().endswith(TEXT)
        path.unlink()
    for name in base:
        front_matter = "\n".join(f"{field}: {value}" for field, value in base.items() if field != name)
        result = run_with_editor(blog, "post", "edit", "one", script=writing_script(blog, front_matter))
        assert result.exit_code == 7
        assert f"no longer has {name}, which every post has" in result.stderr
        draft_paths(blog)[0].unlink()
    assert blog.json("post", "show", "one")["content"] == "Old text.\n"


def test_edit_keeps_the_draft_if_it_is_not_utf_8(blog: Cli) -> None:
    result = run_with_editor(blog, "post", "edit", "one", script='printf "\\377" > "$1"')
    assert (result.exit_code, draft_paths(blog)[0].read_bytes()) == (7, b"\xff")


def test_create_opens_an_invalid_text_again_if_the_user_wants_it(blog: Cli) -> None:
    first = writing_script(blog, "title: T\nauthor: nobody")
    script = f'if grep -q nobody "$1"; then sed -i s/nobody/bob@example.org/ "$1"; else {first}; fi'
    result = run_with_editor(blog, "post", "create", "--edit", script=script, stdin="what\ne\n")
    assert (result.exit_code, draft_paths(blog)) == (0, []), result.stderr
    assert result.stderr.count("Edit it again") == 2
    assert blog.json("post", "show", "t")["author"] == "bob@example.org"


@pytest.mark.parametrize(
    ("front_matter", "title", "content", "author"),
    [
        ("title: T\nslug: one\nstatus: published", "T", TEXT, "ann@example.org"),
        ("title: T\nauthor: nobody", "T", TEXT, "ann@example.org"),
        ("title:", "an hour of work", TEXT, "ann@example.org"),
        ("title: T\ntags: [a,", "title: T", f"---\ntitle: T\ntags: [a,\n---\n{TEXT}", "ann@example.org"),
    ],
)
def test_create_saves_an_invalid_text_as_a_draft_if_the_user_wants_it(
    blog: Cli, front_matter: str, title: str, content: str, author: str
) -> None:
    script = writing_script(blog, front_matter)
    result = run_with_editor(blog, "post", "create", "--edit", script=script, stdin="d\n")
    assert (result.exit_code, draft_paths(blog)) == (0, []), result.stderr
    post = blog.json("post", "show", 2)
    assert (post["title"], post["content"], post["author"], post["status"]) == (title, content, author, "draft")


def test_editor_leaves_no_draft_if_the_text_is_unchanged_or_empty(blog: Cli) -> None:
    assert run_with_editor(blog, "post", "create", "--edit", script="true").exit_code == 1
    for command in (("create", "--edit"), ("edit", "one")):
        for script in (': > "$1"', 'printf " \\n\\n" > "$1"', 'rm "$1"'):
            result = run_with_editor(blog, "post", *command, script=script)
            assert result.exit_code == 1
            assert result.stderr == "Error: The editor left an empty file; nothing was changed\n"
    assert draft_paths(blog) == []
    assert list(drafts_folder(blog).iterdir()) == []
    assert blog.json("post", "show", "one")["content"] == "Old text.\n"


def test_failing_editor_leaves_a_draft_only_if_the_text_was_changed(blog: Cli) -> None:
    assert run_with_editor(blog, "post", "edit", "one", script="exit 3").exit_code == 1
    assert draft_paths(blog) == []
    assert run_with_editor(blog, "post", "edit", "one", script='echo mine >> "$1"; exit 3').exit_code == 1
    assert draft_paths(blog)[0].read_text().endswith("mine\n")


def test_editor_does_not_start_if_the_command_cannot_succeed(blog: Cli) -> None:
    marker = Path(blog.environ["HOME"]) / "started"
    commands: list[tuple[tuple[str, ...], int]] = [
        (("create", "--edit", "--author", "nobody@example.org"), 5),
        (("create", "--edit", "--published-at", "never"), 2),
        (("create", "--edit", "--status", "trashed"), 2),
        (("edit", "nowhere"), 5),
        (("edit",), 2),
    ]
    for arguments, code in commands:
        assert run_with_editor(blog, "post", *arguments, script=f"touch {marker}").exit_code == code, arguments
    missing_database = {"BLOGCLI_DATABASE_URL": "/nowhere/blog.db"}
    assert blog("post", "create", "--edit", terminal=True, EDITOR=f"touch {marker}", **missing_database).exit_code in (
        69,
        78,
    )
    blog.ok("post", "delete", "one")
    assert run_with_editor(blog, "post", "edit", "one", script=f"touch {marker}").exit_code == 6
    assert not marker.exists()


def test_create_uses_the_options_unless_the_user_edits_their_fields(blog: Cli) -> None:
    initial_path = Path(blog.environ["HOME"]) / "initial"
    script = f'cp "$1" {initial_path}; sed -i "s/^title: .*/title: Edited/" "$1"; echo text >> "$1"'
    options = ("--title", "Option", "--tag", "a", "--status", "published", "--slug", "given")
    result = run_with_editor(blog, "post", "create", "--edit", *options, script=script)
    assert result.exit_code == 0, result.stderr
    assert "title: Option\n" in initial_path.read_text()
    post = blog.json("post", "show", "given")
    assert (post["title"], post["tags"], post["status"], post["content"]) == ("Edited", ["a"], "published", "text\n")


def test_create_recover_restores_the_options_of_the_draft(blog: Cli) -> None:
    assert blog.ok("post", "create", "--recover").stderr == "Nothing to do: there is no unsaved draft.\n"
    failed = run_with_editor(
        blog, "post", "create", "--edit", "--slug", "one", "--tag", "a", script=writing_script(blog, "title: T")
    )
    name = draft_paths(blog)[0].stem
    assert f"`blogcli post create --recover {name}`" in failed.stderr
    (record,) = blog.json("post", "create", "--recover")
    assert (record["name"], record["first_line"], record["path"]) == (name, "title: T", str(draft_paths(blog)[0]))
    assert blog("post", "create", "--recover", name).exit_code == 2
    result = run_with_editor(blog, "post", "create", "--recover", "--slug", "other", script='echo more >> "$1"')
    assert (result.exit_code, draft_paths(blog)) == (0, []), result.stderr
    post = blog.json("post", "show", "other")
    assert (post["title"], post["tags"], post["content"]) == ("T", ["a"], f"{TEXT}more\n")


def test_create_recover_lists_the_drafts_if_there_are_several(blog: Cli) -> None:
    for title in ("A", "B"):
        run_with_editor(
            blog, "post", "create", "--edit", "--slug", "one", script=writing_script(blog, f"title: {title}")
        )
    names = [path.stem for path in draft_paths(blog)]
    listed = run_with_editor(blog, "post", "create", "--recover", script="exit 1")
    assert (listed.exit_code, [name in listed.stdout for name in names]) == (0, [True, True])
    assert run_with_editor(blog, "post", "create", "--recover", "nothing", script="true").exit_code == 5
    assert run_with_editor(blog, "post", "create", "--recover", names[1], "--slug", "b", script="true").exit_code == 0
    assert blog.json("post", "show", "b")["title"] == "B"
    assert [path.stem for path in draft_paths(blog)] == names[:1]


def test_recover_restores_the_text_if_the_editor_empties_it(blog: Cli) -> None:
    run_with_editor(blog, "post", "create", "--edit", "--slug", "one", script=writing_script(blog, "title: T"))
    text = draft_paths(blog)[0].read_text()
    result = run_with_editor(blog, "post", "create", "--recover", script=': > "$1"')
    assert (result.exit_code, draft_paths(blog)[0].read_text()) == (1, text)
    assert str(draft_paths(blog)[0]) in result.stderr


def test_edit_recover_fails_if_the_post_was_changed_after_the_draft_was_created(blog: Cli) -> None:
    failing_script = 'sed -i "s/^author: .*/author: nobody/; s/Old/New/" "$1"'
    for _ in range(2):
        run_with_editor(blog, "post", "edit", "one", script=failing_script)
    assert [path.name for path in draft_paths(blog)] == ["one.md", "one-2.md"]
    fixing_script = 'sed -i "s/nobody/Bob/" "$1"'
    assert run_with_editor(blog, "post", "edit", "--recover", "1", script=fixing_script).exit_code == 2
    assert run_with_editor(blog, "post", "edit", "--recover", "one", script=fixing_script).exit_code == 0
    post = blog.json("post", "show", "one")
    assert (post["content"], post["author"], post["version"]) == ("New text.\n", "bob@example.org", 2)
    conflict = run_with_editor(blog, "post", "edit", "--recover", script="exit 1")
    assert conflict.exit_code == 6
    path = draft_paths(blog)[0]
    path.write_text(path.read_text().replace("nobody", "ann@example.org").replace("New", "Newer"))
    assert f"Run `blogcli post update 1 --file {path}`" in conflict.stderr
    blog.ok("post", "update", 1, "--file", str(path))
    post = blog.json("post", "show", "one")
    assert (post["content"], post["author"]) == ("Newer text.\n", "ann@example.org")


def test_recover_rejects_a_draft_of_another_database(blog: Cli) -> None:
    run_with_editor(blog, "post", "edit", "one", script='echo mine >> "$1"; exit 1')
    origin_path = draft_paths(blog)[0].with_suffix(".json")
    origin_path.write_text(json.dumps(json.loads(origin_path.read_text()) | {"database": "/elsewhere.db"}))
    result = run_with_editor(blog, "post", "edit", "--recover", script="true")
    assert result.exit_code == 2
    assert "belongs to another database: /elsewhere.db" in result.stderr


def test_draft_is_a_private_temporary_file_without_a_state_directory(
    blog: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.environ["XDG_STATE_HOME"] = "/dev/null/state"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = run_with_editor(blog, "post", "edit", "one", script='echo mine >> "$1"; exit 1')
    (path,) = tmp_path.glob("blogcli-*/one.md")
    assert path.read_text().endswith("mine\n")
    assert result.stderr.startswith(f"Warning: the state directory cannot be used; your text is in {path}\n")
    assert result.stderr.endswith(f"Hint: Find your text in {path}.\n")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.unlink()
    assert run_with_editor(blog, "post", "edit", "one", script='echo mine >> "$1"').exit_code == 0
    assert not list(tmp_path.glob("blogcli-*/one.md"))


def test_dry_run_keeps_the_draft(blog: Cli) -> None:
    result = run_with_editor(blog, "post", "create", "--edit", "--dry-run", script=writing_script(blog, "title: T"))
    assert (result.exit_code, draft_paths(blog)[0].read_text()) == (0, f"---\ntitle: T\n---\n{TEXT}")
    assert result.stderr.count(str(draft_paths(blog)[0])) == 1
    assert "Would create post" in result.stderr


@pytest.mark.parametrize(
    "editor", ["~/bin/my-editor", "$HOME/bin/my-editor", "X=1 sh ~/bin/my-editor", "sed -i s/Old/New/"]
)
def test_editor_setting_can_be_a_shell_command(blog: Cli, editor: str) -> None:
    program = Path(blog.environ["HOME"]) / "bin/my-editor"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nsed -i s/Old/New/ "$1"\n')
    program.chmod(0o755)
    assert blog("post", "edit", "one", terminal=True, EDITOR=editor).exit_code == 0
    assert blog.json("post", "show", "one")["content"] == "New text.\n"


def test_edit_reports_that_a_post_was_taken_offline_and_emptied(blog: Cli) -> None:
    blog.ok("post", "publish", "one")
    script = 'sed -i "s/^status: .*/status: draft/; s/^Old text.$//" "$1"'
    result = run_with_editor(blog, "post", "edit", "one", script=script)
    assert result.stderr == (
        f"Updated post 1 (one), now draft; 1 published post taken offline; 1 post left without text.\n{UNDO_HINT}"
    )
