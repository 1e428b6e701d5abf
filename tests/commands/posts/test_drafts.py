"""What a person writes in an editor: kept until it is saved, and taken up again."""

import json
import tempfile
from pathlib import Path

import pytest

from tests.command_line import Cli, Result
from tests.snapshots import cli_snapshot

WORK = "an hour of work\n"
# What is wrong with a text: the front matter, the options and the exit code.
FAULTS = {
    "unknown author": ("title: T\nauthor: nobody", (), 5),
    "no title": ("title:", (), 2),
    "broken front matter": ("title: T\ntags: [a,", (), 7),
    "slug that is taken": ("title: T\nslug: one", (), 6),
    "slug that is taken, as an option": ("title: T", ("--slug", "one"), 6),
    "slug that cannot be": ("title: T\nslug: A/B", (), 7),
    "tag that is too long": (f"title: T\ntags: [{'x' * 60}]", (), 7),
    "title that is too long": (f"title: {'x' * 600}", (), 7),
    "unknown status": ("title: T\nstatus: pubished", (), 7),
    "scheduled without a date": ("title: T\nstatus: scheduled", (), 7),
    "date that does not exist": ("title: T\ndate: 2021-02-29", (), 7),
}


@cli_snapshot
def blog(cli: Cli) -> None:
    for name, full_name in (("ann", "Ann Lee"), ("bob", "Bob")):
        cli.ok("user", "create", f"{name}@example.org", "--full-name", full_name, "--no-password")
    cli.ok("post", "create", "--title", "One", "--author", "ann@example.org", "--content", "Old text.\n")


def folder(cli: Cli) -> Path:
    return Path(cli.environ["HOME"]) / ".local/state/blogcli/drafts"


def left(cli: Cli) -> list[Path]:
    """The texts that were left, the oldest first."""
    return sorted(folder(cli).glob("*.md"), key=lambda path: path.stat().st_mtime)


def write(cli: Cli, *arguments: str | int, script: str, stdin: str = "", author: str = "ann@example.org") -> Result:
    """Run a command on a terminal, with an editor that does what the script says."""
    editor = Path(cli.environ["HOME"]) / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    return cli(*arguments, terminal=True, stdin=stdin, EDITOR=str(editor), BLOGCLI_AUTHOR=author)


def writing(cli: Cli, front_matter: str, text: str = WORK) -> str:
    """The script of an editor that leaves this document."""
    document = Path(cli.environ["HOME"]) / "document"
    document.write_text(f"---\n{front_matter}\n---\n{text}")
    return f'cat {document} > "$1"'


def test_whatever_is_wrong_with_a_new_text_it_is_kept_and_named(blog: Cli) -> None:
    for fault, (front_matter, options, code) in FAULTS.items():
        result = write(blog, "post", "create", "--edit", *options, script=writing(blog, front_matter))
        (path,) = left(blog)
        assert result.exit_code == code, (fault, result.stderr)
        assert path.read_text().endswith(WORK), fault
        assert result.stderr.count(str(path)) == 1, (fault, result.stderr)
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        path.unlink()
    assert blog.ok("post", "list", "--format", "count").stdout == "1\n"


def test_whatever_is_wrong_with_an_edit_it_is_kept_and_named(blog: Cli) -> None:
    blog.ok("post", "create", "--title", "Two", "--author", "1")
    base = {"title": "One", "slug": "one", "status": "draft", "author": "ann@example.org"}
    faults: list[tuple[dict[str, str], int]] = [
        ({"title": "''"}, 7),
        ({"slug": "two"}, 6),
        ({"author": "nobody"}, 5),
        ({"status": "trashed"}, 7),
        ({"status": "scheduled"}, 7),
        ({"tags": "{a: b}"}, 7),
    ]
    for change, code in faults:
        front_matter = "\n".join(f"{name}: {value}" for name, value in (base | change).items())
        result = write(blog, "post", "edit", "one", script=writing(blog, front_matter))
        (path,) = left(blog)
        assert (result.exit_code, result.stderr.count(str(path))) == (code, 1), (change, result.stderr)
        assert path.read_text().endswith(WORK)
        path.unlink()
    for name in base:
        front_matter = "\n".join(f"{each}: {value}" for each, value in base.items() if each != name)
        result = write(blog, "post", "edit", "one", script=writing(blog, front_matter))
        assert result.exit_code == 7
        assert f"no longer has {name}, which every post has" in result.stderr
        left(blog)[0].unlink()
    assert blog.json("post", "show", "one")["content"] == "Old text.\n"


def test_bytes_that_are_no_text_are_kept(blog: Cli) -> None:
    result = write(blog, "post", "edit", "one", script='printf "\\377" > "$1"')
    assert (result.exit_code, left(blog)[0].read_bytes()) == (7, b"\xff")


def test_a_fault_can_be_put_right_in_the_editor(blog: Cli) -> None:
    first = writing(blog, "title: T\nauthor: nobody")
    script = f'if grep -q nobody "$1"; then sed -i s/nobody/bob@example.org/ "$1"; else {first}; fi'
    result = write(blog, "post", "create", "--edit", script=script, stdin="what\ne\n")
    assert (result.exit_code, left(blog)) == (0, []), result.stderr
    assert result.stderr.count("Edit it again") == 2
    assert blog.json("post", "show", "t")["author"] == "bob@example.org"


@pytest.mark.parametrize(
    ("front_matter", "title", "content", "author"),
    [
        ("title: T\nslug: one\nstatus: published", "T", WORK, "ann@example.org"),
        ("title: T\nauthor: nobody", "T", WORK, "ann@example.org"),
        ("title:", "an hour of work", WORK, "ann@example.org"),
        ("title: T\ntags: [a,", "title: T", f"---\ntitle: T\ntags: [a,\n---\n{WORK}", "ann@example.org"),
    ],
)
def test_a_text_with_a_fault_can_be_saved_as_a_draft(
    blog: Cli, front_matter: str, title: str, content: str, author: str
) -> None:
    script = writing(blog, front_matter)
    result = write(blog, "post", "create", "--edit", script=script, stdin="d\n")
    assert (result.exit_code, left(blog)) == (0, []), result.stderr
    post = blog.json("post", "show", 2)
    assert (post["title"], post["content"], post["author"], post["status"]) == (title, content, author, "draft")


def test_an_unchanged_or_empty_text_is_given_up(blog: Cli) -> None:
    assert write(blog, "post", "create", "--edit", script="true").exit_code == 1
    for command in (("create", "--edit"), ("edit", "one")):
        for script in (': > "$1"', 'printf " \\n\\n" > "$1"', 'rm "$1"'):
            result = write(blog, "post", *command, script=script)
            assert result.exit_code == 1
            assert result.stderr == "Error: The editor left an empty file; nothing was changed\n"
    assert left(blog) == []
    assert list(folder(blog).iterdir()) == []
    assert blog.json("post", "show", "one")["content"] == "Old text.\n"


def test_an_editor_that_cannot_start_or_fails_leaves_only_what_was_changed(blog: Cli) -> None:
    assert write(blog, "post", "edit", "one", script="exit 3").exit_code == 1
    assert left(blog) == []
    assert write(blog, "post", "edit", "one", script='echo mine >> "$1"; exit 3').exit_code == 1
    assert left(blog)[0].read_text().endswith("mine\n")


def test_what_can_be_checked_is_checked_before_the_editor_starts(blog: Cli) -> None:
    marker = Path(blog.environ["HOME"]) / "started"
    rows: list[tuple[tuple[str, ...], int]] = [
        (("create", "--edit", "--author", "nobody@example.org"), 5),
        (("create", "--edit", "--published-at", "never"), 2),
        (("create", "--edit", "--status", "trashed"), 2),
        (("edit", "nowhere"), 5),
        (("edit",), 2),
    ]
    for arguments, code in rows:
        assert write(blog, "post", *arguments, script=f"touch {marker}").exit_code == code, arguments
    away = {"BLOGCLI_DATABASE_URL": "/nowhere/blog.db"}
    assert blog("post", "create", "--edit", terminal=True, EDITOR=f"touch {marker}", **away).exit_code in (69, 78)
    blog.ok("post", "delete", "one")
    assert write(blog, "post", "edit", "one", script=f"touch {marker}").exit_code == 6
    assert not marker.exists()


def test_options_and_edits_both_count(blog: Cli) -> None:
    shown = Path(blog.environ["HOME"]) / "shown"
    script = f'cp "$1" {shown}; sed -i "s/^title: .*/title: Edited/" "$1"; echo text >> "$1"'
    options = ("--title", "Option", "--tag", "a", "--status", "published", "--slug", "given")
    result = write(blog, "post", "create", "--edit", *options, script=script)
    assert result.exit_code == 0, result.stderr
    assert "title: Option\n" in shown.read_text()
    post = blog.json("post", "show", "given")
    assert (post["title"], post["tags"], post["status"], post["content"]) == ("Edited", ["a"], "published", "text\n")


def test_a_new_text_is_recovered_with_its_options(blog: Cli) -> None:
    assert blog.ok("post", "create", "--recover").stderr == "Nothing to do: there is no unsaved draft.\n"
    failing = write(blog, "post", "create", "--edit", "--slug", "one", "--tag", "a", script=writing(blog, "title: T"))
    name = left(blog)[0].stem
    assert f"`blogcli post create --recover {name}`" in failing.stderr
    (record,) = blog.json("post", "create", "--recover")
    assert (record["name"], record["first_line"], record["path"]) == (name, "title: T", str(left(blog)[0]))
    assert blog("post", "create", "--recover", name).exit_code == 2
    result = write(blog, "post", "create", "--recover", "--slug", "other", script='echo more >> "$1"')
    assert (result.exit_code, left(blog)) == (0, []), result.stderr
    post = blog.json("post", "show", "other")
    assert (post["title"], post["tags"], post["content"]) == ("T", ["a"], f"{WORK}more\n")


def test_of_several_texts_one_is_named(blog: Cli) -> None:
    for title in ("A", "B"):
        write(blog, "post", "create", "--edit", "--slug", "one", script=writing(blog, f"title: {title}"))
    names = [path.stem for path in left(blog)]
    listed = write(blog, "post", "create", "--recover", script="exit 1")
    assert (listed.exit_code, [name in listed.stdout for name in names]) == (0, [True, True])
    assert write(blog, "post", "create", "--recover", "nothing", script="true").exit_code == 5
    assert write(blog, "post", "create", "--recover", names[1], "--slug", "b", script="true").exit_code == 0
    assert blog.json("post", "show", "b")["title"] == "B"
    assert [path.stem for path in left(blog)] == names[:1]


def test_a_recovered_text_survives_an_editor_that_empties_it(blog: Cli) -> None:
    write(blog, "post", "create", "--edit", "--slug", "one", script=writing(blog, "title: T"))
    before = left(blog)[0].read_text()
    result = write(blog, "post", "create", "--recover", script=': > "$1"')
    assert (result.exit_code, left(blog)[0].read_text()) == (1, before)
    assert str(left(blog)[0]) in result.stderr


def test_an_edit_is_recovered_on_the_version_it_started_from(blog: Cli) -> None:
    failing = 'sed -i "s/^author: .*/author: nobody/; s/Old/New/" "$1"'
    for _ in range(2):
        write(blog, "post", "edit", "one", script=failing)
    assert [path.name for path in left(blog)] == ["one.md", "one-2.md"]
    fixing = 'sed -i "s/nobody/Bob/" "$1"'
    assert write(blog, "post", "edit", "--recover", "1", script=fixing).exit_code == 2
    assert write(blog, "post", "edit", "--recover", "one", script=fixing).exit_code == 0
    post = blog.json("post", "show", "one")
    assert (post["content"], post["author"], post["version"]) == ("New text.\n", "bob@example.org", 2)
    late = write(blog, "post", "edit", "--recover", script="exit 1")
    assert late.exit_code == 6
    path = left(blog)[0]
    path.write_text(path.read_text().replace("nobody", "ann@example.org").replace("New", "Newer"))
    assert f"Run `blogcli post update 1 --file {path}`" in late.stderr
    blog.ok("post", "update", 1, "--file", str(path))
    post = blog.json("post", "show", "one")
    assert (post["content"], post["author"]) == ("Newer text.\n", "ann@example.org")


def test_a_text_of_another_database_is_refused(blog: Cli) -> None:
    write(blog, "post", "edit", "one", script='echo mine >> "$1"; exit 1')
    beside = left(blog)[0].with_suffix(".json")
    beside.write_text(json.dumps(json.loads(beside.read_text()) | {"database": "/elsewhere.db"}))
    result = write(blog, "post", "edit", "--recover", script="true")
    assert result.exit_code == 2
    assert "belongs to another database: /elsewhere.db" in result.stderr


def test_without_a_state_directory_the_text_is_in_a_private_temporary_file(
    blog: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.environ["XDG_STATE_HOME"] = "/dev/null/state"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = write(blog, "post", "edit", "one", script='echo mine >> "$1"; exit 1')
    (path,) = tmp_path.glob("blogcli-*/one.md")
    assert path.read_text().endswith("mine\n")
    assert result.stderr.startswith(f"Warning: the state directory cannot be used; your text is in {path}\n")
    assert result.stderr.endswith(f"Hint: Find your text in {path}.\n")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.unlink()
    assert write(blog, "post", "edit", "one", script='echo mine >> "$1"').exit_code == 0
    assert not list(tmp_path.glob("blogcli-*/one.md"))


def test_a_dry_run_keeps_the_text(blog: Cli) -> None:
    result = write(blog, "post", "create", "--edit", "--dry-run", script=writing(blog, "title: T"))
    assert (result.exit_code, left(blog)[0].read_text()) == (0, f"---\ntitle: T\n---\n{WORK}")
    assert result.stderr.count(str(left(blog)[0])) == 1
    assert "Would create post" in result.stderr


@pytest.mark.parametrize(
    "editor", ["~/bin/my-editor", "$HOME/bin/my-editor", "X=1 sh ~/bin/my-editor", "sed -i s/Old/New/"]
)
def test_the_editor_is_a_line_for_the_shell(blog: Cli, editor: str) -> None:
    program = Path(blog.environ["HOME"]) / "bin/my-editor"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nsed -i s/Old/New/ "$1"\n')
    program.chmod(0o755)
    assert blog("post", "edit", "one", terminal=True, EDITOR=editor).exit_code == 0
    assert blog.json("post", "show", "one")["content"] == "New text.\n"


def test_an_edit_that_takes_a_post_offline_or_empties_it_says_so(blog: Cli) -> None:
    blog.ok("post", "publish", "one")
    script = 'sed -i "s/^status: .*/status: draft/; s/^Old text.$//" "$1"'
    result = write(blog, "post", "edit", "one", script=script)
    assert result.stderr == (
        "Updated post 1 (one), now draft; 1 published post taken offline; 1 post left without text.\n"
    )
